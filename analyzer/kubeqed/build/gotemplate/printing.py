"""How Go writes values as text: what `{{ x }}` prints, and the verbs of `printf` (package fmt)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_SMALLEST_PLAIN, _LARGEST_PLAIN = -4, 6  # powers of ten between which %v writes no exponent
NO_VALUE = "<no value>"
_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}
_UNQUOTED = re.compile(r"[^ !#-\[\]-~]")


def print_value(value: Any) -> str:
    """A value as an action prints it."""
    return NO_VALUE if value is None else spell_value(value)


def spell_value(value: Any) -> str:
    """A value as Go prints it with %v."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return spell_float(value)
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{spell_value(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(spell_value, value))}]"
    return "<nil>" if value is None else str(value)


def spell_float(value: float, largest: int = _LARGEST_PLAIN) -> str:
    """A float64 in the fewest digits; with an exponent from the power `largest` of ten on."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(str(value), "NaN")
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    power = len(digits) - 1 + int(exponent)
    if value == 0 or _SMALLEST_PLAIN <= power < largest:
        return f"{Decimal(repr(float(value))).normalize():f}" if value else ("-0" if sign else "0")
    head, tail = str(digits[0]), "".join(map(str, digits[1:]))
    return f"{'-' * sign}{head}{f'.{tail}' if tail else ''}e{'-' if power < 0 else '+'}{abs(power):02}"


def quote_text(text: str) -> str:
    """A text as %q writes it."""
    return f'"{_UNQUOTED.sub(_escape_sign, text)}"' if _UNQUOTED.search(text) else f'"{text}"'


def _escape_sign(match: re.Match[str]) -> str:
    """A sign as Go escapes it in quotes."""
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and character != "\ufffd":
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def print_all(*values: Any) -> str:
    """`print`: blanks stand between values of which neither is a text (fmt.Sprint)."""
    text = ""
    for number, value in enumerate(values):
        if number and not isinstance(value, str) and not isinstance(values[number - 1], str):
            text += " "
        text += spell_value(value)
    return text


def print_line(*values: Any) -> str:
    """`println`: blanks between all values, and a new line behind them."""
    return " ".join(map(spell_value, values)) + "\n"
