"""Facts and formulas in Z3's words.

Strings and numbers are integers of one sort, the strings numbered beyond every number of the formulas, so that an
unknown may turn out to be either, or not set, or something that no formula names.
"""

from __future__ import annotations

from collections.abc import Callable

import z3

from kubeqed.parse import Unknown
from kubeqed.prove.engine.candidates import Candidates, fresh_value
from kubeqed.prove.engine.formula import And, Equal, Fact, Formula, Holds, Not, Operand, Or, Scalar

_ROOM = 1 << 40


class Encoding:
    """Codes for the literals of some formulas, and variables for what is unknown in them."""

    def __init__(self, *formulas: Formula) -> None:
        self.context = z3.Context()
        self.values = Candidates(*formulas)
        self._first_text = max([_ROOM, *(abs(number) + 2 for number in self.values.numbers)])
        self._not_set = self._first_text + _ROOM
        self._other = self._not_set + 1
        self._codes = {text: self._first_text + index for index, text in enumerate(self.values.texts)}
        self._names: dict[object, str] = {}

    def variable(self, unknown: Unknown, kind: str = "x") -> z3.ExprRef:
        """The variable of an unknown; another `kind` gives a second one beside it."""
        index = self._names.setdefault(unknown.term, str(len(self._names)))
        make = z3.Bool if unknown.term in self.values.booleans else z3.Int
        return make(kind + index, ctx=self.context)

    def candidates(self, unknown: Unknown, index: int) -> list[z3.ExprRef]:
        """The values worth trying for an unknown; `index` is its place among the unknowns."""
        unnamed = z3.IntVal(self._other + index, ctx=self.context)
        values = self.values.of(unknown, index)
        return [unnamed if value == fresh_value(index) else self._encode_literal(value) for value in values]

    def decoded(self, value: z3.ExprRef) -> Scalar:
        """What a value of a variable stands for; values that no manifest names read `another value (0)` and so on."""
        if z3.is_bool(value):
            return bool(z3.is_true(value))
        code = int(value.as_long())
        if code < self._first_text:
            return code
        if code < self._first_text + len(self.values.texts):
            return self.values.texts[code - self._first_text]
        return None if code == self._not_set else fresh_value(code - self._other)

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
        left, *bounds = (self._encode_operand(operand, read) for operand in formula)
        if isinstance(formula, Equal):
            return left == bounds[0]
        return z3.And(bounds[0] <= left, left <= bounds[1])

    def fact(self, fact: Fact) -> z3.ExprRef:
        """A fact's value."""
        return self.variable(fact.value) if isinstance(fact.value, Unknown) else self._encode_literal(fact.value)

    def free(self, fact: Fact, index: int) -> z3.ExprRef:
        """A variable in place of a fact."""
        value = fact.value
        holds = value.term in self.values.booleans if isinstance(value, Unknown) else isinstance(value, bool)
        return (z3.Bool if holds else z3.Int)(f"f{index}", ctx=self.context)

    def _encode_operand(self, operand: Operand, read: Callable[[Fact], z3.ExprRef]) -> z3.ExprRef:
        return read(operand) if isinstance(operand, Fact) else self._encode_literal(operand)

    def _encode_literal(self, scalar: Scalar) -> z3.ExprRef:
        if isinstance(scalar, bool):
            return z3.BoolVal(scalar, ctx=self.context)
        code = self._not_set if scalar is None else scalar if isinstance(scalar, int) else self._codes[scalar]
        return z3.IntVal(code, ctx=self.context)
