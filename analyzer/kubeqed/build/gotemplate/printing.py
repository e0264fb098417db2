"""How Go writes values as text: what `{{ x }}` prints, and the verbs of `printf` (package fmt)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from kubeqed.build.gotemplate.values import TemplateError, type_of

_SMALLEST_PLAIN, _LARGEST_PLAIN = -4, 6  # powers of ten between which %v writes no exponent
_WIDEST = 1_000_000  # as fmt has it
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
_VERB = re.compile(r"%(?P<flags>[-+# 0]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d*))?(?P<verb>.|\Z)", re.DOTALL)


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
    return f'"{_UNQUOTED.sub(_escape, text)}"' if _UNQUOTED.search(text) else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
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


def format_values(pattern: Any, *values: Any) -> str:
    """`printf`."""
    if not isinstance(pattern, str):
        raise TemplateError(f"wrong type for value; expected string; got {type_of(pattern)}")
    formatting = _Formatting(list(values))
    text = _VERB.sub(formatting.write, pattern)
    if formatting.rest:
        text += f"%!(EXTRA {', '.join(_typed(one) for one in formatting.rest)})"
    return text


def _typed(value: Any) -> str:
    """A value with its type, as Go shows one that does not fit its verb."""
    return "<nil>" if value is None else f"{type_of(value)}={spell_value(value)}"


class _Formatting:
    """The values of one `printf` that are not written yet."""

    def __init__(self, values: list[Any]) -> None:
        self.rest = values

    def write(self, match: re.Match[str]) -> str:
        """What stands in place of one verb."""
        flags, verb = match["flags"], match["verb"]
        if not verb:
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        width, flags = self._number(match["width"], flags)
        precision, _ = self._number(match["precision"], "")
        if match["precision"] == "":
            precision = 0
        if not self.rest:
            return f"%!{verb}(MISSING)"
        text = _write(self.rest.pop(0), verb, flags, precision)
        return _pad(text, width or 0, flags, verb)

    def _number(self, text: str | None, flags: str) -> tuple[int | None, str]:
        """A width or a precision, which `*` takes from the values."""
        if text != "*":
            number = int(text) if text else None
        elif self.rest and isinstance(self.rest[0], int) and not isinstance(self.rest[0], bool):
            number = int(self.rest.pop(0))
            if number < 0:
                flags, number = flags + "-", -number
        else:
            raise TemplateError("a width that is not done here")
        if number is not None and number > _WIDEST:
            raise TemplateError("a width that is not done here")
        return number, flags


def _pad(text: str, width: int, flags: str, verb: str) -> str:
    """A text of at least a width."""
    if len(text) >= width:
        return text
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and verb in "dfFeEgGxXobBtvqs":
        sign = text[:1] if text[:1] in "+-" and verb not in "sqt" else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _write(value: Any, verb: str, flags: str, precision: int | None) -> str:
    """One value by one verb; Go shows a value of the wrong kind with its type."""
    if verb == "T":
        return type_of(value)
    if isinstance(value, dict):
        inside = (
            f"{_write(key, verb, flags, precision)}:{_inside(value[key], verb, flags, precision)}"
            for key in sorted(value)
        )
        return f"map[{' '.join(inside)}]"
    if isinstance(value, list):
        return f"[{' '.join(_inside(one, verb, flags, precision) for one in value)}]"
    if verb == "v":
        return _signed(spell_value(value), value, flags.replace("+", ""))  # `%+v` means the names of fields
    if value is None:
        return f"%!{verb}(<nil>)"
    made = _of_kind(value, verb, flags, precision)
    return f"%!{verb}({_typed(value)})" if made is None else made


def _inside(value: Any, verb: str, flags: str, precision: int | None) -> str:
    """A value inside of another one, where nil has no verb."""
    return "<nil>" if value is None else _write(value, verb, flags, precision)


def _of_kind(value: Any, verb: str, flags: str, precision: int | None) -> str | None:
    """A scalar by a verb; None where that does not fit its kind."""
    if isinstance(value, bool):
        return spell_value(value) if verb == "t" else None
    if isinstance(value, int):
        return _whole(value, verb, flags, precision)
    if isinstance(value, float):
        return _float(value, verb, flags, precision)
    if not isinstance(value, str):
        return spell_value(value) if verb == "s" else None
    text = value if precision is None else value[:precision]
    if verb == "s":
        return text
    if verb == "q":
        return f"`{text}`" if "#" in flags and "`" not in text else quote_text(text)
    if verb in "xX":
        made = text.encode().hex()
        return made.upper() if verb == "X" else made
    return None


def _whole(value: int, verb: str, flags: str, precision: int | None) -> str | None:
    """A whole number by a verb."""
    value = int(value)
    if verb == "c":
        return chr(value) if 0 <= value < 0x110000 else "\ufffd"
    if verb == "q":
        return "'" + chr(value) + "'"
    if verb == "U":
        return f"U+{value:04X}"
    form = {"d": "d", "x": "x", "X": "X", "o": "o", "b": "b"}.get(verb)
    if form is None:
        return None
    digits = format(abs(value), form)
    if precision is not None:
        digits = digits.zfill(precision)
    if "#" in flags and verb in "xXob":
        digits = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}[verb] + digits
    return _signed(f"-{digits}" if value < 0 else digits, value, flags)


def _float(value: float, verb: str, flags: str, precision: int | None) -> str | None:
    """A float64 by a verb."""
    value = float(value)
    if verb in "gG" and precision is None:
        return _signed(spell_float(value, 21), value, flags)
    if verb not in "eEfFgG":
        return None
    made = f"{value:.{6 if precision is None else precision}{verb}}"
    return _signed(made, value, flags)


def _signed(text: str, value: Any, flags: str) -> str:
    """A number with the sign that flags ask for."""
    if isinstance(value, bool) or not isinstance(value, int | float) or text.startswith("-"):
        return text
    return ("+" if "+" in flags else " " if " " in flags else "") + text
