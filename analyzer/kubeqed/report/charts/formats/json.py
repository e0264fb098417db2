"""Verdicts on charts as JSON."""

from __future__ import annotations

from collections import Counter
from json import dumps
from typing import Any

from kubeqed.prove.charts.outcome import ChartsOutcome, ChartVerdict, JudgedChart, JudgedProperty
from kubeqed.report.entries import place_json
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable

VERSION = 1


def render(found: ChartsOutcome, _options: Options) -> str:
    """One JSON object."""
    counts = Counter(one.verdict for chart in found.charts for one in chart.verdicts)
    value = {
        "version": VERSION,
        "charts": [_chart_json(one) for one in found.charts],
        "summary": {one.value: counts[one] for one in ChartVerdict},
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _chart_json(chart: JudgedChart) -> dict[str, Any]:
    return {
        "chart": chart.place.file,
        "properties": [_property_json(one) for one in chart.verdicts],
        "left": [{**place_json(one.place.span), "reason": one.reason} for one in chart.left],
        "granted": list(chart.granted),
    }


def _property_json(one: JudgedProperty) -> dict[str, Any]:
    place = one.question.place
    return {
        **place_json(None if place is None else place.span),
        "kind": one.question.kind,
        "property": one.question.stated.value,
        "verdict": one.verdict.value,
        "values": one.values,
        "message": one.message or None,
        "depends": list(one.depends),
    }
