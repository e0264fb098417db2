"""Numbers and texts of other values (spf13/cast), and what sprig asks of types."""

from __future__ import annotations

import math
import re
from typing import Any, TypeVar

from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.gotemplate.text import TracedText
from kubeqed.build.gotemplate.values import Int64, PlacedInt, is_true, kind_of, place_of, text_from, type_of

_INTEGER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[bB][01]+(?:_[01]+)*|0[oO]?[0-7]*(?:_[0-7]+)*|[1-9][0-9]*(?:_[0-9]+)*)"
)
_FLOAT = re.compile(r"[+-]?(?:D(?:\.D?)?|\.D)(?:[eE][+-]?[0-9]+)?".replace("D", "[0-9]+(?:_[0-9]+)*"))
_FLOAT_WORD = re.compile(r"[+-]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
_ZERO_DECIMALS = re.compile(r"\.0+\Z")
_LARGEST = 1 << 63
_LONGEST = 1_000  # digits that are read; Python refuses 4,301
Number = TypeVar("Number", PlacedInt, Int64)


def to_whole(value: Any) -> int:
    """A value as an int64; 0 for what is no number."""
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and abs(value) < _LARGEST else -_LARGEST
    if isinstance(value, int):
        return int(value)
    return _parse_whole(value) if isinstance(value, str) else 0


def _parse_whole(text: str) -> int:
    """A text as an int64; 0 for what is none (strconv.ParseInt with base 0)."""
    text = _ZERO_DECIMALS.sub("", text)
    if len(text) > _LONGEST or _INTEGER.fullmatch(text) is None:
        return 0
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    digits = digits.replace("_", "")
    if len(digits) > 1 and digits[0] == "0" and digits[1] in "01234567":
        digits = f"0o{digits[1:]}"
    number = sign * int(digits, 0)
    return number if -_LARGEST <= number < _LARGEST else 0


def to_float(value: Any) -> float:
    """A value as a float64; 0 for what is no number."""
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return _parse_float(value)
    return 0.0


def _parse_float(text: str) -> float:
    """A text as a float64; 0 for what is none, or too large (strconv.ParseFloat)."""
    if _FLOAT_WORD.fullmatch(text):
        return float(text)
    if _FLOAT.fullmatch(text) is None:
        return 0.0
    number = float(text.replace("_", ""))
    return number if math.isfinite(number) else 0.0


def to_int(value: Any) -> int:
    """`int`: the number keeps its place."""
    return _keep_place(PlacedInt(to_whole(value)), value)


def to_int64(value: Any) -> int:
    """`int64`: the number keeps its place."""
    return _keep_place(Int64(to_whole(value)), value)


def _keep_place(number: Number, value: Any) -> Number:
    """A number with the place of the value that it was made of."""
    place = place_of(value)
    if place is None and isinstance(value, TracedText) and (origin := value.origin_at(0)) is not None:
        place = origin.place if origin.source is None else None
    if place is not None:
        number.place = place
    return number


def to_text(value: Any) -> str:
    """`toString`: a text as it is, and what %v prints of other values."""
    if isinstance(value, str):
        return value
    return text_from(spell_value(value), value)


def to_texts(value: Any) -> list[str]:
    """`toStrings`: the texts of a list's items that are not nil."""
    if isinstance(value, list):
        return [to_text(one) for one in value if one is not None]
    return [] if value is None else [to_text(value)]


def is_empty(value: Any) -> bool:
    """`empty`."""
    return not is_true(value)


def default(other: Any, *given: Any) -> Any:
    """`default`: the value that is given, or another one where it is empty."""
    return other if not given or is_empty(given[0]) else given[0]


def coalesce(*values: Any) -> Any:
    """The first value that is not empty."""
    return next((one for one in values if not is_empty(one)), None)


def is_same(one: Any, other: Any) -> bool:
    """`deepEqual`: of the same types all the way down."""
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)


def _parse_int(text: str) -> int:
    """`atoi`."""
    number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,4000}", text) else 0
    return min(max(number, -_LARGEST), _LARGEST - 1)


def _to_decimal(value: Any) -> Int64:
    """`toDecimal`."""
    text = spell_value(value)
    number = int(text, 8) if re.fullmatch(r"[+-]?[0-7]{1,4000}", text) else 0
    return Int64(number if -_LARGEST <= number < _LARGEST else 0)


FUNCTIONS = {
    "int": takes(".", to_int),
    "int64": takes(".", to_int64),
    "float64": takes(".", to_float),
    "atoi": takes("s", _parse_int),
    "toDecimal": takes(".", _to_decimal),
    "toString": takes(".", to_text),
    "toStrings": takes(".", to_texts),
    "default": takes("..*", default),
    "empty": takes(".", is_empty),
    "coalesce": coalesce,
    "all": lambda *values: not any(map(is_empty, values)),
    "any": lambda *values: not all(map(is_empty, values)),
    "ternary": takes("..b", lambda yes, no, test: yes if test else no),
    "typeOf": takes(".", type_of),
    "typeIs": takes("s.", lambda name, value: name == type_of(value)),
    "typeIsLike": takes("s.", lambda name, value: type_of(value) in (name, f"*{name}")),
    "kindOf": takes(".", kind_of),
    "kindIs": takes("s.", lambda name, value: name == kind_of(value)),
    "deepEqual": takes("..", is_same),
}
