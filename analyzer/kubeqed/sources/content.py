"""Bytes from a file or stream that the user names, whatever it is, and never more than fits."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from typing import BinaryIO

from kubeqed.diagnostic import Notice, NoticeKind, Span
from kubeqed.sources.buffers import read_buffers
from kubeqed.sources.source import SourceFile
from kubeqed.sources.unread import NotReadError

STANDARD_INPUT = "-"  # as a PATH
STDIN = "<stdin>"  # as it prints
LARGEST = 64 * 1024 * 1024

_SHELL_STREAMS = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")  # where `<(command)` and the like come in


def is_stream(path: str) -> bool:
    """Whether the PATH is a stream, which stands in no directory."""
    return path in (STANDARD_INPUT, STDIN) or path.startswith(_SHELL_STREAMS)


def read(path: str) -> SourceFile:
    """The file at `path`, or what stands in for it; an OSError says why it cannot be read.

    The user named it, so that a pipe is waited for and a link is followed wherever it leads.
    """
    buffer = read_buffers(path)
    if buffer is not None:
        return SourceFile(path, buffer)
    if os.path.isdir(path):
        raise OSError(errno.EISDIR, "it is a directory")
    with open(path, "rb") as stream:
        return read_stream(path, stream)


def read_lines(path: str) -> Iterator[bytes]:
    """The lines of a file that the user names, one by one, each with its end if it has one; an OSError as with `read`."""
    with open(path, "rb") as stream:
        yield from stream


def read_stream(path: str, stream: BinaryIO) -> SourceFile:
    """All that `stream` gives, under the name `path`; a NotReadError where that is too much."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise too_large(LARGEST)
    return SourceFile(path, content)


def too_large(most: int) -> NotReadError:
    """The refusal of more bytes than `most`."""
    size = f"{most // 1024 // 1024} MiB" if most >= 1024 * 1024 else f"{most // 1024} KiB"
    return NotReadError(f"larger than {size}", errno.EFBIG)


def make_unreadable_notice(path: str, error: OSError) -> Notice:
    """The notice that `path` cannot be read; it points at the first character that would have been read."""
    reason = error.strerror or str(error)
    text = f"cannot read {path or 'an empty path'}: {reason[:1].lower()}{reason[1:]}"
    return Notice(NoticeKind.UNREADABLE, Span(path, 1, 1, 1, 1), text)
