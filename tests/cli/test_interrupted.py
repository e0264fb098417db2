"""An interruption ends a process with 130 and without a word, whenever it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubeqed.cli import interrupted

ROOTS = [str(Path(__file__).parents[2] / name) for name in ("analyzer", "rules")]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)}
BEGUN = """
import os, sys, time
from kubeqed.cli import process
real = process._prepare_end
def begun():
    sys.stderr.write("begun\\n")
    sys.stderr.flush()
    if "HELD" in os.environ:
        for _ in range(600):  # no pause(): an interruption that comes just before it would leave it waiting for ever
            time.sleep(0.1)
    real()
process._prepare_end = begun
process.run()
"""
OPEN = """\
{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30500}, {port: 81, nodePort: '${P}'}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {type: NodePort, ports: [{port: 80}], selector: {app: '${X}'}}}
"""
SOLVING = """
import os, signal, sys, threading
from kubeqed.cli.interrupted import end
signal.signal(signal.SIGINT, end)
from kubeqed.prove.engine import solver
import z3
many = [[z3.Bool(f"p{i}_{j}") for j in range(10)] for i in range(11)]
claims = [z3.Or(one) for one in many]
claims += [z3.Or(z3.Not(many[i][j]), z3.Not(many[k][j])) for j in range(10) for i in range(11) for k in range(i)]
problem = object.__new__(solver._Problem)
problem.budget = 2_000_000
problem.encoding = type("", (), {"context": z3.main_ctx()})
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
print(problem._solver(*claims).check(), "and on")
"""


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Tests that run in the background of a shell ignore interruptions, and so would the processes that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("command", ["check --show all .", "rules"])
def test_it_comes_at_any_moment(tmp_path: Path, command: str) -> None:
    (tmp_path / "open.yaml").write_text(OPEN)
    started = time.monotonic()
    whole = subprocess.run(
        [sys.executable, "-c", BEGUN, *command.split()], cwd=tmp_path, env=ENVIRONMENT, capture_output=True
    )
    lasts = time.monotonic() - started
    for part in range(8):
        held = {"HELD": "1"} if part == 0 else {}  # at its first line, however late the signal is sent
        process = subprocess.Popen(
            [sys.executable, "-c", BEGUN, *command.split()],
            cwd=tmp_path,
            env={**ENVIRONMENT, **held},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        process.stderr.readline()
        time.sleep(lasts * part / 8)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        assert process.returncode in (130, whole.returncode), err
        assert b"Traceback" not in err
        assert b"KeyboardInterrupt" not in err
        if part == 0:
            assert process.returncode == 130


def test_the_solver_does_not_keep_it_for_itself() -> None:
    done = subprocess.run([sys.executable, "-c", SOLVING], env=ENVIRONMENT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (130, ""), done.stderr


def test_what_is_half_done_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    undone: list[str] = []

    def fails() -> None:
        undone.append("first")
        raise OSError

    monkeypatch.setattr(os, "_exit", lambda status: undone.append(str(status)))
    with interrupted.UndoneBy(fails), interrupted.UndoneBy(lambda: undone.append("second")):
        interrupted.end()
    interrupted.end()
    assert undone == ["first", "second", "130", "130"]


def test_a_process_that_ignores_it_goes_on(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + BEGUN
    process = subprocess.Popen([sys.executable, "-c", ignoring, "rules"], env=ENVIRONMENT, stdout=-1, stderr=-1)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert b"value-rejected" in out
