"""Holds what `kubeqed charts` says of charts against charts that are rendered.

    python -m benchmarks.chart_proofs [--random N] [--each N] [--helm] [--verbose] TREE...

Each chart of the trees, those within another chart left out, is asked for its properties. Each property that is proved for all
values is looked for in as many renders at random values as `--random` says: a rule that finds it broken there is a violation. A
random value may be of no use to a chart; what is not rendered is counted. With `--helm` each chart that is refuted is rendered
by `helm template` with the values that refute it, and the rules judge what that prints. Seconds are CPU time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.builds import ROOT
from benchmarks.chart_builds import KUBERNETES, TEMPLATE, spread
from benchmarks.chart_dependencies import charts_of
from benchmarks.chart_values import random_values

sys.path[:0] = (str(ROOT / folder) for folder in ("analyzer", "rules"))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("trees", type=Path, nargs="+", metavar="TREE")
    parser.add_argument(
        "--random",
        type=int,
        default=0,
        metavar="N",
        help="so many files of values made at random",
    )
    parser.add_argument(
        "--each",
        type=int,
        default=0,
        metavar="N",
        help="at most so many charts of a tree",
    )
    parser.add_argument("--helm", action="store_true", help="render what is refuted with helm")
    parser.add_argument("--verbose", action="store_true", help="print what is not proved, too")
    arguments = parser.parse_args()
    tally: Counter[str] = Counter()
    seconds: list[float] = []
    for tree in arguments.trees:
        for chart in spread([*charts_of([tree])], arguments.each):
            started = time.process_time()
            found = ask_chart(chart)
            seconds.append(time.process_time() - started)
            if found is not None:
                count_chart(chart, found, tally, arguments)
    for what, number in sorted(tally.items()):
        print(f"{number:>8,} {what}")
    if seconds:
        ordered = sorted(seconds)
        print(f"CPU seconds a chart: median {statistics.median(ordered):.2f}", end="")
        print(f", p95 {ordered[int(len(ordered) * 0.95)]:.2f}, most {ordered[-1]:.2f}")


def ask_chart(chart: Path) -> Any:
    """What is proved of a chart, None where it is not judged at its default values."""
    search = import_module("kubeqed.app.chart_search").ChartSearch()
    rules = import_module("kubeqed.rule.catalogue").find_rules()
    statement = import_module("kubeqed.app.settings").CommandLineSettings()
    loaded = import_module("kubeqed.app.load").load([str(chart)], statement, closed=False, known=rules, search=search)
    proved = import_module("kubeqed.app.prove.charts").prove_charts(loaded, search)
    for one in proved.notices:
        print(f"notice\t{chart}\t{one.text}", flush=True)
    return (proved.outcome.charts[0], loaded) if proved.outcome.charts else None


def count_chart(chart: Path, found: Any, tally: Counter[str], arguments: argparse.Namespace) -> None:
    """Counts the verdicts on a chart, and tries them."""
    judged, loaded = found
    tally["charts"] += 1
    tally["templates left out"] += len({one.place.file for one in judged.left})
    tally["charts with all templates"] += not judged.left
    for one in judged.verdicts:
        tally[f"properties {one.verdict.value}"] += 1
        if arguments.verbose and one.verdict.value != "proved":
            print(
                f"{one.verdict.value}\t{chart}\t{one.question.stated.value}\t{one.message}\t{one.depends}",
                flush=True,
            )
    if arguments.helm:
        for one in judged.verdicts:
            if one.values:
                verdict = try_with_helm(chart, one)
                tally[f"refuted: {verdict}"] += 1
                if verdict != "broken under helm":
                    print(f"{verdict}\t{chart}\t{one.values}\t{one.message}", flush=True)
    building = import_module("kubeqed.app.building")
    with (
        TemporaryDirectory() as folder,
        building.TreesOnDisk(loaded.collected) as trees,
    ):
        builder = building.Builder(trees, loaded.collected, {})
        for values in random_values(chart, arguments.random, Path(folder)):
            try_values(chart, values, (judged, loaded, builder), tally)


def try_with_helm(chart: Path, one: Any) -> str:
    """Whether helm, and the rules on what it prints, say what is said of a property at its values."""
    with TemporaryDirectory() as folder:
        values = Path(folder, "values.json")
        values.write_text(json.dumps(one.values), encoding="utf-8")
        command = ["helm", *TEMPLATE, str(chart), *KUBERNETES, "--values", str(values)]
        printed = subprocess.run(command, capture_output=True, text=True, check=False)
        if printed.returncode:
            return "broken under helm" if "does not build" in one.message else "refused by helm"
        Path(folder, "printed.yaml").write_text(printed.stdout, encoding="utf-8")
        found = list(check_rendered([str(Path(folder, "printed.yaml"))]))
    rule = import_module("kubeqed.rule.trials").RULE_OF_PROPERTY[one.question.stated]
    return "broken under helm" if rule in found else "not broken under helm"


def check_rendered(paths: list[str]) -> Iterator[str]:
    """The rules that find something in files."""
    request = import_module("kubeqed.app.check.run").CheckRequest(tuple(paths))
    show = request.show.with_notes()
    analysis = import_module("kubeqed.app.check.run").analyze(request._replace(show=show))
    return (one.rule for one in analysis.report.findings)


def try_values(chart: Path, values: Path, found: Any, tally: Counter[str]) -> None:
    """Looks for what is proved at values made at random."""
    judged, loaded, builder = found
    findings = find_at(chart, values, loaded, builder)
    if findings is None:
        tally["random renders refused"] += 1
        return
    tally["random renders"] += 1
    outside = "" if is_granted(json.loads(values.read_text())) else " at texts that read as something else"
    for finding in findings:
        one = find_asked(judged, finding)
        if one is None:
            tally["findings that no property is about"] += 1
            print(
                f"unasked\t{chart}\t{finding.span.file}:{finding.span.line} {finding.message}",
                flush=True,
            )
        elif one.verdict.value == "proved":
            tally[f"violations{outside}"] += 1
            place = f"{finding.span.file}:{finding.span.line}"
            print(
                f"violation{outside}\t{chart}\t{values.read_text()}\t{place} {finding.message}",
                flush=True,
            )
        else:
            tally[f"findings on what is {one.verdict.value}"] += 1


def find_asked(judged: Any, finding: Any) -> Any:
    """The property that a finding is about: that of its rule at its line, else the nearest above."""
    table = import_module("kubeqed.rule.trials").RULE_OF_PROPERTY
    lines = {(span.file, span.line) for span in (finding.span, *(one.span for one in finding.related))}
    asked = [one for one in judged.verdicts if table[one.question.stated] == finding.rule and one.question.place]
    above = [
        (line - at.span.line, number)
        for number, one in enumerate(asked)
        for at in one.question.places
        for file, line in lines
        if file == at.file and line >= at.span.line
    ]
    return asked[min(above)[1]] if above else None


def is_granted(value: Any) -> bool:
    """Whether no text of some values reads as a number or as true and false where it is printed without quotes."""
    if isinstance(value, dict):
        return all(map(is_granted, value.values()))
    return not isinstance(value, str) or value.lower() not in (
        "1",
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
    )


def find_at(chart: Path, values: Path, loaded: Any, builder: Any) -> Any:
    """What the rules find in a chart at some values; None where it is not rendered."""
    run = import_module("kubeqed.rule.run")
    value_set = import_module("kubeqed.build.helm.value_set")
    try:
        text = import_module("kubeqed.build.helm.values").read_values(values.read_text(), str(values), "values")
    except import_module("kubeqed.build.refusal").RefusalError:
        return None
    at = value_set.ValueSet("random", value_set.ValueSetOrigin.STATED, (text,))
    built = builder.chart(str(chart.resolve()), at)
    if built.refusals or built.asked or built.unbuilt:
        return None
    unit = import_module("kubeqed.model.units.charts").make_chart_unit(str(chart), built, str(chart), (), given=False)
    whole = import_module("kubeqed.model.units.input").Input((unit,), (), loaded.collected.paths)
    table = import_module("kubeqed.rule.trials").RULE_OF_PROPERTY
    rules = [rule for rule in import_module("kubeqed.rule.catalogue").find_rules() if rule.id in table.values()]
    choice = import_module("kubeqed.app.settings").choose_rules(loaded.settings)
    return run.run_rules(whole, rules, loaded.settings.cluster, choice).diagnostics


if __name__ == "__main__":
    main()
