"""What the benchmarks share: programs run in turn, what each run costs, and how that grows.

Each run is a process of its own. The runs of all programs alternate, so that another load on the machine hits them alike, and the
least CPU time of each counts, for nothing makes a program faster than it is.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
GENERATOR = ROOT.parent / "shared" / "bench" / "gen_cluster.py"
OURS = "kubeqed"

Command = Sequence[str]


class Cost(NamedTuple):
    """Seconds of CPU and of the clock, the most memory that a process held, in MB, bytes printed, and the exit status."""

    cpu: float
    wall: float
    megabytes: float
    output: int
    status: int


def kubeqed(*arguments: str) -> list[str]:
    """The command of this checkout."""
    return [sys.executable, "-m", "kubeqed.cli", *arguments]


def found_peers(commands: Mapping[str, Command]) -> dict[str, Command]:
    """The commands of those programs, by name, that are on PATH; the others are named."""
    there = {name: command for name, command in commands.items() if shutil.which(name)}
    if missing := sorted(commands.keys() - there.keys()):
        print(f"not on PATH: {', '.join(missing)}")
    return there


def measure(command: Command, directory: Path | None = None) -> Cost:
    """One run; what it prints goes to a pipe, as where another program reads it."""
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("analyzer", "rules"))
    before = time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=directory,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        printed = sum(map(len, process.stdout or ()))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - before
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, printed, process.returncode)


def measure_in_turn(commands: Mapping[str, Command], repeats: int, directory: Path | None = None) -> dict[str, Cost]:
    """The cheapest run of each command; the first run of each is not counted, for it may write bytecode."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(repeats + 1):
        for name, command in commands.items():
            runs[name].append(measure(command, directory))
    return {name: min(found[1:]) for name, found in runs.items()}


class Table:
    """Costs, line by line: of each program at growing sizes, with the multiples of `python -c pass` and of ours."""

    def __init__(self, repeats: int, what: str = "size") -> None:
        self._repeats = repeats
        self._before: dict[str, tuple[int, float]] = {}
        self._unit = min(measure([sys.executable, "-c", "pass"]).cpu for _ in range(5))
        print(f"python -c pass: {1000 * self._unit:.0f} ms of CPU; {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores")
        print(
            f"{what:>9} {'':<24} {'CPU s':>7} {'wall s':>7} {'MB':>5} {'x pass':>7} {'x ' + OURS:>9} {'exponent':>8} exit"
        )

    def add(self, size: int, commands: Mapping[str, Command], directory: Path | None = None) -> None:
        """The programs side by side on an input of this size."""
        costs = measure_in_turn(commands, self._repeats, directory)
        ours = next(iter(costs.values())).cpu
        for name, cost in costs.items():
            line = f"{size:>9,} {name:<24} {cost.cpu:>7.2f} {cost.wall:>7.2f} {cost.megabytes:>5.0f}"
            grown = self._exponent(name, size, cost.cpu)
            print(
                f"{line} {cost.cpu / self._unit:>7.1f} {cost.cpu / ours:>9.2f} {grown:>8} {cost.status:>4}", flush=True
            )
            self._before[name] = (size, cost.cpu)

    def _exponent(self, name: str, size: int, cpu: float) -> str:
        """The growth exponent since the size before: 1 is linear."""
        if name not in self._before or size <= self._before[name][0]:
            return "-"
        small, spent = self._before[name]
        return f"{math.log(cpu / spent) / math.log(size / small):.2f}"
