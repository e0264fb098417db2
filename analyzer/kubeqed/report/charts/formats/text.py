"""Verdicts on charts for people: a line for each property, and below it the values that break it or what it depends on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kubeqed.prove.charts.outcome import ChartsOutcome, ChartVerdict, JudgedChart, JudgedProperty
from kubeqed.report.report import Options
from kubeqed.report.words import count_text, escape_text, make_encodable, place_text


def render(found: ChartsOutcome, _options: Options) -> str:
    """The verdicts in the order of the templates, then their numbers."""
    return make_encodable("".join(f"{line}\n" for line in _render_lines(found)))


def _render_lines(found: ChartsOutcome) -> Iterator[str]:
    for chart in found.charts:
        yield from _render_chart(chart)
    counts = Counter(one.verdict for chart in found.charts for one in chart.verdicts)
    said = ", ".join(f"{counts[one]} {one.value}" for one in ChartVerdict if counts[one])
    yield f"{count_text(len(found.charts), 'chart')}: {said or 'no property to prove'}"


def _render_chart(chart: JudgedChart) -> Iterator[str]:
    yield escape_text(chart.place.file)
    for one in chart.verdicts:
        yield from _render_property(one)
    yield from (f"  not followed: {place_text(one.place.span)}: {escape_text(one.reason)}" for one in chart.left)
    yield from (f"  taken for granted: {one}" for one in chart.granted if chart.verdicts)


def _render_property(one: JudgedProperty) -> Iterator[str]:
    place = "" if one.question.place is None else f"  {place_text(one.question.place.span)}"
    yield f"  {one.verdict.value:<8} {one.question.kind}: {one.question.stated.value}{place}"
    if one.verdict is ChartVerdict.REFUTED:
        yield f"           {escape_text(one.message)}"
    yield from (f"           depends on {escape_text(each)}" for each in one.depends)
