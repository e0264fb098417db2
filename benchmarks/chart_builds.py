"""Renders charts with kubeqed and with `helm template` itself, and compares what each says is applied.

    python -m benchmarks.chart_builds --tool helm [--ci] [--clone FOLDER] TREE...

Each chart of the trees, those within another chart left out, is rendered by both with its default values, and with `--ci`
with each file of its `ci/` too. Two outputs are the same as in `kustomize_builds`. Where they differ, Helm is asked again:
values that it does not say twice are random or the time, and a chart that differs in those alone is counted apart. Helm
refuses a chart whose dependency is not fetched although a condition switches it off; kubeqed renders it. The repositories
of `chart_builds.txt` are good trees: `--clone TREE` brings them there with git. Their text stays outside of this one. A
tree that git did not bring needs a directory `.git`.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.kustomize_builds import Build, Builder, clone, command_builder, compare, in_process
from benchmarks.kustomize_objects import first_difference, read_objects, without_random

REPOSITORIES = Path(__file__).with_suffix(".txt")
KUBERNETES = (
    "--kube-version",
    "v1.36.0",
)  # what a helm that go install built takes otherwise is older than many charts
TEMPLATE = ("template", "release-name", "--include-crds", "--namespace", "default")
QUIET = ("equal", "both refuse", "random values", "both name what is missing", "a dependency that is off is missing")


def main() -> None:
    arguments = _arguments()
    trees = list(arguments.trees)
    if arguments.clone:
        clone(arguments.clone, REPOSITORIES)
        trees.append(arguments.clone)
    verdicts: Counter[str] = Counter()
    spent = [0.0, 0.0]
    for chart in charts_of(trees):
        for values in (None, *(sorted(chart.glob("ci/*values.yaml")) if arguments.ci else ())):
            given = () if values is None else ("--values", str(values))
            mine, theirs = in_process(*KUBERNETES, *given)(chart), helm_builder(arguments.tool, *given)(chart)
            verdict, detail = judge(mine, theirs, helm_builder(arguments.tool, *given), chart)
            verdicts[verdict] += 1
            if verdict == "equal":
                spent[0] += mine.seconds
                spent[1] += theirs.seconds
            if verdict not in QUIET or arguments.verbose:
                print(f"{verdict}\t{values or chart}\t{detail}", flush=True)
    _summarize(verdicts, spent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path, nargs="*", metavar="TREE")
    parser.add_argument("--tool", default="helm", help="the program, v3.22.0")
    parser.add_argument("--ci", action="store_true", help="with each values file of a chart's ci/, too")
    parser.add_argument("--clone", type=Path, metavar="TREE", help="bring the listed repositories there first")
    parser.add_argument("--verbose", action="store_true", help="name the charts on which both agree, too")
    return parser.parse_args()


def charts_of(trees: Sequence[Path]) -> Iterator[Path]:
    """The directories that hold a chart, those within another chart left out."""
    for tree in trees:
        for folder, below, files in os.walk(tree.resolve()):
            below[:] = sorted(name for name in below if name != ".git")
            if "Chart.yaml" in files:
                below[:] = []
                yield Path(folder)


def helm_builder(program: str, *options: str) -> Builder:
    """`helm template` with CRDs, without a network."""
    return command_builder([program, *TEMPLATE, *KUBERNETES, *options])


def judge(ours: Build, theirs: Build, tool: Builder, chart: Path) -> tuple[str, str]:
    """The verdict on a chart and what there is to see."""
    if theirs.status and ours.status == 3:
        return "both name what is missing", _last_line(ours.complaint)
    if theirs.status and ours.status == 0 and "missing in charts/ directory" in theirs.complaint:
        return "a dependency that is off is missing", _last_line(theirs.complaint)
    try:
        verdict, detail = compare(ours, theirs)
    except ValueError as error:
        return "not compared", str(error)
    if verdict == "different":
        once, again = read_objects(theirs.output), read_objects(tool(chart).output)
        mine, known = (without_random(one, once, again) for one in (read_objects(ours.output), once))
        if not first_difference(mine, known):
            return "random values", detail
    return verdict, detail


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1][:300]


def _summarize(verdicts: Counter[str], spent: Sequence[float]) -> None:
    rendered = sum(count for verdict, count in verdicts.items() if not verdict.startswith(("tool", "both", "a dep")))
    same = verdicts["equal"] + verdicts["random values"]
    print(f"renders {sum(verdicts.values()):,}, by helm {rendered:,}, equal {100 * same / max(rendered, 1):.2f} %")
    for verdict, count in verdicts.most_common():
        print(f"{count:>8,} {verdict}")
    print(f"seconds of ours / helm's: {spent[0]:.1f} / {spent[1]:.1f} = {spent[0] / max(spent[1], 1e-9):.2f}")


if __name__ == "__main__":
    main()
