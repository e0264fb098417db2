"""One process within limits of time and memory, which can be ended at any moment with all that it started."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from time import monotonic
from typing import NamedTuple

from kubeqed.report.fleet.result import Outcome

RHYTHM = 0.05  # seconds between two looks at the memory of a process
_PATIENCE = 5.0  # seconds that are given to what a killed process has left behind
_KILL = 9  # SIGKILL, which Windows does not name
_OF_PROCESS = "/proc/{}/statm"


class Limits(NamedTuple):
    """What one run may take: seconds on the clock, and megabytes; None is no limit."""

    seconds: float | None = None
    megabytes: int | None = None


class Exceeded(NamedTuple):
    """The limit that ended a process."""

    outcome: Outcome
    reason: str


class Ended(NamedTuple):
    """What a process wrote, and how it ended: `code` is negative for a signal."""

    out: bytes
    err: bytes
    code: int
    exceeded: Exceeded | None = None


def can_limit_memory() -> bool:
    """Whether this system tells the memory of another process."""
    return os.path.exists(_OF_PROCESS.format("self"))


class Processes:
    """The processes that run, and the directories that they work in."""

    def __init__(self) -> None:
        self._running: set[Popen[bytes]] = set()
        self._directories: set[str] = set()
        self._stopped = False

    def stop(self) -> None:
        """Ends all that runs, and lets nothing else begin; it needs no lock, for a signal may call it."""
        self._stopped = True
        for process in list(self._running):
            _kill_group(process)
        for directory in list(self._directories):
            shutil.rmtree(directory, ignore_errors=True)

    def _is_over(self) -> bool:
        return self._stopped

    @contextmanager
    def directory(self) -> Iterator[str]:
        """A directory for one run, gone afterwards."""
        path = os.path.realpath(tempfile.mkdtemp(prefix="kubeqed-fleet-"))
        self._directories.add(path)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            self._directories.discard(path)

    def run(self, command: Sequence[str], directory: str, environment: dict[str, str], limits: Limits) -> Ended:
        """Runs a command to its end, or to a limit; an OSError where it cannot be started."""
        if self._is_over():
            return Ended(b"", b"", -_KILL)
        # A session of its own: what it starts ends with it, and an interruption at the terminal is told once.
        with Popen(  # noqa: S603  # this program itself
            command, cwd=directory, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
        ) as process:
            self._running.add(process)
            try:
                if self._is_over():  # meanwhile
                    _kill_group(process)
                return _wait_for(process, limits)
            finally:
                _kill_group(process)  # nothing that it started outlives it
                self._running.discard(process)


def _wait_for(process: Popen[bytes], limits: Limits) -> Ended:
    end = None if limits.seconds is None else monotonic() + limits.seconds
    while True:
        left = None if end is None else max(end - monotonic(), 0)
        pause = left if limits.megabytes is None else min(RHYTHM, RHYTHM if left is None else left)
        try:
            out, err = process.communicate(timeout=pause)
        except TimeoutExpired:
            exceeded = _find_exceeded(process.pid, limits, end)
            if exceeded:
                return _end_process(process, exceeded)
        else:
            return Ended(out, err, process.returncode)


def _find_exceeded(pid: int, limits: Limits, end: float | None) -> Exceeded | None:
    if end is not None and monotonic() >= end:
        return Exceeded(Outcome.TIMED_OUT, f"not done after {limits.seconds:g} seconds")
    if limits.megabytes is not None and _measure_memory(pid) > limits.megabytes * 1_000_000:
        return Exceeded(Outcome.OUT_OF_MEMORY, f"took more than {limits.megabytes:,} MB of memory")
    return None


def _measure_memory(pid: int) -> int:
    """The bytes that a process holds in memory, none once it has ended."""
    try:
        with open(_OF_PROCESS.format(pid), "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _end_process(process: Popen[bytes], exceeded: Exceeded) -> Ended:
    _kill_group(process)
    try:
        out, err = process.communicate(timeout=_PATIENCE)
    except TimeoutExpired:  # something has left the session and holds a pipe open
        out, err = b"", b""
    return Ended(out, err, process.returncode or -_KILL, exceeded)


def _kill_group(process: Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, _KILL)
        else:  # Windows
            process.kill()
