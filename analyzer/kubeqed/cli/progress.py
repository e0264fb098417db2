"""What a run is doing, as one line of a terminal, once it has taken a second; a pipe never sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from kubeqed.app.steps import Tell, ignore_progress
from kubeqed.cli.interrupted import UndoneBy
from kubeqed.cli.terminal import terminal_width

PATIENCE, RHYTHM = 1.0, 0.2  # seconds


@contextmanager
def show_progress(stream: TextIO) -> Iterator[Tell]:
    """What is told inside appears on the stream, if that is a terminal, and is gone afterwards."""
    if not stream.isatty():
        yield ignore_progress
        return
    line = _Line(stream)
    with UndoneBy(line.wipe):
        try:
            yield line.tell
        finally:
            line.end()


class _Line:
    """A thread writes, so that a long step cannot keep it from being written."""

    def __init__(self, stream: TextIO) -> None:
        import threading  # only a terminal needs it

        self._stream = stream
        self._doing = ""
        self._written = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write_steps, daemon=True)
        self._thread.start()

    def tell(self, doing: str) -> None:
        self._doing = doing

    def end(self) -> None:
        self._over.set()
        self._thread.join()
        if self._written:
            self._show_text("")
            self._show_text("", end="\r")

    def wipe(self) -> None:
        """Takes what is written from the terminal, without a lock that an interrupted thread may hold."""
        os.write(self._stream.fileno(), f"\r{'':{self._written}}\r".encode())

    def _write_steps(self) -> None:
        wait = PATIENCE
        while not self._over.wait(wait):
            self._show_text(f"kubeqed: {self._doing}")
            wait = RHYTHM

    def _show_text(self, text: str, end: str = "") -> None:
        text = text[: terminal_width(self._stream, 80) - 1]
        with suppress(OSError):  # the terminal is gone
            self._stream.write("\r" + text.ljust(self._written) + end)
            self._stream.flush()
        self._written = len(text)
