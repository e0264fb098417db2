"""Bytes from one file or stream, never more than fits, and never a wait for what may not come."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from kubeqed.diagnostic import Notice, NoticeKind, Span
from kubeqed.sources.buffers import buffered
from kubeqed.sources.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable

STANDARD_INPUT = "-"
LARGEST = 64 * 1024 * 1024

_SHELL_STREAMS = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")  # where `<(command)` and the like come in
_SPECIAL: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "it is a directory"),
    (stat.S_ISFIFO, "it is a named pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)


def is_stream(path: str) -> bool:
    """Whether the PATH is a stream, which stands in no directory."""
    return path == STANDARD_INPUT or path.startswith(_SHELL_STREAMS)


def read(path: str) -> SourceFile:
    """The file at `path`, or what stands in for it; an OSError says why it cannot be read."""
    buffer = buffered(path)
    if buffer is not None:
        return SourceFile(path, buffer)
    if path.startswith(_SHELL_STREAMS):
        with open(path, "rb") as stream:
            return read_stream(path, stream)
    _refuse_special(os.stat(path).st_mode)
    with open(path, "rb") as file:
        _refuse_large(os.fstat(file.fileno()).st_size)
        return SourceFile(path, file.read())


def read_stream(path: str, stream: BinaryIO) -> SourceFile:
    """All that `stream` gives, under the name `path`."""
    content = stream.read(LARGEST + 1)
    _refuse_large(len(content))
    return SourceFile(path, content)


def unreadable(path: str, error: OSError) -> Notice:
    """The notice that `path` cannot be read; it points at the first character that would have been read."""
    reason = error.strerror or str(error)
    text = f"cannot read {path or 'an empty path'}: {reason[:1].lower()}{reason[1:]}"
    return Notice(NoticeKind.UNREADABLE, Span(path, 1, 1, 1, 1), text)


def _refuse_special(mode: int) -> None:
    for is_special, reason in _SPECIAL:
        if is_special(mode):
            raise OSError(errno.EINVAL, reason)


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise OSError(errno.EFBIG, f"it is larger than {LARGEST // 1024 // 1024} MiB")
