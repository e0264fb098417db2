"""A status line on terminals, and on nothing else."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from kubeqed.app.steps import count_steps
from kubeqed.cli import progress as status

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def wait_for(stream: io.StringIO, text: str) -> None:
    end = time.monotonic() + 60
    while text not in stream.getvalue() and time.monotonic() < end:
        time.sleep(0.001)
    assert text in stream.getvalue()


def test_it_is_shown_and_wiped_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "PATIENCE", 0.001)
    monkeypatch.setattr(status, "RHYTHM", 0.001)
    terminal = Terminal()
    with status.show_progress(terminal) as tell:
        for _ in count_steps(["a"], "reading file", tell):
            wait_for(terminal, "\rkubeqed: reading file 1 of 1")
        tell("proving")
        wait_for(terminal, "\rkubeqed: proving         ")
    *_, wiped, empty = terminal.getvalue().split("\r")
    assert not wiped.strip()
    assert not empty


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "PATIENCE", 3600.0)
    terminal = Terminal()
    with status.show_progress(terminal) as tell:
        tell("reading")
    assert not terminal.getvalue()


def test_a_pipe_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "PATIENCE", 0.0)
    pipe = io.StringIO()
    with status.show_progress(pipe) as tell:
        tell("reading")
        time.sleep(0.01)
    assert not pipe.getvalue()


def test_a_narrow_terminal_is_not_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "terminal_width", lambda stream, otherwise: 20)
    monkeypatch.setattr(status, "PATIENCE", 0.001)
    terminal = Terminal()
    with status.show_progress(terminal) as tell:
        tell("reading a great many files")
        wait_for(terminal, "reading")
    assert max(map(len, terminal.getvalue().split("\r"))) == 19
