"""Builds kustomizations with kubeqed and with `kustomize` itself, and compares what each says is applied.

    python -m benchmarks.kustomize_builds --tool kustomize [--recorded FOLDER] TREE...

Each directory of the trees that holds a kustomization is built by both, one at a time and without a network, files
outside of it allowed. Two outputs are the same when they hold the same objects, by apiVersion, kind, namespace and name,
with the same values of the same types, in any order, those of Secrets among them. What the tool says is kept in FOLDER, so
that another run need not start it again. The repositories of `kustomize_builds.txt` are good trees: `--clone TREE` brings
them there with git. Their text stays outside of this one. A tree that git did not bring needs a directory `.git`: kubeqed
reads the files of a repository.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.kustomize_objects import first_difference, read_objects

ROOT = Path(__file__).resolve().parents[1]
NAMES = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
REPOSITORIES = Path(__file__).with_suffix(".txt")
SECONDS = 60
_NOWHERE = "http://127.0.0.1:9"  # the discard port: whoever asks the network is refused at once
_REASONS = {
    "helm": re.compile(r"must specify --enable-helm"),
    "remote": re.compile(
        r"https?:/|ssh:/|git@|git fetch|git cmd|github\.com|hit \d+s timeout|proxyconnect", re.IGNORECASE
    ),
    "plugin": re.compile(r"external plugins disabled|plugin root|load plugin|enable-exec|functions? ", re.IGNORECASE),
}


class Build(NamedTuple):
    """What a builder says of a root: its exit status, the YAML that it prints, what it complains of, and seconds."""

    status: int
    output: str
    complaint: str
    seconds: float


Builder = Callable[[Path], Build]


def main() -> None:
    arguments = _arguments()
    if arguments.clone:
        clone(arguments.clone, REPOSITORIES)
    ours = command_builder(arguments.ours.split()) if arguments.ours else in_process()
    tool = (
        recorded(arguments.recorded, tool_builder(arguments.tool))
        if arguments.recorded
        else tool_builder(arguments.tool)
    )
    verdicts: Counter[str] = Counter()
    spent = [0.0, 0.0]
    for root in _sample([*roots_of([*arguments.trees, *filter(None, [arguments.clone])])], arguments.limit):
        theirs = tool(root)
        if theirs.status and arguments.only_built:
            continue
        mine = ours(root)
        verdict, detail = compare(mine, theirs)
        verdicts[verdict] += 1
        if not theirs.status:
            spent[0] += mine.seconds
            spent[1] += theirs.seconds
        if verdict not in ("equal", *_EXPECTED) or arguments.verbose:
            print(f"{verdict}\t{root}\t{detail}", flush=True)
    _summarize(verdicts, spent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path, nargs="*", metavar="TREE")
    parser.add_argument("--tool", default="kustomize", help="the program, v5.8.2")
    parser.add_argument("--recorded", type=Path, metavar="FOLDER", help="where the tool's outputs are kept")
    parser.add_argument(
        "--ours", metavar="COMMAND", help="what builds a root instead of `kubeqed build --show-secrets` in this process"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only N of the roots, spread evenly")
    parser.add_argument("--only-built", action="store_true", help="only roots that the tool builds")
    parser.add_argument("--clone", type=Path, metavar="TREE", help="bring the listed repositories there first")
    parser.add_argument("--verbose", action="store_true", help="name the roots on which both agree, too")
    return parser.parse_args()


def clone(folder: Path, repositories: Path) -> None:
    """Brings each repository of a list at its commit, unless it is there."""
    for line in repositories.read_text(encoding="utf-8").splitlines():
        name, commit = line.split()
        at = folder / name.replace("/", "+")
        if not at.exists():
            at.mkdir(parents=True)
            for given in (f"init -q {at}", f"-C {at} fetch -q --depth 1 https://github.com/{name} {commit}"):
                subprocess.run(["git", *given.split()], check=True)
            subprocess.run(["git", "-C", str(at), "checkout", "-q", "FETCH_HEAD"], check=True)


def roots_of(trees: Sequence[Path]) -> Iterator[Path]:
    """The directories that hold a kustomization."""
    for tree in trees:
        for folder, below, files in os.walk(tree.resolve()):
            below[:] = sorted(name for name in below if name != ".git")
            if NAMES.intersection(files):
                yield Path(folder)


def _sample(roots: list[Path], limit: int | None) -> list[Path]:
    return roots if limit is None else sorted(sorted(roots, key=_hash)[:limit])


def _hash(root: Path) -> str:
    return hashlib.sha256(str(root).encode()).hexdigest()[:16]


# --- builders --------------------------------------------------------------------------------------------------------


def tool_builder(program: str) -> Builder:
    """The tool, with files outside of a root allowed and no network."""
    return command_builder([program, "build", "--load-restrictor", "LoadRestrictionsNone"])


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
        at = folder / _hash(root)
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


# --- comparison ------------------------------------------------------------------------------------------------------

_EXPECTED = (
    "both refuse",
    "tool needs helm, we say so",
    "tool needs remote, we say so",
    "tool needs plugin, we say so",
)


def compare(ours: Build, tool: Build) -> tuple[str, str]:
    """The verdict on a root, and what there is to see: the first difference, or who complains of what."""
    if tool.status == 0:
        if ours.status != 0:
            return f"we end with {ours.status}", _last_line(ours.complaint)
        difference = first_difference(read_objects(ours.output), read_objects(tool.output))
        return ("different", difference) if difference else ("equal", "")
    said = _first_line(tool.complaint)
    reason = next((name for name, pattern in _REASONS.items() if pattern.search(tool.complaint)), None)
    if reason:
        return (
            f"tool needs {reason}, we say so" if ours.status == 3 else f"tool needs {reason}, we end with {ours.status}"
        ), said
    if ours.status == 1:
        return "both refuse", f"{said} | {_last_line(ours.complaint)}"
    return f"tool refuses, we end with {ours.status}", said


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if not line.startswith("# Warning")), "")[:300]


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1][:300]


def _summarize(verdicts: Counter[str], spent: Sequence[float]) -> None:
    built = sum(count for verdict, count in verdicts.items() if not verdict.startswith(("tool", "both")))
    print(f"roots {sum(verdicts.values()):,}, built by the tool {built:,}", end="")
    print(f", equal {100 * verdicts['equal'] / max(built, 1):.2f} %")
    for verdict, count in verdicts.most_common():
        print(f"{count:>8,} {verdict}")
    print(f"seconds of ours / the tool's: {spent[0]:.1f} / {spent[1]:.1f} = {spent[0] / max(spent[1], 1e-9):.2f}")


if __name__ == "__main__":
    main()
