"""What a command reads from standard input, and writes to standard output, to people on standard error, to files."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import IO, BinaryIO

import click

from kubeqed.cli.interrupted import UndoneBy

STANDARD_OUTPUT = "standard output"
_STREAMS = ("/dev/", "/proc/")  # a name there may lead to a file that a shell holds open
_HELD_OPEN = ("/dev/std", "/dev/fd/", "/proc/")

_WRONG_NAMES = frozenset(
    (
        *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG),
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ELOOP, errno.EINVAL),
    )
)


class OutputError(Exception):
    """Something cannot be written, for a reason of the system."""

    def __init__(self, place: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(f"{place}: error: cannot write it: {reason[:1].lower()}{reason[1:]}")
        self.place = place
        self.errno = error.errno

    @property
    def is_usage(self) -> bool:
        """Whether the command line names a file that cannot be."""
        return self.place != STANDARD_OUTPUT and self.errno in _WRONG_NAMES


def standard_input() -> BinaryIO | None:
    """The bytes of standard input; None where it is closed."""
    return sys.stdin.buffer if sys.stdin else None


def write_out(text: str) -> None:
    """Writes to standard output; an OutputError when it does not take it."""
    try:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
    except OSError as error:
        _give_up(sys.stdout)
        raise OutputError(STANDARD_OUTPUT, error) from error


def write_err(text: str, *, nl: bool = True, color: bool | None = None) -> None:
    """Writes to standard error, escaped; nothing happens where it cannot be written to."""
    from kubeqed.report.escape import escape  # what writes nothing there needs no regular expressions

    try:
        click.echo(escape(text, color=bool(color)), nl=nl, err=True, color=color)
    except OSError:
        _give_up(sys.stderr)


def write_file(path: str, text: str, *, parents: bool = False) -> None:
    """Puts a text into a file, whole or not at all; an OutputError when it cannot be written.

    It is written beside and renamed, so that an older report stays whole when the disk is full. A device or a pipe is
    written to as it is, and so is a file that cannot be replaced: in a directory that takes no other, or mounted alone.
    `parents` says that missing directories are made.
    """
    content = text.encode("utf-8", "backslashreplace")
    try:
        if parents:
            os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
        if not _could_replace(path, content):
            with open(path, "wb") as file:
                file.write(content)
    except OSError as error:
        raise OutputError(path, error) from error


def _could_replace(path: str, content: bytes) -> bool:
    """Whether another file, with the rights of the old one, could take its place."""
    real = os.path.realpath(path)
    mode = _find_mode(real)
    if os.path.abspath(path).startswith(_STREAMS) or not (mode is None or _is_ours(real, mode)):
        return False
    beside = os.path.join(os.path.dirname(real), f".kubeqed-{os.urandom(6).hex()}")
    forget = partial(os.unlink, beside)
    with UndoneBy(forget):
        try:
            with open(beside, "xb") as file:
                file.write(content)
        except PermissionError:
            return False
        except OSError:
            _forget_quietly(forget)
            raise
        try:
            if mode is not None:
                os.chmod(beside, stat.S_IMODE(mode))
            os.replace(beside, real)
        except OSError:
            _forget_quietly(forget)
            return False
    return True


def is_stream(path: str) -> bool:
    """Whether it is a device or a pipe: what is written there cannot be read back, and a pipe of our own never answers."""
    mode = _find_mode(path) or stat.S_IFREG
    return os.path.abspath(path).startswith(_HELD_OPEN) or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _find_mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _is_ours(path: str, mode: int) -> bool:
    return stat.S_ISREG(mode) and os.access(path, os.W_OK)


def _forget_quietly(forget: Callable[[], None]) -> None:
    with suppress(OSError):
        forget()


def _give_up(stream: IO[str] | None) -> None:
    """Lets what is left in the buffer of a stream go nowhere, or Python complains of it at the end of the process."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]  # None is suppressed
