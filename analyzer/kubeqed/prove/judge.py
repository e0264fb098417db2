"""Reading a formula three-valued: true, false, or open.

An unknown equals itself, so most formulas are decided although unknowns occur in them. Where `judge` decides, every
completion agrees with it, and so does Z3 (tested).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from kubeqed.model.unseen import Unseen
from kubeqed.parse import Term, Unknown
from kubeqed.prove.formula import And, Between, Equal, Fact, Formula, Holds, Not, Operand, Or, Scalar, unknown_in, unknowns_of

Completion = Mapping[Term, Scalar]
_MOST_UNSEEN = 8
_NOTHING: frozenset[int] = frozenset()


def reduce(formula: Formula, freed: frozenset[int] = _NOTHING, completion: Completion | None = None) -> bool | Formula:
    """The formula with all that is known put in: a bool when that decides it, else what stays open.

    `freed` holds the `id` of facts that count as unknown, each for itself; `completion` gives unknowns, by their
    term, a value.
    """
    if isinstance(formula, And | Or):
        return _reduce_parts(formula, freed, completion)
    if isinstance(formula, Not):
        part = reduce(formula.part, freed, completion)
        return not part if isinstance(part, bool) else Not(part)
    decided = _atom(formula, freed, completion or {})
    return formula if decided is None else decided


def judge(formula: Formula, freed: frozenset[int] = _NOTHING, completion: Completion | None = None) -> bool | None:
    """True or False when the formula is so in every completion; None when that stays open."""
    reduced = reduce(formula, freed, completion)
    return reduced if isinstance(reduced, bool) else None


def unseen_that_matter(formula: Formula) -> tuple[Fact, ...] | None:
    """What an open formula depends on, when that is nothing but unseen objects; None when it is more.

    Exact: all ways in which the few unseen objects may exist are tried.
    """
    reduced = reduce(formula)
    facts = () if isinstance(reduced, bool) else unknowns_of(reduced)
    if isinstance(reduced, bool) or len(facts) > _MOST_UNSEEN or not all(isinstance(fact.value, Unseen) for fact in facts):
        return None
    terms = [unknown_in(fact).term for fact in facts]
    table = {ways: judge(reduced, completion=dict(zip(terms, ways, strict=True))) for ways in _ways(len(terms))}
    matter = [any(table[ways] != table[_flipped(ways, index)] for ways in table) for index in range(len(terms))]
    return tuple(fact for fact, matters in zip(facts, matter, strict=True) if matters)


def core(formula: Formula, facts: tuple[Fact, ...], completion: Completion | None = None) -> tuple[Fact, ...]:
    """Facts that together make the formula false, none of which can be left out; earlier facts are left out first."""
    freed: set[int] = set()
    for fact in facts:
        freed.add(id(fact))
        if judge(formula, frozenset(freed), completion) is not False:
            freed.discard(id(fact))
    return tuple(fact for fact in facts if id(fact) not in freed)


def _ways(count: int) -> product[tuple[bool, ...]]:
    return product((False, True), repeat=count)


def _flipped(ways: tuple[bool, ...], index: int) -> tuple[bool, ...]:
    return (*ways[:index], not ways[index], *ways[index + 1 :])


def _reduce_parts(formula: And | Or, freed: frozenset[int], completion: Completion | None) -> bool | Formula:
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


def _atom(atom: Equal | Between | Holds, freed: frozenset[int], completion: Completion) -> bool | None:
    if isinstance(atom, Equal):
        return _equal(*(_value(operand, freed, completion) for operand in atom))
    if isinstance(atom, Holds):
        value = _value(atom.fact, freed, completion)
        return bool(value) if isinstance(value, bool) else None
    number, low, high = (_value(operand, freed, completion) for operand in atom)
    if isinstance(number, int) and isinstance(low, int) and isinstance(high, int):
        return low <= number <= high
    return False if number is None or isinstance(number, str) else None


def _value(operand: Operand, freed: frozenset[int], completion: Completion) -> object:
    """A scalar, or an object that stands for what is unknown: the fact itself, or an Unknown."""
    if not isinstance(operand, Fact):
        return operand
    if id(operand) in freed:
        return operand
    value = operand.value
    return completion.get(value.term, value) if isinstance(value, Unknown) else value


def _equal(left: object, right: object) -> bool | None:
    if left is right:
        return True
    if isinstance(left, Unknown):
        return True if left.same_as(right) else None
    if isinstance(right, Unknown) or isinstance(left, Fact) or isinstance(right, Fact):
        return None
    return left == right and type(left) is type(right)
