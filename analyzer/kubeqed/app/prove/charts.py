"""What holds of charts at any values: what was proved, and what values broke when the charts were rendered at them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kubeqed.app.chart_search import ChartSearch
from kubeqed.app.load import Loaded
from kubeqed.app.question import notices_of_unread
from kubeqed.app.settings import choose_rules
from kubeqed.diagnostic import Diagnostic, Notice
from kubeqed.model.units.input import Input
from kubeqed.model.units.unit import Unit
from kubeqed.prove.charts.judging import ChartAnswer, ChartAnswers
from kubeqed.prove.charts.outcome import ChartsOutcome, ChartVerdict, JudgedChart, JudgedProperty
from kubeqed.prove.charts.value_sets import name_values, nest_values
from kubeqed.resolve import Resolver
from kubeqed.rule.broken_build import BROKEN_CHART
from kubeqed.rule.catalogue import Rule, find_rules
from kubeqed.rule.run import judge_trial, run_rules
from kubeqed.rule.select import choose
from kubeqed.rule.trials import RULE_OF_PROPERTY
from kubeqed.rule.world import World
from kubeqed.sources.chart import CHART_FILE


class ProvedCharts(NamedTuple):
    """The verdicts, and what could not be read or proved."""

    outcome: ChartsOutcome
    notices: tuple[Notice, ...]


def prove_charts(loaded: Loaded, search: ChartSearch) -> ProvedCharts:
    """The verdict on each property of the charts that were loaded with a search."""
    judge = _Judge(loaded, [rule for rule in find_rules() if rule.id in (*RULE_OF_PROPERTY.values(), BROKEN_CHART)])
    charts = tuple(judge.judge(search.answers[file]) for file in sorted(search.answers))
    return ProvedCharts(ChartsOutcome(charts), (*notices_of_unread(loaded), *search.failures, *judge.failed.values()))


class _Judge:
    """Holds what was proved against what the rules say of charts that were rendered."""

    def __init__(self, loaded: Loaded, rules: Sequence[Rule]) -> None:
        self.failed: dict[str, Notice] = {}
        self._loaded = loaded
        self._choice = choose_rules(loaded.settings)
        self._rules = rules
        running = choose(rules, self._choice)
        whole, cluster = loaded.input, loaded.settings.cluster
        untried = Input(whole.units, whole.manifests, whole.paths, named=whole.named, beyond=whole.beyond)
        self._default = run_rules(untried, running, cluster, self._choice).of_units if whole.units else ()
        self._tried: dict[tuple[str, str], list[Diagnostic]] = {}
        for trial in whole.trials:
            world = World(Resolver(trial.unit, whole, cluster))
            found = list(judge_trial(trial, world, running, self._choice, self.failed))
            self._tried.setdefault((self._chart_of(trial.unit), trial.at.name), []).extend(found)

    def _chart_of(self, unit: Unit) -> str:
        """The file that describes the chart of a unit."""
        return self._loaded.input.paths.printed(os.path.join(unit.places[0], CHART_FILE))

    def judge(self, answers: ChartAnswers) -> JudgedChart:
        """The verdicts on a chart."""
        verdicts = tuple(self._judge_answer(answers.place.file, one) for one in answers.answers)
        return JudgedChart(answers.place, verdicts, answers.left, answers.granted)

    def _judge_answer(self, chart: str, answer: ChartAnswer) -> JudgedProperty:
        """The verdict on a property: refuted only by a finding on the rendered chart."""
        question = answer.question
        if answer.is_proved:
            return JudgedProperty(question, ChartVerdict.PROVED)
        for witness in sorted(answer.witnesses, key=lambda one: len(one.settings)):
            name = name_values(witness)
            found = self._tried.get((chart, name), ()) if name else self._default
            breaks = next(_find_broken(answer, found), None)
            if breaks is not None:
                return JudgedProperty(question, ChartVerdict.REFUTED, nest_values(witness), name, breaks.message)
        return JudgedProperty(question, ChartVerdict.DEPENDS, depends=answer.depends)


def _find_broken(answer: ChartAnswer, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings that break a property: of its rule at its line, or a template error in its template."""
    question = answer.question
    own = {(place.file, place.span.line) for place in question.places}
    for one in found:
        lines = {(span.file, span.line) for span in (one.span, *(related.span for related in one.related))}
        if one.rule == BROKEN_CHART:
            if question.file in one.message:
                yield one
        elif one.rule == RULE_OF_PROPERTY[question.stated] and lines & own:
            yield one
