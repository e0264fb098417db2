"""Values worth trying for what is unknown in a formula, the plainest first, so that a witness reads well.

They are those that an unknown is compared with, if only by way of another unknown, so that no port reads `ClusterIP`;
the numbers beside them; one that no manifest names; and not set.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.parse import Term, Unknown
from kubeqed.prove.engine.formula import And, Fact, Formula, Holds, Not, Operand, Or, Scalar, facts_of

OTHER = "another value"


class Candidates:
    """The values of some formulas, and with which of them each unknown is compared."""

    def __init__(self, *formulas: Formula) -> None:
        literals = {value for formula in formulas for value in _collect_literals(formula)}
        self.numbers = sorted(value for value in literals if isinstance(value, int))
        self.texts = sorted(value for value in literals if isinstance(value, str))
        self.booleans = {fact.value.term for fact in _list_booleans(*formulas) if isinstance(fact.value, Unknown)}
        self._compared = _collect_compared(*formulas)

    def of(self, unknown: Unknown, index: int) -> list[Scalar]:
        """The values worth trying for an unknown, the plainest first; `index` is its place among the unknowns."""
        if unknown.term in self.booleans:
            return [False, True]
        compared = self._compared.get(unknown.term, set())
        numbers = [number for number in self.numbers if number in compared]
        texts = [text for text in self.texts if text in compared]
        beside = {near for number in numbers for near in (number - 1, number + 1)}.difference(numbers)
        return [*numbers, *texts, fresh_value(index), *sorted(beside), None]


def fresh_value(index: int) -> str:
    """A value that no manifest names; another for each index."""
    return f"{OTHER} ({index})"


def display_value(value: Scalar) -> Scalar:
    """A value as a witness shows it."""
    if value is None:
        return "not set"
    return OTHER if isinstance(value, str) and value.startswith(OTHER) else value


def _collect_literals(formula: Formula) -> set[str | int]:
    """The strings and numbers that a formula holds."""
    if isinstance(formula, And | Or):
        return {value for part in formula.parts for value in _collect_literals(part)}
    if isinstance(formula, Not):
        return _collect_literals(formula.part)
    values = (operand.value if isinstance(operand, Fact) else operand for operand in formula)
    return {value for value in values if isinstance(value, str | int) and not isinstance(value, bool)}


def _collect_compared(*formulas: Formula) -> dict[Term, set[Scalar]]:
    """With which known values each unknown is compared; unknowns that are compared share theirs."""
    found: dict[Term, set[Scalar]] = {}
    for operands in (operands for formula in formulas for operands in _list_comparisons(formula)):
        values = [operand.value if isinstance(operand, Fact) else operand for operand in operands]
        terms = [value.term for value in values if isinstance(value, Unknown)]
        shared = {id(found[term]): found[term] for term in terms if term in found}
        merged: set[Scalar] = {value for value in values if not isinstance(value, Unknown)}.union(*shared.values())
        for term in (*(term for term, known in found.items() if id(known) in shared), *terms):
            found[term] = merged
    return found


def _list_comparisons(formula: Formula) -> Iterator[tuple[Operand, ...]]:
    """The pairs of operands that a formula compares."""
    if isinstance(formula, And | Or):
        for part in formula.parts:
            yield from _list_comparisons(part)
    elif isinstance(formula, Not):
        yield from _list_comparisons(formula.part)
    elif not isinstance(formula, Holds):
        yield tuple(formula)


def _list_booleans(*formulas: Formula) -> list[Fact]:
    """The facts that a formula asks to hold."""
    found: list[Fact] = []
    for formula in formulas:
        if isinstance(formula, And | Or):
            found += _list_booleans(*formula.parts)
        elif isinstance(formula, Not):
            found += _list_booleans(formula.part)
        elif isinstance(formula, Holds):
            found += facts_of(formula)
    return found
