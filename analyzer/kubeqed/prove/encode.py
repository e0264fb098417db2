"""Facts and formulas in Z3's words.

Strings and numbers are integers of one sort, the strings numbered beyond every number a manifest may hold, so that an
unknown may turn out to be either.
"""

from __future__ import annotations

from collections.abc import Callable

import z3

from kubeqed.parse import Unknown
from kubeqed.prove.formula import And, Between, Equal, Fact, Formula, Holds, Not, Operand, Or, Scalar, facts_of

NOT_SET = 1 << 41
OTHER = 1 << 42
_STRINGS = 1 << 40


class Encoding:
    """Codes for the literals of some formulas, and variables for what is unknown in them."""

    def __init__(self, *formulas: Formula) -> None:
        self.context = z3.Context()
        literals = {value for formula in formulas for value in _literals(formula)}
        self.numbers = sorted(value for value in literals if isinstance(value, int))
        self.texts = sorted(value for value in literals if isinstance(value, str))
        self.codes = {text: _STRINGS + index for index, text in enumerate(self.texts)}
        self.booleans = {fact.value.term for fact in _boolean(*formulas) if isinstance(fact.value, Unknown)}
        self._names: dict[object, str] = {}

    def variable(self, unknown: Unknown, kind: str = "x") -> z3.ExprRef:
        """The variable of an unknown; another `kind` gives a second one beside it."""
        index = self._names.setdefault(unknown.term, str(len(self._names)))
        make = z3.Bool if unknown.term in self.booleans else z3.Int
        return make(kind + index, ctx=self.context)

    def candidates(self, unknown: Unknown) -> list[Scalar]:
        """Values worth trying for an unknown, the plainest first; `None` stands for one that no manifest names."""
        return [False, True] if unknown.term in self.booleans else [*self.numbers, *self.texts, None]

    def value(self, scalar: Scalar, other: int = 0) -> z3.ExprRef:
        """A literal; None is the `other`-th value that no manifest names."""
        if isinstance(scalar, bool):
            return z3.BoolVal(scalar, ctx=self.context)
        code = OTHER + other if scalar is None else scalar if isinstance(scalar, int) else self.codes[scalar]
        return z3.IntVal(code, ctx=self.context)

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
        """A variable in place of a known fact."""
        make = z3.Bool if isinstance(fact.value, bool) else z3.Int
        return make(f"f{index}", ctx=self.context)

    def _operand(self, operand: Operand, read: Callable[[Fact], z3.ExprRef]) -> z3.ExprRef:
        return read(operand) if isinstance(operand, Fact) else self._literal(operand)

    def _literal(self, scalar: Scalar) -> z3.ExprRef:
        return z3.IntVal(NOT_SET, ctx=self.context) if scalar is None else self.value(scalar)


def _literals(formula: Formula) -> set[str | int]:
    """The strings and numbers that a formula holds."""
    if isinstance(formula, And | Or):
        return {value for part in formula.parts for value in _literals(part)}
    if isinstance(formula, Not):
        return _literals(formula.part)
    values = (operand.value if isinstance(operand, Fact) else operand for operand in formula)
    return {value for value in values if isinstance(value, str | int) and not isinstance(value, bool)}


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
