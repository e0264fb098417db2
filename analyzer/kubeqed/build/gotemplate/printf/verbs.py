"""One value by one verb of `printf` (package fmt's print.go and format.go)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from kubeqed.build.gotemplate.printing import quote_text, spell_float, spell_value
from kubeqed.build.gotemplate.values import type_of

_BASES = {"d": "d", "v": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_PREFIXES = {"b": "0b", "o": "0", "O": "0o", "x": "0x", "X": "0X"}


@dataclass(slots=True)
class Directive:
    """What stands between `%` and its verb."""

    flags: str = ""
    width: int | None = None
    precision: int | None = None

    def pad(self, text: str, *, by_zero: bool = True) -> str:
        """A text of at least the width; zeros stand on its left only."""
        width = self.width or 0
        if "-" in self.flags:
            return text.ljust(width)
        return text.rjust(width, "0" if by_zero and "0" in self.flags else " ")


def write_value(value: Any, verb: str, directive: Directive) -> str:
    """A value by a verb; Go shows a value of the wrong kind with its type."""
    if verb == "T":
        return directive.pad(_cut_text(type_of(value), directive))
    if value is None:
        return directive.pad("<nil>") if verb == "v" else f"%!{verb}(<nil>)"
    is_source = verb == "v" and "#" in directive.flags
    if verb == "v":  # `+` and `#` have another meaning for this one
        plain = "".join(flag for flag in directive.flags if flag not in "+#")
        directive = Directive(plain, directive.width, directive.precision)
    return _format_value(value, verb, directive, is_source=is_source)


def _format_value(value: Any, verb: str, directive: Directive, *, is_source: bool) -> str:
    """A value that is not nil; `is_source` asks for it as a program writes it."""
    if isinstance(value, dict):
        entries = [
            f"{_format_value(key, verb, directive, is_source=is_source)}:{_format_inside(value[key], verb, directive, is_source=is_source)}"
            for key in sorted(value)
        ]
        return f"{type_of(value)}{{{', '.join(entries)}}}" if is_source else f"map[{' '.join(entries)}]"
    if isinstance(value, list):
        items = [_format_inside(one, verb, directive, is_source=is_source) for one in value]
        return f"{type_of(value)}{{{', '.join(items)}}}" if is_source else f"[{' '.join(items)}]"
    made = _write_scalar(value, "q" if is_source and isinstance(value, str) else verb, directive)
    if made is None:
        return f"%!{verb}({type_of(value)}={_format_value(value, 'v', directive, is_source=False)})"
    return made


def _format_inside(value: Any, verb: str, directive: Directive, *, is_source: bool) -> str:
    """A value inside of another one, where nil has no verb."""
    if value is None:
        return "interface {}(nil)" if is_source else "<nil>"
    return _format_value(value, verb, directive, is_source=is_source)


def _write_scalar(value: Any, verb: str, directive: Directive) -> str | None:
    """A scalar by a verb; None where that does not fit its kind."""
    if isinstance(value, bool):
        return directive.pad(spell_value(value)) if verb in "tv" else None
    if isinstance(value, int):
        return _write_whole(int(value), verb, directive)
    if isinstance(value, float):
        return _write_float(float(value), verb, directive)
    if not isinstance(value, str):
        return directive.pad(spell_value(value)) if verb in "sv" else None
    return _write_text(value, verb, directive)


def _cut_text(text: str, directive: Directive) -> str:
    """A text that is no longer than the precision."""
    return text if directive.precision is None else text[: directive.precision]


def _write_text(value: str, verb: str, directive: Directive) -> str | None:
    """A text by a verb."""
    if verb in "sv":
        return directive.pad(_cut_text(value, directive))
    if verb == "q":
        text = _cut_text(value, directive)
        if "#" in directive.flags and "`" not in text and all(sign.isprintable() or sign == "\t" for sign in text):
            return directive.pad(f"`{text}`")
        return directive.pad(_quote_text(text, directive))
    if verb in "xX":
        return directive.pad(_write_bytes(value, verb, directive))
    return None


def _quote_text(text: str, directive: Directive) -> str:
    """A text in quotes, of signs of ASCII alone if `+` asks for them."""
    quoted = quote_text(text)
    if "+" not in directive.flags or quoted.isascii():
        return quoted
    return "".join(one if one.isascii() else _escape_character(ord(one)) for one in quoted)


def _escape_character(code: int) -> str:
    """A character outside of ASCII as an escape."""
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _write_bytes(value: str, verb: str, directive: Directive) -> str:
    """The bytes of a text in hexadecimal digits."""
    content = value.encode()[: directive.precision]
    digits = content.hex(" ") if " " in directive.flags else content.hex()
    if "#" in directive.flags and content:
        digits = " ".join(f"0x{one}" for one in digits.split(" "))
    return digits.upper() if verb == "X" else digits


def _write_whole(value: int, verb: str, directive: Directive) -> str | None:
    """A whole number by a verb."""
    if verb in "cq":
        character = chr(value) if 0 <= value < 0x110000 and not 0xD800 <= value < 0xE000 else "\ufffd"
        return directive.pad(character if verb == "c" else _quote_character(character, directive))
    if verb == "U":
        shown = f"U+{value:0{max(4, directive.precision or 0)}X}"
        return directive.pad(f"{shown} '{chr(value)}'" if "#" in directive.flags else shown, by_zero=False)
    if verb not in _BASES:
        return None
    return _write_digits(value, verb, directive)


def _write_digits(value: int, verb: str, directive: Directive) -> str:
    """A whole number in some base, with zeros in front, a prefix and a sign."""
    flags = directive.flags
    if directive.precision == 0 and value == 0:
        return " " * (directive.width or 0)
    sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
    least = directive.precision or 0
    if directive.precision is None and "0" in flags and "-" not in flags:
        least = (directive.width or 0) - len(sign)
    digits = format(abs(value), _BASES[verb]).zfill(least)
    has_prefix = verb == "O" or ("#" in flags and not (verb == "o" and digits.startswith("0")))
    return directive.pad(sign + (_PREFIXES.get(verb, "") if has_prefix else "") + digits, by_zero=False)


def _quote_character(character: str, directive: Directive) -> str:
    """A character in quotes."""
    if character == '"':
        return "'\"'"
    return "'\\''" if character == "'" else f"'{_quote_text(character, directive)[1:-1]}'"


def _write_float(value: float, verb: str, directive: Directive) -> str | None:
    """A float64 by a verb."""
    digits = _float_digits(value, verb, directive.precision)
    if digits is None:
        return None
    sign = "-" if digits.startswith("-") else "+" if "+" in directive.flags else " " if " " in directive.flags else ""
    digits = digits.lstrip("+-")
    if not math.isfinite(value):
        shows_plus = sign or ("+" if value > 0 and "+" in directive.flags else "")
        return directive.pad((shows_plus or ("+" if value > 0 else "")) + digits, by_zero=False)
    if "0" in directive.flags and "-" not in directive.flags:
        return sign + digits.rjust((directive.width or 0) - len(sign), "0")
    return directive.pad(sign + digits)


def _float_digits(value: float, verb: str, precision: int | None) -> str | None:
    """The digits of a float64, with a sign if it is negative."""
    if verb not in "vgGeEfFxXb":
        return None
    if not math.isfinite(value):
        return spell_float(value)
    if verb in "vgG":
        made = spell_float(value) if precision is None else f"{value:.{precision}g}"
        return made.upper() if verb == "G" else made
    if verb in "eEfF":
        return f"{value:.{6 if precision is None else precision}{verb}}"
    if verb == "b":
        fraction, exponent = math.frexp(value) if value else (0.0, -1021)
        return f"{int(fraction * (1 << 53))}p{exponent - 53:+d}"
    mantissa, _, power = value.hex().partition("p")
    made = f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}p{power[0]}{power[1:]:0>2}"
    return made.upper() if verb == "X" else made
