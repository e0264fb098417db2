"""Properties as formulas over facts.

A property is written once, as a formula; `evaluate_kleene` reads it three-valued and Z3 decides what stays open. Names are
SMT's. Each fact carries its place, so that a proof can be shown as lines of manifests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.parse import Place, Term, Unknown

Scalar = str | int | bool | None


class Fact:
    """A value that the manifests, or a default, give; None stands for a field that is not set.

    Facts with the same unknown as value have one value in every completion. `text` is the sentence for people. Two
    facts with one `key` say the same of the same place: they are one fact, however often a formula names it.
    """

    __slots__ = ("key", "place", "text", "value")

    def __init__(self, value: Scalar | Unknown, text: str, place: Place | None) -> None:
        self.value = value
        self.text = text
        self.place = place
        self.key = (text, place, isinstance(value, bool))

    def __repr__(self) -> str:
        return f"Fact({self.text!r})"


FactKey = tuple[str, Place | None, bool]
Operand = Fact | str | int | None


class Equal(NamedTuple):
    """Both operands have one value; booleans are no operands, they hold or do not."""

    left: Operand
    right: Operand


class Between(NamedTuple):
    """The operand is a number from `low` to `high`, both included, which are known numbers."""

    operand: Operand
    low: Operand
    high: Operand


class Holds(NamedTuple):
    """The fact, a boolean one, is true."""

    fact: Fact


class Not(NamedTuple):
    """The part is false."""

    part: Formula


class And(NamedTuple):
    """All parts are true; with no part, true."""

    parts: tuple[Formula, ...]


class Or(NamedTuple):
    """A part is true; with no part, false."""

    parts: tuple[Formula, ...]


Formula = Equal | Between | Holds | Not | And | Or
TRUE: Formula = And(())
FALSE: Formula = Or(())


def implies(condition: Formula, consequence: Formula) -> Formula:
    """Where the condition is true, the consequence is."""
    return Or((Not(condition), consequence))


def facts_of(formula: Formula) -> Iterator[Fact]:
    """The facts of a formula in the order it names them, repeated as it repeats them."""
    if isinstance(formula, And | Or):
        for part in formula.parts:
            yield from facts_of(part)
    elif isinstance(formula, Not):
        yield from facts_of(formula.part)
    else:
        yield from (operand for operand in formula if isinstance(operand, Fact))


def distinct_facts(*formulas: Formula) -> tuple[Fact, ...]:
    """The facts of the formulas, each once, in source order: file, line, column; facts without a place last."""
    facts = {fact.key: fact for formula in formulas for fact in facts_of(formula)}
    return tuple(sorted(facts.values(), key=_source_order))


def unknowns_of(*formulas: Formula) -> tuple[Fact, ...]:
    """The facts whose values are unknown, the first in source order for each unknown."""
    first: dict[Term, Fact] = {}
    for fact in distinct_facts(*formulas):
        if isinstance(fact.value, Unknown):
            first.setdefault(fact.value.term, fact)
    return tuple(first.values())


def unknown_in(fact: Fact) -> Unknown:
    """The unknown that is a fact's value; TypeError when the value is known."""
    if not isinstance(fact.value, Unknown):
        raise TypeError(f"{fact!r} is known")
    return fact.value


def _source_order(fact: Fact) -> tuple[bool, str, int, int, str]:
    place = fact.place
    if place is None:
        return (True, "", 0, 0, fact.text)
    return (False, place.file, place.first_line, place.mark, fact.text)
