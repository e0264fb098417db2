"""The search for values that break charts: which of them are to be tried, and what holds of each chart at any values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.diagnostic import FailuresNoted, Notice

if TYPE_CHECKING:
    from kubeqed.build.helm.rendering import Rendering
    from kubeqed.build.helm.value_set import ValueSet
    from kubeqed.prove.charts.judging import ChartAnswers

_MOST_TRIED = 16  # of the values that seem to break one chart


class ChartSearch:
    """Asks what holds of each chart that is rendered. `answers` are by the file that describes the chart, as it prints."""

    def __init__(self, failures: list[Notice] | None = None) -> None:
        self.answers: dict[str, ChartAnswers] = {}
        self.failures: list[Notice] = [] if failures is None else failures

    def __call__(self, rendering: Rendering, at: ValueSet) -> list[ValueSet]:
        """The values that are to be tried, each once; those that seem to break something by the fewest changes first."""
        from kubeqed.prove.charts.judging import judge_chart  # few runs ask
        from kubeqed.prove.charts.value_sets import make_value_set

        found: dict[str, ValueSet] = {}
        with FailuresNoted(self.failures, f"proving {rendering.chart.place.file} for all values"):
            made = self.answers[rendering.chart.place.file] = judge_chart(rendering)
            ordered = sorted(
                (one for answer in made.answers for one in answer.witnesses), key=lambda one: len(one.settings)
            )
            for one in ordered:
                if one.settings:
                    tried = make_value_set(rendering, at, one)
                    found.setdefault(tried.name, tried)
        return list(found.values())[:_MOST_TRIED]
