"""The verdict on each question: proved at any values, open with values that seem to break it, or dependent on what is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.build.gotemplate.values import TooLargeError
from kubeqed.build.helm.chart import Chart
from kubeqed.build.helm.dependencies import missing_dependencies
from kubeqed.build.helm.rendering import Rendering
from kubeqed.build.helm.symbolic.chart import LeftFile, SymbolicChart
from kubeqed.build.helm.symbolic.conditions import FALSE, Condition
from kubeqed.build.helm.symbolic.descriptions import describe_term
from kubeqed.build.helm.symbolic.objects import GuardedObjects
from kubeqed.build.helm.symbolic.terms import UNTOLD
from kubeqed.parse import Place
from kubeqed.prove.charts.outcome import LeftTemplate
from kubeqed.prove.charts.questions import ChartQuestion, ask_questions
from kubeqed.prove.charts.witness import ValueWitness, WitnessSearch

_MOST_TRIED = 3  # of the values that seem to break one property
_MOST_NAMED = 3
_LONGEST = 120
TYPES = "values are of the types of their defaults"
LINES = "a value stays within the place where it is printed, where a text reads as a text"
CLUSTER = "nothing of the release is in the cluster yet, and it serves the APIs of its version alone"


class ChartAnswer(NamedTuple):
    """A question, whether it is proved, the values that seem to break it, and what it depends on."""

    question: ChartQuestion
    is_proved: bool
    witnesses: tuple[ValueWitness, ...] = ()
    depends: tuple[str, ...] = ()


class ChartAnswers(NamedTuple):
    """The answers on a chart, what was left out, and what all proofs take for granted."""

    place: Place
    answers: tuple[ChartAnswer, ...]
    left: tuple[LeftTemplate, ...]
    granted: tuple[str, ...]


def judge_chart(rendering: Rendering) -> ChartAnswers:
    """All answers on a chart that was rendered at its defaults; none where a part of it is missing."""
    missing = tuple(_list_missing(rendering.chart))
    if missing:
        return ChartAnswers(rendering.chart.place, (), missing, ())
    chart = SymbolicChart(rendering)
    found = GuardedObjects(chart)
    questions, matcher = ask_questions(found)
    judge = _Judge(chart, found)
    answers = tuple(one for question in questions if (one := judge.answer(question)) is not None)
    granted = (TYPES, LINES, CLUSTER, *sorted(chart.state.granted | matcher.granted))
    return ChartAnswers(rendering.chart.place, answers, tuple(_place_left(found.left, rendering)), granted)


def _list_missing(chart: Chart) -> Iterator[LeftTemplate]:
    """The dependencies that are not there: what is in them, nobody knows, and helpers of theirs may print anything."""
    for one in missing_dependencies(chart):
        yield LeftTemplate(one.place, f"the chart {one.name}, which is not in charts/")
    for inner in chart.charts:
        yield from _list_missing(inner)


def _place_left(left: Iterable[LeftFile], rendering: Rendering) -> Iterator[LeftTemplate]:
    """What was left out, by its files."""
    for one in dict.fromkeys(left):
        file = rendering.files.get(one.name)
        yield LeftTemplate(rendering.chart.place if file is None else Place.at_start(file.file.file), one.reason)


class _Judge:
    """Answers the questions on one chart."""

    def __init__(self, chart: SymbolicChart, found: GuardedObjects) -> None:
        self._chart = chart
        self._table = found.table
        self._search = WitnessSearch(found.table)
        self._left = list(dict.fromkeys(found.left))

    def answer(self, question: ChartQuestion) -> ChartAnswer | None:
        """The answer, None where what the question asks about is never there."""
        conditions = self._table.conditions
        try:
            condition = conditions.both(self._chart.hypothesis, question.condition)
            if condition == FALSE:
                return None
            if question.unseen:
                return ChartAnswer(question, is_proved=False, depends=(question.unseen,))
            if conditions.implies(condition, question.good):
                return ChartAnswer(question, is_proved=True)
            bad = conditions.both(condition, conditions.negate(question.good))
            witnesses = tuple(self._search.find(bad, _MOST_TRIED))
        except TooLargeError as error:
            return ChartAnswer(question, is_proved=False, depends=(f"a budget: {error.reason}",))
        except RecursionError:
            return ChartAnswer(question, is_proved=False, depends=("a budget: its conditions are nested too deeply",))
        named = [f"the template {one.name}, which is not followed: {one.reason}" for one in self._left]
        return ChartAnswer(question, False, witnesses, (*self._name_atoms(bad), *named[:_MOST_NAMED]))

    def _rank_atom(self, atom: int) -> tuple[bool, bool, int]:
        term = self._table.atoms[atom]
        return term.shadow is not UNTOLD, term.kind != "call", atom

    def _name_atoms(self, condition: Condition) -> Iterator[str]:
        """What a condition depends on: first what no values that are known decide."""
        atoms = sorted(self._table.conditions.atoms_of(condition), key=self._rank_atom)
        named = dict.fromkeys(describe_term(self._table.atoms[one]) for one in atoms)
        return (one if len(one) < _LONGEST else f"{one[:_LONGEST]}…" for one in list(named)[:_MOST_NAMED])
