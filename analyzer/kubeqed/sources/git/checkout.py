"""The files of a commit, written where nobody has worked: what is read there is what a fresh clone would hold.

git does not write them: it would run what filters of the user's configuration name. A stranger made the commit, so that
nothing of it may be written anywhere else: there is no link below the directory while files are written to it.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from kubeqed.sources.content import LARGEST
from kubeqed.sources.git.process import GitError, GitObjects, ObjectHeader, TreeEntry, objects_of
from kubeqed.sources.git.repository import GitDirectory
from kubeqed.sources.tree import GIT

MOST_WRITTEN = 2 * 1024 * 1024 * 1024
_AT_ONCE = 32 * 1024 * 1024  # bytes that are asked of git together
_LINK, _SUBMODULE = "120000", "160000"
_NO_STEPS = frozenset({"", ".", ".."})


def write_checkout(directory: GitDirectory, tree: str, into: str, origin: str = "") -> None:
    """Writes the files of a tree below the directory `into`, which is empty and ours, as a working tree.

    `origin` is the URL that the repository was cloned from. Raises a GitError where git cannot give all of it, and an
    OSError where it cannot be written.
    """
    with objects_of(directory, tree) as objects:
        entries = [entry for entry in objects.files(tree) if _is_written(entry)]
        kept = [entry for entry in entries if entry.mode != _SUBMODULE]
        held = dict(zip(kept, _find_headers(objects, kept), strict=True))
        _write_files(objects, {entry: one for entry, one in held.items() if entry.mode != _LINK}, into)
        for entry in entries:
            if entry.mode == _SUBMODULE:
                os.makedirs(posixpath.join(into, entry.path), exist_ok=True)
        _write_git_directory(objects.index(tree), os.path.join(into, GIT), origin)
        _write_links(objects, {entry: one for entry, one in held.items() if entry.mode == _LINK}, into)


def _is_written(entry: TreeEntry) -> bool:
    """Whether git itself would write it."""
    steps = entry.path.split("/")
    return _NO_STEPS.isdisjoint(steps) and GIT not in (step.lower() for step in steps)


def _find_headers(objects: GitObjects, entries: Sequence[TreeEntry]) -> list[ObjectHeader]:
    headers = objects.headers([entry.object for entry in entries]) if entries else []
    found = [header for header in headers if header is not None]
    if len(found) < len(entries):
        raise GitError(f"{len(entries) - len(found)} of its files are not in this clone")
    if sum(header.size for header in found if header.size <= LARGEST) > MOST_WRITTEN:
        raise GitError(f"its files are larger than {MOST_WRITTEN // 1024**3} GiB together")
    return found


def _write_files(objects: GitObjects, files: dict[TreeEntry, ObjectHeader], into: str) -> None:
    for together in _split_by_size(files):
        for entry, content in zip(together, objects.contents([files[one] for one in together]), strict=True):
            with _open_new(into, entry.path) as file:
                file.write(content)
    for entry, header in files.items():
        if header.size > LARGEST:  # none is read; its size says so, and takes no room
            with _open_new(into, entry.path) as file:
                file.truncate(header.size)


def _split_by_size(files: dict[TreeEntry, ObjectHeader]) -> Iterator[list[TreeEntry]]:
    """The files that can be read, in lots that git is asked for one by one."""
    lot: list[TreeEntry] = []
    size = 0
    for entry, header in files.items():
        if header.size > LARGEST:
            continue
        if lot and size + header.size > _AT_ONCE:
            yield lot
            lot, size = [], 0
        lot.append(entry)
        size += header.size
    if lot:
        yield lot


def _open_new(into: str, path: str) -> BinaryIO:
    whole = posixpath.join(into, path)
    os.makedirs(posixpath.dirname(whole), exist_ok=True)
    return open(whole, "xb")


def _write_links(objects: GitObjects, links: dict[TreeEntry, ObjectHeader], into: str) -> None:
    """Writes the links, after all directories are there: a tree that lists a name twice gets no file through a link."""
    for entry in links:
        os.makedirs(posixpath.dirname(posixpath.join(into, entry.path)), exist_ok=True)
    for entry, target in zip(links, objects.contents(list(links.values())) if links else (), strict=True):
        if target and b"\0" not in target:
            os.symlink(os.fsdecode(target), posixpath.join(into, entry.path))


def _write_git_directory(index: bytes, directory: str, origin: str) -> None:
    """What says that a repository starts here, which files it tracks, and where it came from."""
    os.mkdir(directory)
    with open(os.path.join(directory, "index"), "xb") as file:
        file.write(index)
    with open(os.path.join(directory, "config"), "x", encoding="utf-8", errors="surrogateescape") as config:
        config.write(f'[remote "origin"]\n\turl = {origin}\n' if origin else "")
