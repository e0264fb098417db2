"""Which Go types a function takes: what a template gives is checked as text/template does before it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.values import ArgumentError, Int64, type_of

Function = Callable[..., Any]
_NAMES = {"s": "string", "i": "int", "b": "bool", "m": "map[string]interface {}", "l": "[]interface {}", "f": "float64"}


def takes(types: str, function: Function) -> Function:
    """A function with its parameters by letter: s(tring), i(nt), b(ool), m(ap), l(ist), f(loat64), `.` for any.

    A `*` behind a letter says that any number of such arguments may end the list.
    """
    fixed, rest = (types[:-2], types[-2]) if types.endswith("*") else (types, "")
    least = len(fixed)

    def call(*given: Any) -> Any:
        if len(given) < least or (len(given) > least and not rest):
            wanted = f"want at least {least}" if rest else f"want {least}"
            raise ArgumentError(f"wrong number of args: {wanted} got {len(given)}")
        for number, value in enumerate(given):
            _check_argument(fixed[number] if number < least else rest, value, number)
        return function(*given)

    call.__dict__["takes"] = (least, bool(rest))
    return call


def _check_argument(letter: str, value: Any, number: int) -> None:
    """Refuses an argument that is not of the type of a letter."""
    if letter == "." or _is_of(letter, value):
        return
    wanted = _NAMES[letter]
    raise ArgumentError(f"wrong type for value; expected {wanted}; got {type_of(value)}", number, wanted)


def _is_of(letter: str, value: Any) -> bool:
    """Whether a value is of the type of a letter."""
    if letter == "s":
        return isinstance(value, str)
    if letter == "i":
        return isinstance(value, int) and not isinstance(value, bool | Int64)
    if letter == "b":
        return isinstance(value, bool)
    if letter == "f":
        return isinstance(value, float)
    return isinstance(value, dict if letter == "m" else list)
