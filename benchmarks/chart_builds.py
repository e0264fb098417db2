"""Renders charts with kubeqed and with `helm template` itself, and compares what each says is applied.

    python -m benchmarks.chart_builds --tool helm [--ci] [--random N] [--each N] [--dependencies] [--clone FOLDER] TREE...

Each chart of the trees, those within another chart left out, is rendered by both with its default values, with `--ci`
with each file of its `ci/` too, and with `--random` with so many files of values made at random. `--each` takes at most so
many charts of a tree, and `--dependencies` first copies what a chart depends on from the trees into it. Two outputs are the same as in `kustomize_builds`. Where they differ, Helm is asked again:
values that it does not say twice are random or the time, and a chart that differs in those alone is counted apart. Helm
refuses a chart whose dependency is not fetched although a condition switches it off; kubeqed renders it. The repositories
of `chart_builds.txt` are good trees: `--clone TREE` brings them there with git. Their text stays outside of this one. A
tree that git did not bring needs a directory `.git`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.builds import (
    Build,
    Builder,
    Case,
    Tally,
    command_builder,
    compare_builders,
    in_process,
    last_line,
    read_arguments,
)
from benchmarks.chart_dependencies import bring_dependencies, charts_of
from benchmarks.chart_values import random_values
from benchmarks.kustomize_builds import compare
from benchmarks.kustomize_objects import first_difference, random_names, read_objects, without_random

REPOSITORIES = Path(__file__).with_suffix(".txt")
KUBERNETES = (
    "--kube-version",
    "v1.36.0",
)  # what a helm that go install built takes otherwise is older than many charts
TEMPLATE = ("template", "release-name", "--include-crds", "--namespace", "default")
SAME = ("equal", "random values")
REFUSED = (
    "both refuse",
    "both name what is missing",
    "a dependency that is off is missing",
    "a schema of the network",
)


def main() -> None:
    arguments = _arguments()
    if arguments.dependencies:
        print(f"{bring_dependencies(arguments.trees):,} dependencies copied")
    with TemporaryDirectory() as folder:
        charts = (chart for tree in arguments.trees for chart in spread([*charts_of([tree])], arguments.each))
        compare_builders(
            (case for chart in charts for case in cases_of(chart, arguments, Path(folder))),
            judge,
            Tally(SAME, REFUSED),
            verbose=arguments.verbose,
            only_built=arguments.only_built,
        )


def cases_of(chart: Path, arguments: argparse.Namespace, folder: Path) -> Iterator[Case]:
    """A chart with its default values, those of its `ci/`, and some made at random."""
    files = sorted(chart.glob("ci/*values.yaml")) if arguments.ci else []
    for values in (None, *files, *random_values(chart, arguments.random, folder)):
        given = () if values is None else ("--values", str(values))
        tool = helm_builder(arguments.tool, *given)
        yield Case(chart, in_process(*KUBERNETES, *given), tool, str(values or ""))


def spread(charts: list[Path], most: int | None) -> list[Path]:
    """At most so many of the charts, spread evenly."""
    if most is None or len(charts) <= most:
        return charts
    return [charts[at * len(charts) // most] for at in range(most)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default="helm", help="the program, v3.22.0")
    parser.add_argument("--ci", action="store_true", help="with each values file of a chart's ci/, too")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="with N files of values made at random, too")
    parser.add_argument("--each", type=int, metavar="N", help="at most N charts of a tree")
    parser.add_argument(
        "--dependencies", action="store_true", help="copy what charts depend on from the trees into them"
    )
    return read_arguments(parser, REPOSITORIES)


def helm_builder(program: str, *options: str) -> Builder:
    """`helm template` with CRDs, without a network."""
    return command_builder([program, *TEMPLATE, *KUBERNETES, *options])


def judge(case: Case, ours: Build, theirs: Build) -> tuple[str, str]:
    """The verdict on a chart and what there is to see."""
    if theirs.status:
        return _judge_refused(ours, theirs)
    try:
        verdict, detail = compare(ours, theirs)
    except ValueError as error:
        return "not compared", str(error)
    if verdict == "different":
        once = read_objects(theirs.output)
        for seconds in (0, 1):  # what holds the time in seconds is another one then
            time.sleep(seconds)
            again = read_objects(case.tool(case.root).output)
            names = random_names(once, again)
            mine, known = (without_random(one, once, again, names) for one in (read_objects(ours.output), once))
            if not first_difference(mine, known):
                return "random values", detail
    return verdict, detail


def _judge_refused(ours: Build, theirs: Build) -> tuple[str, str]:
    """The verdict on what Helm refuses."""
    if "HTTP request failed" in theirs.complaint:
        return "a schema of the network", last_line(theirs.complaint)
    if ours.status == 1:
        return "both refuse", f"{last_line(theirs.complaint)} | {last_line(ours.complaint)}"
    if ours.status == 3:
        return "both name what is missing", last_line(ours.complaint)
    if ours.status == 0 and "missing in charts/ directory" in theirs.complaint:
        return "a dependency that is off is missing", last_line(theirs.complaint)
    return f"tool refuses, we end with {ours.status}", last_line(theirs.complaint)


if __name__ == "__main__":
    main()
