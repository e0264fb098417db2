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
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.chart_dependencies import bring_dependencies, charts_of
from benchmarks.chart_values import random_values
from benchmarks.kustomize_builds import Build, Builder, clone, command_builder, compare, in_process
from benchmarks.kustomize_objects import first_difference, random_names, read_objects, without_random

REPOSITORIES = Path(__file__).with_suffix(".txt")
KUBERNETES = (
    "--kube-version",
    "v1.36.0",
)  # what a helm that go install built takes otherwise is older than many charts
TEMPLATE = ("template", "release-name", "--include-crds", "--namespace", "default")
SAME = ("equal", "random values")
QUIET = (
    *SAME,
    "both refuse",
    "both name what is missing",
    "a dependency that is off is missing",
    "a schema of the network",
)


def main() -> None:
    arguments = _arguments()
    trees = list(arguments.trees)
    if arguments.clone:
        clone(arguments.clone, REPOSITORIES)
        trees.extend(sorted(arguments.clone.iterdir()))
    if arguments.dependencies:
        print(f"{bring_dependencies(trees):,} dependencies copied")
    tally = Tally()
    with TemporaryDirectory() as folder:
        for chart in (chart for tree in trees for chart in spread([*charts_of([tree])], arguments.each)):
            files = sorted(chart.glob("ci/*values.yaml")) if arguments.ci else []
            for values in (None, *files, *random_values(chart, arguments.random, Path(folder))):
                given = () if values is None else ("--values", str(values))
                mine, theirs = in_process(*KUBERNETES, *given)(chart), helm_builder(arguments.tool, *given)(chart)
                verdict, detail = judge(mine, theirs, helm_builder(arguments.tool, *given), chart)
                tally.count(chart, verdict, mine, theirs)
                if verdict not in QUIET or arguments.verbose:
                    print(f"{verdict}\t{chart}\t{values or ''}\t{detail}", flush=True)
    tally.print_summary()


class Tally:
    """How many renders and charts came out how, and the seconds of those that are equal."""

    def __init__(self) -> None:
        self.renders: Counter[str] = Counter()
        self.charts: defaultdict[Path, set[str]] = defaultdict(set)
        self.seconds = [0.0, 0.0]

    def count(self, chart: Path, verdict: str, ours: Build, theirs: Build) -> None:
        """Takes in the verdict on one render."""
        self.renders[verdict] += 1
        self.charts[chart].add(verdict)
        if verdict == "equal":
            self.seconds[0] += ours.seconds
            self.seconds[1] += theirs.seconds

    def print_summary(self) -> None:
        """Prints how many came out how."""
        rendered = sum(count for verdict, count in self.renders.items() if verdict not in QUIET[2:])
        same = sum(self.renders[verdict] for verdict in SAME)
        print(f"renders {self.renders.total():,}, by helm {rendered:,}, equal {100 * same / max(rendered, 1):.2f} %")
        for verdict, count in self.renders.most_common():
            print(f"{count:>8,} {verdict}")
        charts = [verdicts for verdicts in self.charts.values() if verdicts - set(QUIET) or verdicts & set(SAME)]
        alike = sum(verdicts <= set(QUIET) for verdicts in charts)
        print(f"charts {len(self.charts):,}, rendered by helm {len(charts):,}, equal at all values {alike:,}", end="")
        print(f" = {100 * alike / max(len(charts), 1):.2f} %")
        ours, theirs = self.seconds
        print(f"seconds of ours / helm's: {ours:.1f} / {theirs:.1f} = {ours / max(theirs, 1e-9):.2f}")


def spread(charts: list[Path], most: int | None) -> list[Path]:
    """At most so many of the charts, spread evenly."""
    if most is None or len(charts) <= most:
        return charts
    return [charts[at * len(charts) // most] for at in range(most)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path, nargs="*", metavar="TREE")
    parser.add_argument("--tool", default="helm", help="the program, v3.22.0")
    parser.add_argument("--ci", action="store_true", help="with each values file of a chart's ci/, too")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="with N files of values made at random, too")
    parser.add_argument("--each", type=int, metavar="N", help="at most N charts of a tree")
    parser.add_argument(
        "--dependencies", action="store_true", help="copy what charts depend on from the trees into them"
    )
    parser.add_argument("--clone", type=Path, metavar="TREE", help="bring the listed repositories there first")
    parser.add_argument("--verbose", action="store_true", help="name the charts on which both agree, too")
    return parser.parse_args()


def helm_builder(program: str, *options: str) -> Builder:
    """`helm template` with CRDs, without a network."""
    return command_builder([program, *TEMPLATE, *KUBERNETES, *options])


def judge(ours: Build, theirs: Build, tool: Builder, chart: Path) -> tuple[str, str]:
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
            again = read_objects(tool(chart).output)
            names = random_names(once, again)
            mine, known = (without_random(one, once, again, names) for one in (read_objects(ours.output), once))
            if not first_difference(mine, known):
                return "random values", detail
    return verdict, detail


def _judge_refused(ours: Build, theirs: Build) -> tuple[str, str]:
    """The verdict on what Helm refuses."""
    if "HTTP request failed" in theirs.complaint:
        return "a schema of the network", _last_line(theirs.complaint)
    if ours.status == 1:
        return "both refuse", f"{_last_line(theirs.complaint)} | {_last_line(ours.complaint)}"
    if ours.status == 3:
        return "both name what is missing", _last_line(ours.complaint)
    if ours.status == 0 and "missing in charts/ directory" in theirs.complaint:
        return "a dependency that is off is missing", _last_line(theirs.complaint)
    return f"tool refuses, we end with {ours.status}", _last_line(theirs.complaint)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1][:300]


if __name__ == "__main__":
    main()
