"""Constants of Go: quoted texts, characters and numbers."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))", re.DOTALL
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}


def unquote(text: str) -> str:
    """What a quoted text says, in any of Go's quotes; a ValueError for an escape that is none."""
    if text[0] == "`":
        return text[1:-1].replace("\r", "")
    return _ESCAPE.sub(_unescape, text[1:-1]) if "\\" in text else text[1:-1]


def _unescape(match: re.Match[str]) -> str:
    """What one escape stands for."""
    letter, byte, octal, *codes, other = match.groups()
    if letter:
        return _LETTERS[letter]
    if other is not None:
        raise ValueError("invalid syntax")
    number = int(octal, 8) if octal else int(byte or codes[0] or codes[1], 16)
    return chr(number)


def parse_number(text: str) -> int | float:
    """A number as Go reads it; a ValueError where it cannot."""
    if text.startswith("'"):
        return ord(unquote(text))
    if text.endswith("i"):
        raise ValueError("a complex number")
    plain = text.replace("_", "")
    sign, digits = (-1, plain[1:]) if plain[0] == "-" else (1, plain.lstrip("+"))
    prefix = digits[:2].lower()
    if prefix in ("0x", "0b", "0o") and "." not in digits and "p" not in digits.lower():
        return sign * int(digits, 0)
    if prefix == "0x":
        return sign * float.fromhex(digits)
    if digits.isdecimal():
        return sign * int(digits, 8 if digits[0] == "0" and len(digits) > 1 else 10)
    number = float(digits)
    if number.is_integer() and abs(number) < 1 << 63 and "." not in digits:
        return sign * int(number)  # `1e3` may be an int to Go
    return sign * number
