"""Constants of Go: quoted texts, characters and numbers."""

from __future__ import annotations

import math
import re

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))", re.DOTALL
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_WHOLE = re.compile(
    r"[+-]?(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)\Z"
)
_DIGITS = r"[0-9](?:_?[0-9])*"
_DECIMAL = re.compile(rf"[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?\Z")
_HEXADECIMAL = re.compile(r"[+-]?0[xX](?:_?[0-9a-fA-F])*\.?[0-9a-fA-F]*[pP][+-]?\d+\Z")
_LONGEST = 1_000  # digits that are read; Python refuses 4,301
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


def unquote(text: str) -> str:
    """What a quoted text says, in any of Go's quotes; a ValueError for an escape that is none."""
    if text[0] == "`":
        return text[1:-1].replace("\r", "")
    return _unescape_text(text, '"') if "\\" in text else text[1:-1]


def _unescape_text(text: str, quote: str) -> str:
    """What stands between quotes; bytes that escapes name are joined to characters."""
    other = "'" if quote == '"' else '"'

    def write(match: re.Match[str]) -> str:
        letter, byte, octal, short, long, wrong = match.groups()
        if wrong is not None or letter == other:
            raise ValueError("invalid syntax")
        if letter:
            return _LETTERS[letter]
        if byte or octal:
            return _decode_byte(int(byte, 16) if byte else int(octal, 8), alone=quote == "'")
        code = int(short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise ValueError("invalid syntax")
        return chr(code)

    made = _ESCAPE.sub(write, text[1:-1])
    return made.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _decode_byte(code: int, *, alone: bool) -> str:
    r"""What `\x` and `\` with three digits name: a byte of a text, or a character that stands alone."""
    if code > 0xFF:
        raise ValueError("invalid syntax")
    return chr(code) if alone or code < 0x80 else chr(0xDC00 + code)


def parse_number(text: str) -> int | float:
    """A number or a character as Go reads it; a ValueError, with Go's words, where it cannot."""
    if text.startswith("'"):
        return _parse_character(text)
    if len(text) <= _LONGEST and _WHOLE.match(text) and _LEAST <= (whole := _parse_whole(text)) <= _MOST:
        return whole
    if _DECIMAL.match(text) or _WHOLE.match(text):
        if not any(sign in text for sign in ".eE"):
            raise ValueError(f'integer overflow: "{text}"')
        number = float(text)
        if math.isfinite(number):
            return number
    elif _HEXADECIMAL.match(text):
        return float.fromhex(text.replace("_", ""))
    raise ValueError(f'illegal number syntax: "{text}"')


def _parse_whole(text: str) -> int:
    """A whole number: a 0 in front of other digits means an octal one."""
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    digits = digits.replace("_", "")
    has_prefix = len(digits) > 1 and digits[0] == "0" and digits[1] not in "01234567"
    return sign * (int(digits, 0) if has_prefix else int(digits, 8 if digits[0] == "0" else 10))


def _parse_character(text: str) -> int:
    """The number of a character."""
    if text in ("''", "'\\\"'"):
        raise ValueError("invalid syntax")
    made = _unescape_text(text, "'")
    if len(made) != 1:
        raise ValueError(f"malformed character constant: {text}")
    return ord(made)
