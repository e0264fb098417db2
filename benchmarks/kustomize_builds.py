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
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.builds import (
    Build,
    Builder,
    Case,
    Tally,
    command_builder,
    compare_builders,
    first_line,
    hash_path,
    in_process,
    last_line,
    read_arguments,
    recorded,
)
from benchmarks.kustomize_objects import first_difference, read_objects

NAMES = frozenset(("kustomization.yaml", "kustomization.yml", "Kustomization"))
REPOSITORIES = Path(__file__).with_suffix(".txt")
_REASONS = {
    "helm": re.compile(r"must specify --enable-helm"),
    "remote": re.compile(
        r"https?:/|ssh:/|git@|git fetch|git cmd|github\.com|hit \d+s timeout|proxyconnect", re.IGNORECASE
    ),
    "plugin": re.compile(r"external plugins disabled|plugin root|load plugin|enable-exec|functions? ", re.IGNORECASE),
}
_REFUSED = (
    "both refuse",
    "tool needs helm, we say so",
    "tool needs remote, we say so",
    "tool needs plugin, we say so",
)


def main() -> None:
    arguments = _arguments()
    ours = command_builder(arguments.ours.split()) if arguments.ours else in_process()
    tool = tool_builder(arguments.tool)
    if arguments.recorded:
        tool = recorded(arguments.recorded, tool)
    compare_builders(
        (Case(root, ours, tool) for root in _sample([*roots_of(arguments.trees)], arguments.limit)),
        lambda _, mine, theirs: compare(mine, theirs),
        Tally(("equal",), _REFUSED),
        verbose=arguments.verbose,
        only_built=arguments.only_built,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default="kustomize", help="the program, v5.8.2")
    parser.add_argument("--recorded", type=Path, metavar="FOLDER", help="where the tool's outputs are kept")
    parser.add_argument(
        "--ours", metavar="COMMAND", help="what builds a root instead of `kubeqed build --show-secrets` in this process"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only N of the roots, spread evenly")
    return read_arguments(parser, REPOSITORIES)


def roots_of(trees: Sequence[Path]) -> Iterator[Path]:
    """The directories that hold a kustomization."""
    for tree in trees:
        for folder, below, files in os.walk(tree.resolve()):
            below[:] = sorted(name for name in below if name != ".git")
            if NAMES.intersection(files):
                yield Path(folder)


def _sample(roots: list[Path], limit: int | None) -> list[Path]:
    return roots if limit is None else sorted(sorted(roots, key=hash_path)[:limit])


def tool_builder(program: str) -> Builder:
    """The tool, with files outside of a root allowed and no network."""
    return command_builder([program, "build", "--load-restrictor", "LoadRestrictionsNone"])


def compare(ours: Build, tool: Build) -> tuple[str, str]:
    """The verdict on a root, and what there is to see: the first difference, or who complains of what."""
    if tool.status == 0:
        if ours.status != 0:
            return f"we end with {ours.status}", last_line(ours.complaint)
        difference = first_difference(read_objects(ours.output), read_objects(tool.output))
        return ("different", difference) if difference else ("equal", "")
    said = first_line(tool.complaint)
    reason = next((name for name, pattern in _REASONS.items() if pattern.search(tool.complaint)), None)
    if reason:
        return (
            f"tool needs {reason}, we say so" if ours.status == 3 else f"tool needs {reason}, we end with {ours.status}"
        ), said
    if ours.status == 1:
        return "both refuse", f"{said} | {last_line(ours.complaint)}"
    return f"tool refuses, we end with {ours.status}", said


if __name__ == "__main__":
    main()
