"""The door to files that the user did not name: what is found in a tree is read only if it is a plain file inside that tree.

A stranger may have made the tree. A link may lead to a file of the user's, a pipe never answers, a device or a file of
`/proc` never ends, and whoever can write may put a link where a file was a moment ago. Therefore every step of a path is
opened without following links, what was opened is looked at before it is read, and no more is read than fits.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import Self

from kubeqed.sources.buffers import read_buffers
from kubeqed.sources.content import LARGEST, too_large
from kubeqed.sources.paths import is_below
from kubeqed.sources.tree import GIT, FileType
from kubeqed.sources.unread import NotReadError

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_BY_STEPS = os.open in os.supports_dir_fd  # not on Windows
_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class DiskTree:
    """The files at and below the real directory `root`. It holds a directory open until it is left."""

    may_ignore = True

    def __init__(self, root: str) -> None:
        self.root = root
        self._start = root.rstrip(os.sep) + os.sep
        self._held: tuple[str, int] | None = None  # the last directory: most files are read after their neighbours

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go()

    def read(self, path: str, most: int = LARGEST, *, follow: bool = True) -> bytes:
        """The content of the file at an absolute path, whose directory is real; a link is followed when it stays inside.

        Raises a NotReadError for what is no plain file of this tree, and another OSError for what the system refuses.
        """
        if (unsaved := read_buffers(path)) is not None:
            return unsaved
        mode = self._stat_mode(path)
        if follow and stat.S_ISLNK(mode):
            path = self.resolve(path)
            mode = self._stat_mode(path)
        _refuse_special(mode)  # before it is opened, which may already do something
        return _read_plain(self._open_file(path), most)

    def entries(self, directory: str) -> dict[str, FileType]:
        """What a directory holds, by name; what is neither a directory nor a link is called a file until it is read."""
        with os.scandir(self._open_directory(directory) if _BY_STEPS else directory) as scan:
            return {entry.name: _find_kind(entry) for entry in scan}

    def resolve(self, link: str) -> str:
        """Where a link leads; a NotReadError where that is nowhere, or not in this tree."""
        try:
            real = os.path.realpath(link)
        except ValueError:  # a NUL, or half of a character
            raise NotReadError("a link that leads nowhere") from None
        if not self.holds(real):
            raise NotReadError("a link that leads out of the repository")
        if not os.path.exists(real):  # a link in a circle neither
            raise NotReadError("a link that leads nowhere")
        return real

    def is_directory(self, path: str) -> bool:
        """Whether a directory is at a real path."""
        return os.path.isdir(path)

    def is_file(self, path: str) -> bool:
        """Whether a file is at a real path."""
        return os.path.isfile(path)

    def holds(self, real: str) -> bool:
        """Whether a real path is in this tree, and not in what git keeps: no manifest lies there, but passwords may."""
        return is_below(real, self.root) and GIT not in real[len(self._start) :].lower().split(os.sep)

    def _stat_mode(self, path: str) -> int:
        if not _BY_STEPS:
            return os.lstat(path).st_mode
        directory, name = os.path.split(path)
        return os.stat(name, dir_fd=self._open_directory(directory), follow_symlinks=False).st_mode

    def _open_file(self, path: str) -> int:
        if not _BY_STEPS:
            return os.open(path, _FILE)
        directory, name = os.path.split(path)
        return os.open(name, _FILE, dir_fd=self._open_directory(directory))

    def _open_directory(self, path: str) -> int:
        """A descriptor of a directory, reached from the root on without following links."""
        if self._held and self._held[0] == path:
            return self._held[1]
        if not is_below(path, self.root) or os.pardir in path.split(os.sep):
            raise NotReadError("outside of the repository")
        self._let_go()
        descriptor = os.open(self.root, _DIRECTORY)
        for step in filter(None, path[len(self._start) :].split(os.sep)):
            above = descriptor
            try:
                descriptor = os.open(step, _DIRECTORY, dir_fd=above)
            finally:
                os.close(above)
        self._held = (path, descriptor)
        return descriptor

    def _let_go(self) -> None:
        if self._held:
            os.close(self._held[1])
            self._held = None


def _find_kind(entry: os.DirEntry[str]) -> FileType:
    if entry.is_symlink():
        return FileType.LINK
    return FileType.DIRECTORY if entry.is_dir(follow_symlinks=False) else FileType.FILE


def _read_plain(descriptor: int, most: int) -> bytes:
    """What an open file holds. A file of `/proc` and the like says that it is empty, goes on, and may never end."""
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        _refuse_special(status.st_mode)
        content = file.read(most + 1 if status.st_size else 1) if status.st_size <= most else b""
    if status.st_size > most or len(content) > most:
        raise too_large(most)
    if content and not status.st_size:
        raise NotReadError("a file that says it is empty, and is not")
    return content


def _refuse_special(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a directory")
    for is_special, reason in _KINDS:
        if is_special(mode):
            raise NotReadError(reason)
