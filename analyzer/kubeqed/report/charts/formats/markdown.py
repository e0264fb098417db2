"""Verdicts on charts as Markdown: a table of what is refuted and of what depends, and how much is proved."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.prove.charts.outcome import ChartsOutcome, ChartVerdict, JudgedChart, JudgedProperty
from kubeqed.report.markdown import escape_markdown, shrink
from kubeqed.report.report import Options
from kubeqed.report.words import count_text, make_encodable, place_text


def render(found: ChartsOutcome, _options: Options) -> str:
    """A section for each chart."""
    return make_encodable("".join(f"{line}\n" for chart in found.charts for line in _render_chart(chart)))


def _render_chart(chart: JudgedChart) -> Iterator[str]:
    proved = sum(one.verdict is ChartVerdict.PROVED for one in chart.verdicts)
    yield f"### {escape_markdown(chart.place.file)}"
    yield ""
    yield f"{proved} of {count_text(len(chart.verdicts), 'verdict')}: proved for all values."
    yield ""
    others = [one for one in chart.verdicts if one.verdict is not ChartVerdict.PROVED]
    if others:
        yield "| verdict | property | place |"
        yield "|---|---|---|"
        yield from map(_render_property, others)
        yield ""


def _render_property(one: JudgedProperty) -> str:
    place = "" if one.question.place is None else escape_markdown(place_text(one.question.place.span))
    why = one.message if one.verdict is ChartVerdict.REFUTED else f"depends on {', '.join(one.depends)}"
    said = escape_markdown(f"{one.question.kind}: {one.question.stated.value}") + shrink(escape_markdown(why))
    return f"| {one.verdict.value} | {said} | {place} |"
