"""Files as a commit holds them: of a branch, a tag, or `REVISION:PATH`, without touching the working tree.

They are read as the files of a directory are, by the same rules. A link is followed inside of the commit only, a
submodule not at all; nothing is filtered, replaced or left out on its way from git, whatever `.gitattributes` say.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from kubeqed.sources.around import Around, around_in
from kubeqed.sources.beyond import extend
from kubeqed.sources.collected import Collected, gather
from kubeqed.sources.content import LARGEST
from kubeqed.sources.git.checkout import write_checkout
from kubeqed.sources.git.process import GitError, objects_of, tree_of
from kubeqed.sources.git.repository import GitDirectory, git_directory, origin_url, repository_root
from kubeqed.sources.paths import Root, is_below, real_path
from kubeqed.sources.patterns.excluded import Excluded, Exclusion
from kubeqed.sources.revision_tree import RevisionTree
from kubeqed.sources.source import SourceFile
from kubeqed.sources.unread import NotReadError
from kubeqed.sources.walk import Reached, Walk

_PARTS = re.compile(r"((?:[^:{]|\{[^}]*\})+)(?::(.*))?", re.DOTALL)  # `main@{10:00}:deploy`
_NAME = re.compile(r"[0-9a-f]{40,64}")


class RevisionError(Exception):
    """git cannot read a revision."""


class Revision(NamedTuple):
    """A commit's tree, and a directory or file in it.

    `label` is how its files are printed before `:`; `root` is the working tree that it would lie in, `inside` a path from
    there, empty for all; `stated` says that the user stated it, so that it has to be there.
    """

    label: str
    root: str
    directory: GitDirectory
    tree: str
    inside: str
    stated: bool = False


def find_revision(text: str, beside: str = os.curdir) -> Revision | None:
    """What `REVISION` or `REVISION:PATH` means to the repository around `beside`; None for nothing.

    A path that starts with `./` or `../` starts at the working directory, others at the root, as for git; without one
    `beside` is meant.
    """
    match = _PARTS.fullmatch(text)
    if match is None or text.startswith("-"):
        return None
    place = real_path(beside)
    where = _find_repository(place)
    tree = tree_of(where[1], match[1]) if where else None
    if where is None or tree is None:
        return None
    root, directory = where
    label = match[1][:12] if _NAME.fullmatch(match[1]) else match[1]
    inside = os.path.relpath(place, root) if match[2] is None else _path_inside(root, match[2])
    inside = "" if inside == os.curdir else inside.replace(os.sep, "/")
    return Revision(label, root, directory, tree, inside, stated=match[2] is not None)


def _find_repository(path: str) -> tuple[str, GitDirectory] | None:
    """The root of the working tree around a path, and where git keeps what belongs to it; a bare repository is its own."""
    root = repository_root(path)
    if root is None:
        bare = all(os.path.exists(os.path.join(path, name)) for name in ("HEAD", "objects", "refs"))
        return (path, GitDirectory(path, path)) if bare else None
    kept = git_directory(root)
    return (root, kept) if kept else None


def _path_inside(root: str, path: str) -> str:
    if path.startswith(("./", "../")) or path in (".", ".."):
        path = os.path.relpath(os.path.join(real_path(os.curdir), path), root)
    return os.path.normpath(path)


def collect_revision(revision: Revision, excluded: Sequence[Excluded] = ()) -> Collected:
    """The manifests of a revision, as those of a directory.

    A path that it does not have holds none, but raises a RevisionError when it was stated.
    They are named `REVISION:PATH`, the path from the root of the repository; their real paths are those that they would
    have in the working tree.
    """
    walk = Walk(Exclusion(excluded))
    start = posixpath.join(revision.root, revision.inside).rstrip("/")
    printed = f"{revision.label}:{revision.inside}"
    with open_revision(revision) as tree:
        real = tree.find(start)
        if real is None and revision.stated:
            raise RevisionError(f"the revision has no {revision.inside}")
        if real is not None and tree.is_directory(real):
            walk.directory(printed if printed.endswith(":") else f"{printed}/", real, tree)
        elif real is not None:
            walk.file(Reached(printed, real, real != start, tree), start, tree.is_file)
        tree.fetch([reached.real for reached in walk.files])
        root = Root(revision.inside or os.curdir, is_directory=real is None or tree.is_directory(real))
        return gather(walk, {root: real or start})


def collect_beyond_in(
    revision: Revision, collected: Collected, places: Sequence[str], excluded: Sequence[Excluded] = ()
) -> Collected:
    """What was collected of a revision, with its files at and below some real places."""
    with open_revision(revision) as tree:
        return extend(
            collected,
            places,
            excluded,
            lambda place: tree if is_below(place, tree.root) else None,
            _printed_in(revision),
        )


def write_revision(revision: Revision, into: str) -> None:
    """Writes all files of a revision below an empty directory of ours, as a clone of the repository would hold them.

    A RevisionError says that git cannot give them, another OSError that they cannot be written.
    """
    try:
        write_checkout(revision.directory, revision.tree, into, origin_url(revision.root))
    except GitError as error:
        raise RevisionError(str(error)) from error


@contextmanager
def around_in_revision(
    revision: Revision, collected: Collected, excluded: Sequence[Excluded] = ()
) -> Iterator[Around | None]:
    """What a revision holds around the place that was collected, None where that is all of it."""
    if revision.inside in ("", os.curdir):
        yield None
        return
    with open_revision(revision) as tree:
        yield around_in(collected, {tree.root: tree}, _printed_in(revision), excluded, fetch=tree.fetch)


def _printed_in(revision: Revision) -> Callable[[str], str]:
    def printed(place: str) -> str:
        return f"{revision.label}:{os.path.relpath(place, revision.root).replace(os.sep, '/').removeprefix('.')}"

    return printed


def read_revision(revision: Revision) -> SourceFile:
    """The file that a revision names; a RevisionError when it names none, or one that is not read."""
    found = read_if_there(revision)
    if found is None:
        raise RevisionError("the revision has no such file")
    return found


def read_if_there(revision: Revision) -> SourceFile | None:
    """The file that a revision names, None for none; a RevisionError when it is not read."""
    with open_revision(revision) as tree:
        real = tree.find(posixpath.join(revision.root, revision.inside))
        if real is None or not tree.is_file(real):
            return None
        try:
            return SourceFile(f"{revision.label}:{revision.inside}", tree.read(real, LARGEST))
        except NotReadError as error:
            raise RevisionError(error.reason) from error


def read_some(revision: Revision, paths: Sequence[str]) -> dict[str, bytes]:
    """What those of the files at some real paths hold that a revision has and that can be read."""
    with open_revision(revision) as tree:
        there = [path for path in paths if tree.is_file(path)]
        tree.fetch(there)
        return {path: content for path in there if (content := tree.fetched(path)) is not None}


def read_upwards(revision: Revision, start: str, name: str) -> SourceFile | None:
    """The nearest file `name` of a revision, from the real directory `start` up to the root of its repository."""
    with open_revision(revision) as tree:
        directory = start
        while is_below(directory, revision.root):
            inside = os.path.relpath(os.path.join(directory, name), revision.root)
            if (real := tree.find(os.path.join(directory, name))) and tree.is_file(real):
                return read_revision(revision._replace(inside=inside.replace(os.sep, "/")))
            if directory == revision.root:
                break
            directory = os.path.dirname(directory)
    return None


@contextmanager
def open_revision(revision: Revision) -> Iterator[RevisionTree]:
    """The tree of a revision; a RevisionError when git cannot give it."""
    try:
        with objects_of(revision.directory, revision.tree) as objects:
            yield RevisionTree(revision.root, objects, revision.tree)
    except GitError as error:
        raise RevisionError(str(error)) from error
