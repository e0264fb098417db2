"""Facts and formulas in Z3's words.

Strings and numbers are integers of one sort, the strings numbered beyond every number of the formulas, so that an
unknown may turn out to be either, or not set, or something that no formula names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import z3

from kubeqed.parse import Term, Unknown
from kubeqed.prove.formula import And, Equal, Fact, Formula, Holds, Not, Operand, Or, Scalar, facts_of

_ROOM = 1 << 40
OTHER = "another value"


class Encoding:
    """Codes for the literals of some formulas, and variables for what is unknown in them."""

    def __init__(self, *formulas: Formula) -> None:
        self.context = z3.Context()
        literals = {value for formula in formulas for value in _literals(formula)}
        self.numbers = sorted(value for value in literals if isinstance(value, int))
        self.texts = sorted(value for value in literals if isinstance(value, str))
        self._first_text = max([_ROOM, *(abs(number) + 2 for number in self.numbers)])
        self._not_set = self._first_text + _ROOM
        self._other = self._not_set + 1
        self._codes = {text: self._first_text + index for index, text in enumerate(self.texts)}
        self.booleans = {fact.value.term for fact in _boolean(*formulas) if isinstance(fact.value, Unknown)}
        self._names: dict[object, str] = {}
        self._compared = _compared(*formulas)

    def variable(self, unknown: Unknown, kind: str = "x") -> z3.ExprRef:
        """The variable of an unknown; another `kind` gives a second one beside it."""
        index = self._names.setdefault(unknown.term, str(len(self._names)))
        make = z3.Bool if unknown.term in self.booleans else z3.Int
        return make(kind + index, ctx=self.context)

    def candidates(self, unknown: Unknown, other: int) -> list[z3.ExprRef]:
        """Values worth trying for an unknown, the plainest first; one is the `other`-th that no manifest names.

        They are those that it is compared with, if only by way of another unknown, so that no port reads `ClusterIP`.
        """
        if unknown.term in self.booleans:
            return [z3.BoolVal(value, ctx=self.context) for value in (False, True)]
        compared = self._compared.get(unknown.term, set())
        numbers = [number for number in self.numbers if number in compared]
        texts = [self._codes[text] for text in self.texts if text in compared]
        beside = {near for number in numbers for near in (number - 1, number + 1)}.difference(numbers)
        codes = (*numbers, *texts, self._other + other, *sorted(beside), self._not_set)
        return [z3.IntVal(code, ctx=self.context) for code in codes]

    def decoded(self, value: z3.ExprRef) -> Scalar:
        """What a value of a variable stands for; values that no manifest names read `another value (0)` and so on."""
        if z3.is_bool(value):
            return bool(z3.is_true(value))
        code = int(value.as_long())
        if code < self._first_text:
            return code
        if code < self._first_text + len(self.texts):
            return self.texts[code - self._first_text]
        return None if code == self._not_set else f"{OTHER} ({code - self._other})"

    def formula(self, formula: Formula, read: Callable[[Fact], z3.ExprRef] | None = None) -> z3.BoolRef:
        """The formula with known facts put in, or read by `read`."""
        read = read or self.fact
        if isinstance(formula, And):
            return z3.And(z3.BoolVal(True, ctx=self.context), *(self.formula(part, read) for part in formula.parts))
        if isinstance(formula, Or):
            return z3.Or(z3.BoolVal(False, ctx=self.context), *(self.formula(part, read) for part in formula.parts))
        if isinstance(formula, Not):
            return z3.Not(self.formula(formula.part, read))
        if isinstance(formula, Holds):
            return read(formula.fact)
        left, *bounds = (self._operand(operand, read) for operand in formula)
        if isinstance(formula, Equal):
            return left == bounds[0]
        return z3.And(bounds[0] <= left, left <= bounds[1])

    def fact(self, fact: Fact) -> z3.ExprRef:
        """A fact's value."""
        return self.variable(fact.value) if isinstance(fact.value, Unknown) else self._literal(fact.value)

    def free(self, fact: Fact, index: int) -> z3.ExprRef:
        """A variable in place of a fact."""
        value = fact.value
        holds = value.term in self.booleans if isinstance(value, Unknown) else isinstance(value, bool)
        return (z3.Bool if holds else z3.Int)(f"f{index}", ctx=self.context)

    def _operand(self, operand: Operand, read: Callable[[Fact], z3.ExprRef]) -> z3.ExprRef:
        return read(operand) if isinstance(operand, Fact) else self._literal(operand)

    def _literal(self, scalar: Scalar) -> z3.ExprRef:
        if isinstance(scalar, bool):
            return z3.BoolVal(scalar, ctx=self.context)
        code = self._not_set if scalar is None else scalar if isinstance(scalar, int) else self._codes[scalar]
        return z3.IntVal(code, ctx=self.context)


def _literals(formula: Formula) -> set[str | int]:
    """The strings and numbers that a formula holds."""
    if isinstance(formula, And | Or):
        return {value for part in formula.parts for value in _literals(part)}
    if isinstance(formula, Not):
        return _literals(formula.part)
    values = (operand.value if isinstance(operand, Fact) else operand for operand in formula)
    return {value for value in values if isinstance(value, str | int) and not isinstance(value, bool)}


def _compared(*formulas: Formula) -> dict[Term, set[Scalar]]:
    """With which known values each unknown is compared; unknowns that are compared share theirs."""
    found: dict[Term, set[Scalar]] = {}
    for operands in (operands for formula in formulas for operands in _comparisons(formula)):
        values = [operand.value if isinstance(operand, Fact) else operand for operand in operands]
        terms = [value.term for value in values if isinstance(value, Unknown)]
        shared = {id(found[term]): found[term] for term in terms if term in found}
        merged: set[Scalar] = {value for value in values if not isinstance(value, Unknown)}.union(*shared.values())
        for term in (*(term for term, known in found.items() if id(known) in shared), *terms):
            found[term] = merged
    return found


def _comparisons(formula: Formula) -> Iterator[tuple[Operand, ...]]:
    if isinstance(formula, And | Or):
        for part in formula.parts:
            yield from _comparisons(part)
    elif isinstance(formula, Not):
        yield from _comparisons(formula.part)
    elif not isinstance(formula, Holds):
        yield tuple(formula)


def _boolean(*formulas: Formula) -> list[Fact]:
    """The facts that a formula asks to hold."""
    found: list[Fact] = []
    for formula in formulas:
        if isinstance(formula, And | Or):
            found += _boolean(*formula.parts)
        elif isinstance(formula, Not):
            found += _boolean(formula.part)
        elif isinstance(formula, Holds):
            found += facts_of(formula)
    return found
