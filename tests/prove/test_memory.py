"""A remembered decision is the one that would be made again, and no other question's."""

from __future__ import annotations

from contextlib import suppress
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prove.formulas import formulas, givens

from kubeqed.parse import Place, Unknown, Variable, pack
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.formula import And, Equal, Fact, Formula, Or
from kubeqed.prove.engine.memory import Memory


class StaleError(Exception):
    """Nobody waits any more."""


class AskedAgainError(Exception):
    """What was remembered is decided again."""


def refuse(*_: object) -> NoReturn:
    raise AskedAgainError


X = Unknown(Variable("X"), "${X}")
HERE, THERE = Place("x.yaml", 0, pack(3, 0, 1)), Place("x.yaml", 0, pack(4, 0, 1))


def open_question(place: Place = HERE, text: str = "port", unknown: Unknown = X) -> Formula:
    return Equal(Fact(unknown, text, place), 80)


@settings(max_examples=60)
@given(st.lists(st.tuples(formulas, givens), max_size=6))
def test_with_and_without_memory(asked: list[tuple[Formula, Formula]]) -> None:
    expected = [decide(*question) for question in asked]
    memory = Memory()
    for _ in range(2):
        with memory.used():
            assert [decide(*question) for question in asked] == expected


def test_nothing_is_decided_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    with memory.used():
        first = decide(open_question())
    monkeypatch.setattr("kubeqed.prove.engine.decide._decide_doubted", refuse)
    with memory.used():
        assert decide(open_question()) is first
    with pytest.raises(AskedAgainError):
        decide(open_question())


@pytest.mark.parametrize(
    "other",
    [
        open_question(THERE),
        open_question(text="another port"),
        open_question(unknown=Unknown(Variable("X"), "{{ X }}")),
        open_question(unknown=Unknown(Variable("Y"), "${X}")),
        And((open_question(), And(()))),
        And((open_question(), Or(()))),
        Or((open_question(), Or(()))),
    ],
)
def test_what_differs_in_anything_is_another_question(other: Formula) -> None:
    expected = decide(other)
    memory = Memory()
    with memory.used():
        for question in (open_question(), And((open_question(), And(()))), Or((open_question(), Or(())))):
            decide(question)
        found = decide(other)
    assert (found.verdict, found.witness) == (expected.verdict, expected.witness)
    assert [fact.key for fact in found.facts] == [fact.key for fact in expected.facts]


def test_what_is_not_asked_again_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    for question in (open_question(), open_question(THERE)):
        with memory.used():
            decide(question)
    monkeypatch.setattr("kubeqed.prove.engine.decide._decide_doubted", refuse)
    with memory.used():
        decide(open_question(THERE))
        with pytest.raises(AskedAgainError):
            decide(open_question())


def test_a_run_that_is_given_up_makes_nothing_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    with memory.used():
        decide(open_question())
    with suppress(StaleError), memory.used():
        decide(open_question(THERE))
        raise StaleError
    monkeypatch.setattr("kubeqed.prove.engine.decide._decide_doubted", refuse)
    with memory.used():
        decide(open_question())
        decide(open_question(THERE))
