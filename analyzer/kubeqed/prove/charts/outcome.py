"""What is said of charts at any values: a verdict on each property, and what was taken for granted."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from kubeqed.parse import Place
from kubeqed.prove.charts.questions import ChartQuestion


class ChartVerdict(Enum):
    """Whether a property holds at any values. Refuted: it was broken at some, when the chart was rendered at these."""

    PROVED = "proved"
    REFUTED = "refuted"
    DEPENDS = "depends"


class JudgedProperty(NamedTuple):
    """The verdict on a property; `values` break it, as `message` says, or `depends` names what it depends on.

    `with_values` is how a message calls the values, empty where the defaults break it.
    """

    question: ChartQuestion
    verdict: ChartVerdict
    values: dict[str, Any] | None = None
    with_values: str = ""
    message: str = ""
    depends: tuple[str, ...] = ()


class LeftTemplate(NamedTuple):
    """A template, or a part of one, that was not followed, and why."""

    place: Place
    reason: str


class JudgedChart(NamedTuple):
    """The verdicts on a chart, in the order of its templates."""

    place: Place
    verdicts: tuple[JudgedProperty, ...]
    left: tuple[LeftTemplate, ...]
    granted: tuple[str, ...]


class ChartsOutcome(NamedTuple):
    """The verdicts on all charts, in the order of their paths."""

    charts: tuple[JudgedChart, ...]
