"""What a fleet costs beyond its members: CPU time of `kubeqed fleet` against that of single runs of the same members.

    python benchmarks/fleet.py [MEMBERS [SINGLE_RUNS]]

Single runs are those of a sample, half of them before the fleet and half after it, so that a slower machine slows both. Where GNU
xargs is on PATH, the sample is run by it too.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCES = os.pathsep.join(str(ROOT / name) for name in ("analyzer", "rules"))
MANIFESTS = ROOT / "fixtures" / "worlds" / "shop" / "catalog.yaml"
KUBEQED = [sys.executable, "-m", "kubeqed.cli"]
WORKERS = 2


class Spent(NamedTuple):
    """Seconds of CPU and on the clock."""

    cpu: float
    wall: float


def measure(command: list[str], directory: Path, output: Path) -> Spent:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with output.open("wb") as file:
        subprocess.run(
            command,
            cwd=directory,
            env={**os.environ, "PYTHONPATH": SOURCES},
            stdout=file,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, time.monotonic() - start)


def prepare(root: Path, members: int) -> list[str]:
    """Repositories of one small file each, no two alike: a fleet of such is where what it costs itself shows most."""
    names = [f"member-{number:05}" for number in range(members)]
    for name in names:
        (root / name).mkdir()
        (root / name / "all.yaml").write_text(MANIFESTS.read_text().replace("shop", name))
    (root / "list").write_text("".join(f"{name}\n" for name in names))
    return names


def run_alone(root: Path, names: list[str]) -> tuple[float, dict[str, bytes]]:
    """The CPU time of single runs, and what they wrote."""
    cpu, reports = 0.0, {}
    for name in names:
        cpu += measure([*KUBEQED, "check", "--output-format", "json"], root / name, root / "out").cpu
        reports[name] = (root / "out").read_bytes()
    return cpu, reports


def main(members: int, sample: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        names = prepare(root, members)
        sampled = names[:: max(members // sample, 1)]
        half = len(sampled) // 2
        before, reports = run_alone(root, sampled[:half])
        fleet = measure([*KUBEQED, "fleet", "list", f"-j{WORKERS}"], root, root / "lines")
        after, more = run_alone(root, sampled[half:])
        lines = {line["member"]: line for line in map(json.loads, (root / "lines").read_text().splitlines())}
        same = all(json.loads(text) == lines[name]["report"] for name, text in (reports | more).items())
        alone = (before + after) / len(sampled)
        print(f"{members:,} members, {WORKERS} at once; single runs: {len(sampled):,} of them")
        print(f"one alone           {1000 * alone:8.1f} ms CPU")
        print(
            f"one of a fleet      {1000 * fleet.cpu / members:8.1f} ms CPU {fleet.cpu / members / alone:6.3f} x (at most 1.15)"
        )
        print(f"the fleet           {fleet.cpu:8.1f} s CPU  {fleet.wall:8.1f} s on the clock")
        print(f"largest process     {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.1f} MB")
        print(f"lines {len(lines):,}, each member once: {set(lines) == set(names)}; reports as alone: {same}")
        if shutil.which("xargs"):
            (root / "sample").write_text("".join(f"{name}\n" for name in sampled))
            command = [
                "xargs",
                "-a",
                "sample",
                f"-P{WORKERS}",
                "-I{}",
                *KUBEQED,
                "check",
                "--output-format",
                "json",
                "{}",
            ]
            spent = measure(command, root, root / "out")
            print(f"one of xargs -P{WORKERS}    {1000 * spent.cpu / len(sampled):8.1f} ms CPU")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, int(sys.argv[2]) if len(sys.argv) > 2 else 200)
