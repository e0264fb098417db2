"""Lines that are written one by one, while others are still to come: to a file or to standard output."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from kubeqed.cli.interrupted import UndoneBy
from kubeqed.cli.streams import OutputError, write_out


class LineWriter(Protocol):
    """What takes lines."""

    def write(self, line: str) -> None:
        """Writes a line with its end; an OutputError when it cannot be written."""

    def close(self) -> None:
        """Ends the lines."""


class LinesToOutput:
    """Standard output."""

    def write(self, line: str) -> None:
        """Writes a line."""
        write_out(line)

    def close(self) -> None:
        """Standard output belongs to the process."""


class LinesToFile:
    """A file in which each line is whole: what could be written of one that does not fit is taken back."""

    def __init__(self, path: str, kept: Iterable[str] | None = None) -> None:
        """Begins the file, anew or with the lines that are `kept`; it is the older one until all of them are in it."""
        self._path = path
        begin = os.O_TRUNC if kept is None else 0
        try:
            if kept is not None and os.path.exists(path):
                _begin_beside(os.path.realpath(path), kept)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | begin, 0o666)
        except OSError as error:
            raise OutputError(path, error) from error

    def write(self, line: str) -> None:
        """Writes a line."""
        is_file = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
        start = os.fstat(self._descriptor).st_size
        try:
            _write_all(self._descriptor, line.encode("utf-8", "backslashreplace"))
        except OSError as error:
            if is_file:
                with suppress(OSError):
                    os.ftruncate(self._descriptor, start)
            raise OutputError(self._path, error) from error

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)


def _begin_beside(path: str, kept: Iterable[str]) -> None:
    beside = os.path.join(os.path.dirname(path), f".kubeqed-{os.urandom(6).hex()}")

    def forget() -> None:
        with suppress(OSError):
            os.unlink(beside)

    with UndoneBy(forget):
        try:
            with open(beside, "xb") as file:
                file.writelines(line.encode("utf-8", "backslashreplace") for line in kept)
            os.chmod(beside, stat.S_IMODE(os.stat(path).st_mode))
            os.replace(beside, path)
        finally:
            forget()  # of one that has become the file nothing is left


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
