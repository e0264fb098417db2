"""Charts of tests: what is said of them at any values, and what the rules find at some."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.build.helm.charts import CHART

from kubeqed.app.building import Builder, TreesOnDisk
from kubeqed.app.chart_search import ChartSearch
from kubeqed.app.load import load
from kubeqed.app.prove.charts import prove_charts
from kubeqed.app.settings import CommandLineSettings
from kubeqed.build.helm.value_set import ValueSet, ValueSetOrigin
from kubeqed.build.helm.values import read_values
from kubeqed.model.cluster import Cluster
from kubeqed.model.units.charts import make_chart_unit
from kubeqed.model.units.input import Input
from kubeqed.prove.charts.outcome import JudgedChart
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice
from kubeqed.rule.trials import RULE_OF_PROPERTY
from kubeqed.sources import collect

RULES = [rule for rule in find_rules() if rule.id in RULE_OF_PROPERTY.values()]


def write_chart(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in {"Chart.yaml": CHART, **files}.items():
        path = root / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root / "shop"


def prove(chart: Path) -> JudgedChart:
    search = ChartSearch()
    loaded = load([str(chart)], CommandLineSettings(), closed=False, known=find_rules(), search=search)
    proved = prove_charts(loaded, search)
    assert not proved.notices, proved.notices
    return proved.outcome.charts[0]


def said_of(judged: JudgedChart) -> dict[tuple[str, int, str], str]:
    """The verdicts by file, line and rule."""
    return {
        (Path(place.file).name, place.span.line, RULE_OF_PROPERTY[one.question.stated]): one.verdict.value
        for one in judged.verdicts
        if (place := one.question.place) is not None
    }


def broken_at(chart: Path, values: str) -> set[tuple[str, int, str]] | None:
    """What the rules find at some values, by file, line and rule; None where the chart is not rendered."""
    collected = collect([str(chart)], None, [])
    at = ValueSet("tried", ValueSetOrigin.STATED, (read_values(values, "values.yaml", "values"),))
    with TreesOnDisk(collected) as trees:
        built = Builder(trees, collected, {}).chart(str(chart), at)
    if built.refusals or built.asked or built.unbuilt:
        return None
    unit = make_chart_unit(str(chart), built, "shop", (), given=False)
    found = run_rules(Input((unit,), (), collected.paths), RULES, Cluster(), Choice()).diagnostics
    lines = ((span, one.rule) for one in found for span in (one.span, *(each.span for each in one.related)))
    return {(Path(span.file).name, span.line, rule) for span, rule in lines}
