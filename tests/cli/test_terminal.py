"""Colours and columns of terminals and of what is none."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from kubeqed.cli.terminal import terminal_width

pty = pytest.importorskip("pty", reason="there are no terminals of that kind here")
LOW = (
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80, nodePort: 1}]}}\n"
)


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    """A terminal that nobody has told its size yet."""
    ours, theirs = os.openpty()
    with open(ours, "rb"), open(theirs, "w") as stream:
        yield stream


def test_columns(terminal: TextIO, tmp_path: Path) -> None:
    import fcntl
    import termios

    assert terminal_width(terminal, 80) == 80
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 33, 0, 0))
    assert terminal_width(terminal, 80) == 33
    with (tmp_path / "file").open("w") as file:
        assert terminal_width(file, 80) == 80


@pytest.mark.parametrize(
    ("stated", "colored"),
    [
        ({}, False),
        ({"NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": ""}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)
def test_colors_of_pipes(tmp_path: Path, stated: dict[str, str], colored: bool) -> None:
    (tmp_path / "web.yaml").write_text(LOW)
    inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-m", "kubeqed.cli", "check", "web.yaml"],
        cwd=tmp_path,
        env={**inherited, "PYTHONPATH": paths, **stated},
        capture_output=True,
    )
    assert [b"\x1b[" in stream for stream in (done.stdout, done.stderr)] == [colored, colored]
