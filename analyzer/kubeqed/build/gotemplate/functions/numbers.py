"""Arithmetic: whole numbers are int64, as sprig has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import to_float, to_whole
from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.printing import spell_float
from kubeqed.build.gotemplate.values import Int64, TemplateError

_EXACT = Context(prec=2000, rounding=ROUND_HALF_UP)  # digits enough for all float64
_LAST_DECIMAL = Decimal("1e-16")
_DIVISION_BY_ZERO = "runtime error: integer divide by zero"


def _wrap_overflow(number: int) -> Int64:
    """An int64 as it overflows."""
    return Int64((number + (1 << 63)) % (1 << 64) - (1 << 63))


def _divide_integers(one: Any, other: Any) -> Int64:
    """`div`: towards zero."""
    dividend, divisor = to_whole(one), to_whole(other)
    if divisor == 0:
        raise TemplateError(_DIVISION_BY_ZERO)
    quotient = abs(dividend) // abs(divisor)
    return _wrap_overflow(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def _take_remainder(one: Any, other: Any) -> Int64:
    """`mod`: of the sign of the dividend."""
    dividend, divisor = to_whole(one), to_whole(other)
    if divisor == 0:
        raise TemplateError(_DIVISION_BY_ZERO)
    rest = abs(dividend) % abs(divisor)
    return Int64(-rest if dividend < 0 else rest)


def _to_decimal(value: Any) -> Decimal:
    """A number in the digits that a float64 prints."""
    number = to_float(value)
    if not math.isfinite(number):
        raise TemplateError(f"Cannot create a Decimal from {spell_float(number)}")
    return Decimal(repr(number))


def _make_decimal_function(operate: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., float]:
    """A function on decimals, so that 0.1 and 0.2 are 0.3."""

    def calculate(first: Any, *others: Any) -> float:
        made = reduce(operate, map(_to_decimal, others), _to_decimal(first))
        return float(made) or 0.0  # a decimal knows no negative zero

    return calculate


def _divide_decimals(one: Decimal, other: Decimal) -> Decimal:
    """A quotient to 16 decimals (shopspring's DivisionPrecision)."""
    if not other:
        raise TemplateError("decimal division by 0")
    return _EXACT.quantize(_EXACT.divide(one, other), _LAST_DECIMAL)


def _round(value: Any, places: int, *on: float) -> float:
    """`round`: from .5 on, or from another part, up."""
    try:
        power = math.pow(10, places)
    except OverflowError:
        power = math.inf
    digit = power * to_float(value)
    if not power or not math.isfinite(digit):
        return digit / power if power else math.nan
    is_up = math.modf(digit)[0] >= (on[0] if on else 0.5)
    return _to_whole(math.ceil if is_up else math.floor, digit) / power


def _to_whole(find: Callable[[float], int], value: Any) -> float:
    """`floor` and `ceil`: the sign of zero, and what is not finite, stay."""
    number = to_float(value)
    return math.copysign(find(number), number) if math.isfinite(number) else number


_add = _make_decimal_function(_EXACT.add)
FUNCTIONS: dict[str, Function] = {
    "add": lambda *values: _wrap_overflow(sum(map(to_whole, values))),
    "add1": takes(".", lambda value: _wrap_overflow(to_whole(value) + 1)),
    "sub": takes("..", lambda one, other: _wrap_overflow(to_whole(one) - to_whole(other))),
    "mul": takes("..*", lambda *values: _wrap_overflow(reduce(lambda one, other: one * other, map(to_whole, values)))),
    "div": takes("..", _divide_integers),
    "mod": takes("..", _take_remainder),
    "max": takes("..*", lambda *values: Int64(max(map(to_whole, values)))),
    "biggest": takes("..*", lambda *values: Int64(max(map(to_whole, values)))),
    "min": takes("..*", lambda *values: Int64(min(map(to_whole, values)))),
    "maxf": takes("..*", lambda *values: max(map(to_float, values))),
    "minf": takes("..*", lambda *values: min(map(to_float, values))),
    "floor": takes(".", lambda value: _to_whole(math.floor, value)),
    "ceil": takes(".", lambda value: _to_whole(math.ceil, value)),
    "round": takes(".if*", _round),
    "addf": lambda *values: _add(0.0, *values),
    "add1f": takes(".", lambda value: _add(value, 1)),
    "subf": takes("..*", _make_decimal_function(_EXACT.subtract)),
    "mulf": takes("..*", _make_decimal_function(_EXACT.multiply)),
    "divf": takes("..*", _make_decimal_function(_divide_decimals)),
}
