"""From the PATHs of the command line to the files that are read, each once, and what could not be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.sources.buffers import read_buffers
from kubeqed.sources.content import LARGEST, STANDARD_INPUT, STDIN, is_stream, make_unreadable_notice, read, read_stream
from kubeqed.sources.disk import DiskTree
from kubeqed.sources.git.repository import repository_root
from kubeqed.sources.paths import Paths, Root, real_path
from kubeqed.sources.patterns.excluded import Excluded, Exclusion
from kubeqed.sources.source import SourceFile
from kubeqed.sources.unread import LFS_POINTER, NotReadError, Unread, not_read
from kubeqed.sources.walk import Reached, Walk

MOST_FILES = 100_000
MOST_BYTES = 512 * 1024 * 1024


class Collected(NamedTuple):
    """What the PATHs hold, and where it really is.

    `charts` are the directories with a Chart.yaml, `chart_templates` the files below their `templates/`, which are
    not among `files` and were not read. `unread` is what was found and not read for another reason.
    """

    files: tuple[SourceFile, ...]
    notices: tuple[Notice, ...]
    paths: Paths
    charts: tuple[str, ...]
    chart_templates: tuple[str, ...]
    unread: tuple[Unread, ...] = ()


def collect(paths: Sequence[str], stdin: BinaryIO | None, excluded: Sequence[Excluded] = ()) -> Collected:
    """All files that `paths` name: files always, directories by suffix, `-` for `stdin`, which prints as `<stdin>`.

    What is found below a directory is read only if it is a file of the repository around the directory, or of the
    directory where there is no repository.
    """
    walk = Walk(Exclusion(excluded))
    with ExitStack() as trees:
        roots = {_reach_path(walk, path, trees): real_path(path) for path in dict.fromkeys(paths)}
        return gather(walk, roots, stdin)


def read_found(path: str, around: str | None = None) -> SourceFile:
    """The file at `path`, which the user did not name: one that was looked for, or that another file names.

    It is read only if it is a plain file of the repository around the directory `around`, or of that directory where
    there is none; the file's own is meant by default. A NotReadError says that it is not, an OSError that it cannot be
    read.
    """
    directory = real_path(os.path.dirname(path))
    if read_buffers(path) is not None:
        return read(path)
    start = real_path(around) if around is not None else directory
    try:
        with DiskTree(repository_root(start) or start) as tree:
            return SourceFile(path, tree.read(os.path.join(directory, os.path.basename(path)), LARGEST))
    except NotReadError as error:
        error.filename = path
        raise


def tree_around(directory: str, otherwise: str | None = None) -> DiskTree:
    """The files of the repository around a directory; where there is none, of `otherwise`, or of the directory.

    It is to be left when done.
    """
    real = real_path(directory)
    return DiskTree(repository_root(real) or otherwise or real)


def gather(walk: Walk, roots: Mapping[Root, str], stdin: BinaryIO | None = None) -> Collected:
    """What a walk has found, read; `roots` are the PATHs with their real paths, whose order decides nothing."""
    found = drop_repeated(walk.files)
    if len(roots) > 1:
        found.sort(key=lambda reached: order_in_walk(reached.real))
        walk.charts = dict(sorted(walk.charts.items(), key=lambda chart: order_in_walk(chart[1])))
    files = tuple(_read_contents(walk, found, stdin))
    templates = tuple(reached.path for reached in drop_repeated(walk.templates))
    notices = (*walk.notices, *not_read(walk.unread))
    return Collected(files, notices, _make_paths(roots, found, walk), tuple(walk.charts), templates, tuple(walk.unread))


def order_in_walk(real: str) -> tuple[tuple[bool, str], ...]:
    """Where a walk reaches a file: the files of a directory come before its subdirectories, each by name."""
    *directories, name = real.split(os.sep)
    return (*((True, step) for step in directories), (False, name))


def _make_paths(roots: Mapping[Root, str], files: Sequence[Reached], walk: Walk) -> Paths:
    """Where everything really is; a stream stands where all PATHs together start."""
    named = {root.path: real for root, real in roots.items() if not is_stream(root.path)}
    reached = named | walk.charts
    reached |= {file.path: file.real for file in files if not is_stream(file.path)}
    reached |= {item.path: item.real for item in walk.unread}
    start = Paths(reached, roots=[root for root in roots if root.path in reached]).common
    for root in roots:
        if is_stream(root.path):
            reached[root.path] = os.path.join(real_path(start), root.path.replace("/", "-"))
    return Paths(reached, dict(walk.links), tuple(roots))


def _reach_path(walk: Walk, path: str, trees: ExitStack) -> Root:
    real = real_path(path)
    if path == STANDARD_INPUT:
        walk.files.append(Reached(STDIN, STDIN))
        return Root(STDIN, is_directory=False)
    if os.path.isdir(path):
        tree = trees.enter_context(DiskTree(repository_root(real) or real))
        walk.directory("" if path == os.curdir else f"{path.rstrip('/')}/", real, tree)
        return Root(path, is_directory=True)
    directory, name = os.path.split(path)
    place = os.path.join(real_path(directory), name)
    walk.file(Reached(path, real, os.path.islink(path)), place, os.path.isfile)
    return Root(path, is_directory=False)


def drop_repeated(reached: list[Reached]) -> list[Reached]:
    """Each file once: under the first name that is its own, else under the first that leads to it."""
    once: dict[str, Reached] = {}
    for file in reached:
        if file.real not in once or (once[file.real].is_link and not file.is_link):
            once[file.real] = file
    return list(once.values())


def _read_contents(walk: Walk, found: Sequence[Reached], stdin: BinaryIO | None) -> Iterator[SourceFile]:
    """The files that can be read; the walk gets what cannot."""
    room = MOST_BYTES
    for number, reached in enumerate(found):
        try:
            if reached.tree and number >= MOST_FILES:
                raise NotReadError(f"more than {MOST_FILES:,} files")
            file = _read_content(reached, stdin)
            room -= len(file.content)
            if reached.tree and room < 0:
                raise NotReadError(f"more than {MOST_BYTES // 1024 // 1024} MiB together")
        except OSError as error:
            if reached.tree and isinstance(error, NotReadError):
                walk.unread.append(Unread(reached.path, error.reason, reached.real))
            else:
                walk.notices.append(make_unreadable_notice(reached.path, error))
        else:
            yield file


def _read_content(reached: Reached, stdin: BinaryIO | None) -> SourceFile:
    if reached.path == STDIN:
        if stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return read_stream(reached.path, stdin)
    if reached.tree is None or read_buffers(reached.path) is not None:
        file = read(reached.path)
    else:
        file = SourceFile(reached.path, reached.tree.read(reached.real, LARGEST))
    if file.content.startswith(LFS_POINTER):
        raise NotReadError("a pointer of Git LFS, not the file")
    return file
