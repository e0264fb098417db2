"""Two builders on many directories: what each says is applied is compared, counted and summed up.

Here is what `kustomize_builds` and `chart_builds` share: the builders, the trees that git brings, and the loop.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 60
_NOWHERE = "http://127.0.0.1:9"  # the discard port: whoever asks the network is refused at once


class Build(NamedTuple):
    """What a builder says of a root: its exit status, the YAML that it prints, what it complains of, and seconds."""

    status: int
    output: str
    complaint: str
    seconds: float


Builder = Callable[[Path], Build]


class Case(NamedTuple):
    """A directory for two builders; `given` is what it is built with, as it is printed."""

    root: Path
    ours: Builder
    tool: Builder
    given: str = ""


Judge = Callable[[Case, Build, Build], tuple[str, str]]
"""The verdict on two builds, and what there is to see."""


class Tally:
    """How many builds and directories came out how, and the seconds of those that are equal.

    `same` are the verdicts on builds that agree, `refused` those on builds that the tool refuses for a reason that we name.
    """

    def __init__(self, same: Sequence[str], refused: Sequence[str]) -> None:
        self.same = frozenset(same)
        self.quiet = self.same.union(refused)
        self.builds: Counter[str] = Counter()
        self.directories: defaultdict[Path, set[str]] = defaultdict(set)
        self.seconds = [0.0, 0.0]

    def count(self, root: Path, verdict: str, ours: Build, tool: Build) -> None:
        """Takes in the verdict on one build."""
        self.builds[verdict] += 1
        self.directories[root].add(verdict)
        if verdict in self.same:
            self.seconds[0] += ours.seconds
            self.seconds[1] += tool.seconds

    def print_summary(self) -> None:
        """Prints how many came out how."""
        built = sum(count for verdict, count in self.builds.items() if self._is_built(verdict))
        same = sum(self.builds[verdict] for verdict in self.same)
        print(f"builds {self.builds.total():,}, by the tool {built:,}, equal {100 * same / max(built, 1):.2f} %")
        for verdict, count in self.builds.most_common():
            print(f"{count:>8,} {verdict}")
        directories = [several for several in self.directories.values() if any(map(self._is_built, several))]
        alike = sum(several <= self.quiet for several in directories)
        print(f"directories {len(self.directories):,}, built by the tool {len(directories):,}", end="")
        print(f", equal in all builds {alike:,} = {100 * alike / max(len(directories), 1):.2f} %")
        ours, tool = self.seconds
        print(f"seconds of ours / the tool's: {ours:.1f} / {tool:.1f} = {ours / max(tool, 1e-9):.2f}")

    def _is_built(self, verdict: str) -> bool:
        return verdict in self.same or (verdict not in self.quiet and not verdict.startswith("tool"))


def compare_builders(cases: Iterable[Case], judge: Judge, tally: Tally, *, verbose: bool, only_built: bool) -> None:
    """Builds each case twice and prints what differs, then how often there was which verdict."""
    for case in cases:
        tool = case.tool(case.root)
        if tool.status and only_built:
            continue
        ours = case.ours(case.root)
        verdict, detail = judge(case, ours, tool)
        tally.count(case.root, verdict, ours, tool)
        if verdict not in tally.quiet or verbose:
            print(f"{verdict}\t{case.root}\t{case.given}\t{detail}", flush=True)
    tally.print_summary()


def read_arguments(parser: argparse.ArgumentParser, repositories: Path) -> argparse.Namespace:
    """The options of a benchmark with those that both have; what `--clone` brings is among the trees."""
    parser.add_argument("trees", type=Path, nargs="*", metavar="TREE")
    parser.add_argument("--only-built", action="store_true", help="only what the tool builds")
    parser.add_argument("--clone", type=Path, metavar="TREE", help="bring the listed repositories there first")
    parser.add_argument("--verbose", action="store_true", help="name what both agree on, too")
    arguments = parser.parse_args()
    if arguments.clone:
        clone_repositories(arguments.clone, repositories)
        arguments.trees.extend(sorted(arguments.clone.iterdir()))
    return arguments


def clone_repositories(folder: Path, repositories: Path) -> None:
    """Brings each repository of a list at its commit, unless it is there."""
    for line in repositories.read_text(encoding="utf-8").splitlines():
        name, commit = line.split()
        at = folder / name.replace("/", "+")
        if not at.exists():
            at.mkdir(parents=True)
            for given in (f"init -q {at}", f"-C {at} fetch -q --depth 1 https://github.com/{name} {commit}"):
                subprocess.run(["git", *given.split()], check=True)
            subprocess.run(["git", "-C", str(at), "checkout", "-q", "FETCH_HEAD"], check=True)


# --- builders --------------------------------------------------------------------------------------------------------


def command_builder(command: Sequence[str]) -> Builder:
    """A command that ends with the root, without a network."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH")}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)
    environment = {**kept, **proxies, "GIT_SSH_COMMAND": "false", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "false"}
    program = shutil.which(command[0]) or command[0]

    def build(root: Path) -> Build:
        started = time.perf_counter()
        try:
            done = subprocess.run(
                [program, *command[1:], str(root)],
                check=False,
                capture_output=True,
                timeout=SECONDS,
                env=environment,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return Build(-1, "", f"timeout after {SECONDS} s", SECONDS)
        output, complaint = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        return Build(done.returncode, output, complaint, time.perf_counter() - started)

    return build


def in_process(*options: str) -> Builder:
    """`kubeqed build` without a start of Python for each root."""
    sys.path[:0] = (str(ROOT / folder) for folder in ("analyzer", "rules"))
    give = import_module("kubeqed.cli.group").main

    def build(root: Path) -> Build:
        status: Any = 0
        started, (out, err) = time.perf_counter(), (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in "oe")
        try:
            with redirect_stdout(out), redirect_stderr(err):
                status = give(["build", "--show-secrets", *options, str(root)], standalone_mode=False)
        except SystemExit as end:
            status = end.code
        except Exception:  # a fault of kubeqed is one of the answers that are counted
            status = traceback.format_exc()
        output, complaint = (stream.buffer.getvalue().decode() for stream in (out, err))
        if isinstance(status, str):
            return Build(-2, output, status, time.perf_counter() - started)
        return Build(status or 0, output, complaint, time.perf_counter() - started)

    return build


def recorded(folder: Path, builder: Builder) -> Builder:
    """A builder that asks the other only for what is not in the folder yet."""

    def build(root: Path) -> Build:
        at = folder / hash_path(root)
        if not (at / "status").exists():
            done = builder(root)
            at.mkdir(parents=True, exist_ok=True)
            for name, text in zip(
                ("stdout", "stderr", "seconds", "dir", "status"), (*done[1:], root, done[0]), strict=True
            ):
                (at / name).write_text(str(text), encoding="utf-8")
        texts = {name: (at / name).read_text(encoding="utf-8", errors="replace") for name in ("stdout", "stderr")}
        status, seconds = ((at / name).read_text().strip() for name in ("status", "seconds"))
        return Build(int(status) if status != "timeout" else -1, texts["stdout"], texts["stderr"], float(seconds))

    return build


def hash_path(root: Path) -> str:
    """A short name of a path, by which a sample of paths is chosen too."""
    return hashlib.sha256(str(root).encode()).hexdigest()[:16]


def first_line(text: str) -> str:
    """The first line that is no warning."""
    return next((line for line in text.splitlines() if not line.startswith("# Warning")), "")[:300]


def last_line(text: str) -> str:
    """The last line."""
    return (text.strip().splitlines() or [""])[-1][:300]
