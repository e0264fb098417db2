"""Reading a formula three-valued: true, false, or open.

An unknown equals itself, so most formulas are decided although unknowns occur in them. Where `evaluate_kleene` decides, every
completion agrees with it, and so does Z3 (tested).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Term, Unknown
from kubeqed.prove.engine.core import minimize_core
from kubeqed.prove.engine.formula import (
    And,
    Between,
    Equal,
    Fact,
    FactKey,
    Formula,
    Holds,
    Not,
    Operand,
    Or,
    Scalar,
    unknown_in,
    unknowns_of,
)

Completion = Mapping[Term, Scalar]
_MOST_UNSEEN = 8
Freed = frozenset[FactKey]
_NOTHING: Freed = frozenset()


def reduce(formula: Formula, freed: Freed = _NOTHING, completion: Completion | None = None) -> bool | Formula:
    """The formula with all that is known put in: a bool when that decides it, else what stays open.

    `freed` holds the keys of facts that count as unknown, each for itself; `completion` gives unknowns, by their
    term, a value.
    """
    if isinstance(formula, And | Or):
        return _reduce_parts(formula, freed, completion)
    if isinstance(formula, Not):
        part = reduce(formula.part, freed, completion)
        return not part if isinstance(part, bool) else Not(part)
    decided = _evaluate_atom(formula, freed, completion or {})
    return formula if decided is None else decided


def evaluate_kleene(formula: Formula, freed: Freed = _NOTHING, completion: Completion | None = None) -> bool | None:
    """True or False when the formula is so in every completion; None when that stays open."""
    reduced = reduce(formula, freed, completion)
    return reduced if isinstance(reduced, bool) else None


def unseen_that_matter(formula: Formula) -> tuple[tuple[Fact, ...], dict[Term, Scalar]] | None:
    """What a formula depends on, and a completion in which it is false, where nothing but unseen objects decides it.

    None when other unknowns are left, or when it depends on nothing. Exact: all ways in which the few unseen objects
    may exist are tried; the completion is the one with the fewest and the last of them.
    """
    reduced = reduce(formula)
    facts = () if isinstance(reduced, bool) else unknowns_of(reduced)
    if (
        isinstance(reduced, bool)
        or len(facts) > _MOST_UNSEEN
        or not all(isinstance(fact.value, UnseenObject) for fact in facts)
    ):
        return None
    terms = [unknown_in(fact).term for fact in facts]
    # At most eight objects, so at most 256 rows. An object matters if there is a row that fails and would not without
    # it.
    table = {
        ways: evaluate_kleene(reduced, completion=dict(zip(terms, ways, strict=True)))
        for ways in _list_ways(len(terms))
    }
    failing = [ways for ways, holds in table.items() if not holds]
    matter = [any(table[ways] != table[_flip_way(ways, index)] for ways in failing) for index in range(len(terms))]
    if not any(matter):
        return None
    completion: dict[Term, Scalar] = dict(zip(terms, failing[0], strict=True))
    return tuple(fact for fact, matters in zip(facts, matter, strict=True) if matters), completion


def find_core(formula: Formula, facts: tuple[Fact, ...], completion: Completion | None = None) -> tuple[Fact, ...]:
    """Facts that together make the formula false, none of which can be left out; earlier facts are left out first."""
    by_key = {fact.key: fact for fact in facts}
    core = minimize_core(tuple(by_key), lambda freed: evaluate_kleene(formula, freed, completion) is False)
    return tuple(by_key[key] for key in core)


def _list_ways(count: int) -> list[tuple[bool, ...]]:
    return sorted(product((False, True), repeat=count), key=sum)


def _flip_way(ways: tuple[bool, ...], index: int) -> tuple[bool, ...]:
    return (*ways[:index], not ways[index], *ways[index + 1 :])


def _reduce_parts(formula: And | Or, freed: Freed, completion: Completion | None) -> bool | Formula:
    # One true part decides an `or` whatever is open beside it, one false part an `and`: that is where three values
    # help.
    absorbing = isinstance(formula, Or)
    left: list[Formula] = []
    for part in formula.parts:
        reduced = reduce(part, freed, completion)
        if not isinstance(reduced, bool):
            left.append(reduced)
        elif reduced is absorbing:
            return absorbing
    if not left:
        return not absorbing
    return left[0] if len(left) == 1 else type(formula)(tuple(left))


def _evaluate_atom(atom: Equal | Between | Holds, freed: Freed, completion: Completion) -> bool | None:
    """Three-valued: None where the operands leave it open."""
    if isinstance(atom, Equal):
        return _are_equal(*(_evaluate_operand(operand, freed, completion) for operand in atom))
    if isinstance(atom, Holds):
        value = _evaluate_operand(atom.fact, freed, completion)
        return bool(value) if isinstance(value, bool) else None
    number, low, high = (_evaluate_operand(operand, freed, completion) for operand in atom)
    if not isinstance(number, int):
        return False if number is None or isinstance(number, str) else None
    # One known bound may be enough to say no; both have to be known to say yes.
    if (isinstance(low, int) and number < low) or (isinstance(high, int) and number > high):
        return False
    return True if isinstance(low, int) and isinstance(high, int) else None


def _evaluate_operand(operand: Operand, freed: Freed, completion: Completion) -> object:
    """A scalar, or an object that stands for what is unknown: the fact itself, or an Unknown."""
    if not isinstance(operand, Fact):
        return operand
    if freed and operand.key in freed:
        return operand
    value = operand.value
    return completion.get(value.term, value) if isinstance(value, Unknown) else value


def _are_equal(left: object, right: object) -> bool | None:
    """Three-valued equality of two operands; an unknown equals itself."""
    if left is right:
        return True
    if isinstance(left, Unknown):
        return True if left.same_as(right) else None
    if isinstance(left, Fact):
        return True if isinstance(right, Fact) and left.key == right.key else None
    if isinstance(right, Unknown | Fact):
        return None
    # In Python `True == 1`, in Kubernetes a boolean is no number.
    return left == right and type(left) is type(right)
