"""Arithmetic: whole numbers are int64, as sprig has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import reduce
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import to_float, to_whole
from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.values import Int64, TemplateError

_DIVISION_BY_ZERO = "runtime error: integer divide by zero"


def _wrapped(number: int) -> Int64:
    """An int64 as it overflows."""
    return Int64((number + (1 << 63)) % (1 << 64) - (1 << 63))


def _divide(one: Any, other: Any) -> Int64:
    """`div`: towards zero."""
    dividend, divisor = to_whole(one), to_whole(other)
    if divisor == 0:
        raise TemplateError(_DIVISION_BY_ZERO)
    quotient = abs(dividend) // abs(divisor)
    return _wrapped(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def _modulo(one: Any, other: Any) -> Int64:
    """`mod`: of the sign of the dividend."""
    dividend, divisor = to_whole(one), to_whole(other)
    if divisor == 0:
        raise TemplateError(_DIVISION_BY_ZERO)
    return Int64(
        int(math.fmod(dividend, divisor)) if abs(dividend) < 1 << 52 else dividend - divisor * int(dividend / divisor)
    )


def _decimal(operate: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., float]:
    """A function on decimals, so that 0.1 and 0.2 are 0.3."""

    def calculate(first: Any, *others: Any) -> float:
        made = Decimal(repr(to_float(first)))
        try:
            for one in others:
                made = operate(made, Decimal(repr(to_float(one))))
        except (DivisionByZero, InvalidOperation):
            raise TemplateError("decimal division by 0") from None
        return float(made)

    return calculate


def _round(value: Any, places: int, *on: float) -> float:
    """`round`: from .5 on, or from another part, up."""
    power: float = 10.0 ** float(places)
    digit = power * to_float(value)
    part = math.modf(digit)[0]
    return float(math.ceil(digit) if part >= (on[0] if on else 0.5) else math.floor(digit)) / power


_add = _decimal(lambda one, other: one + other)
FUNCTIONS: dict[str, Function] = {
    "add": lambda *values: _wrapped(sum(map(to_whole, values))),
    "add1": takes(".", lambda value: _wrapped(to_whole(value) + 1)),
    "sub": takes("..", lambda one, other: _wrapped(to_whole(one) - to_whole(other))),
    "mul": takes("..*", lambda *values: _wrapped(reduce(lambda one, other: one * other, map(to_whole, values)))),
    "div": takes("..", _divide),
    "mod": takes("..", _modulo),
    "max": takes("..*", lambda *values: Int64(max(map(to_whole, values)))),
    "biggest": takes("..*", lambda *values: Int64(max(map(to_whole, values)))),
    "min": takes("..*", lambda *values: Int64(min(map(to_whole, values)))),
    "maxf": takes("..*", lambda *values: max(map(to_float, values))),
    "minf": takes("..*", lambda *values: min(map(to_float, values))),
    "floor": takes(".", lambda value: float(math.floor(to_float(value)))),
    "ceil": takes(".", lambda value: float(math.ceil(to_float(value)))),
    "round": takes(".if*", _round),
    "addf": lambda *values: _add(0.0, *values),
    "add1f": takes(".", lambda value: _add(value, 1)),
    "subf": takes("..*", _decimal(lambda one, other: one - other)),
    "mulf": takes("..*", _decimal(lambda one, other: one * other)),
    "divf": takes("..*", _decimal(lambda one, other: one / other)),
}
