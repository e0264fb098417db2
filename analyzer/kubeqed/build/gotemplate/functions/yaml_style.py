"""How YAML spells texts and sorts keys, as go.yaml.in/yaml/v2 writes them."""

from __future__ import annotations

import re
from functools import cmp_to_key

_WORDS = frozenset(
    "y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL .nan .NaN .NAN"
    " .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF".split()
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_TIME = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ ])\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d*)?(?:Z|[+-]\d\d:\d\d)?)?\Z")
_DIGITS = re.compile(r"[0-9]*")
_DIGITS_BEFORE = re.compile(r"[0-9]+\Z")
_FIRST = frozenset("#,[]{}&*!|>'\"%@`")
_NOT_PRINTABLE = re.compile("[^\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SHORT = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
}
_SHORT |= {"\x85": "N", "\u2028": "L", "\u2029": "P"}


@cmp_to_key
def natural_order(one: str, other: str) -> int:
    """The order of keys: numbers in them by their value, letters last (yaml.v2's keyList)."""
    for position, (mine, its) in enumerate(zip(one, other, strict=False)):
        if mine == its:
            continue
        if mine.isalpha() or its.isalpha():
            return (-1 if mine < its else 1) if mine.isalpha() and its.isalpha() else (1 if mine.isalpha() else -1)
        return _compare_numbers(one, other, position)
    return len(one) - len(other)


def _compare_numbers(one: str, other: str, position: int) -> int:
    """Two keys that differ first at a position where neither has a letter."""
    before = _DIGITS_BEFORE.search(one[:position])
    lead = "1" if "0" in (one[position], other[position]) and before is not None and before[0].strip("0") else ""
    mine, its = (_DIGITS.match(text, position) for text in (one, other))
    digits = [match[0] if match is not None else "" for match in (mine, its)]
    values = [int(lead + text or "0") for text in digits]
    if values[0] != values[1]:
        return values[0] - values[1]
    return len(digits[0]) - len(digits[1]) or (-1 if one[position] < other[position] else 1)


def spell_key(key: str) -> str:
    """A key in the quotes that it needs."""
    style = style_of(key, is_key=True)
    if style == "'":
        return "'" + key.replace("'", "''") + "'"
    if style == '"':
        return '"' + "".join(escape_sign(one) if is_escaped(one) else one for one in key) + '"'
    return key


def is_escaped(sign: str) -> bool:
    """Whether a sign has to be escaped in double quotes."""
    return sign in _SHORT or _NOT_PRINTABLE.match(sign) is not None


def escape_sign(sign: str) -> str:
    """A sign as double quotes hold it."""
    if sign in _SHORT:
        return f"\\{_SHORT[sign]}"
    code = ord(sign)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def style_of(text: str, *, is_key: bool = False) -> str:
    """The quotes of a text: none, `'`, `"` or `|`."""
    if _NOT_PRINTABLE.search(text) or " \n" in text:
        return '"'
    if "\n" in text:
        return '"' if is_key or text.endswith(" ") else "|"
    if _reads_otherwise(text):
        return '"'
    return "'" if _has_indicators(text) or (is_key and not text) else ""


def _reads_otherwise(text: str) -> bool:
    """Whether a plain scalar of this text would be no text to YAML."""
    if not text or text in _WORDS or _FLOAT.match(text) or _BASE_60.match(text) or _TIME.match(text):
        return True
    return _INTEGER.match(text.replace("_", "")) is not None and text[0] != "_"


def _has_indicators(text: str) -> bool:
    """Whether signs in a text mean something to YAML, so that it is not plain in a block."""
    first, second = text[0], text[1:2]
    if first in _FIRST or (first in "-?:" and second in ("", " ")) or text.startswith(("---", "...")):
        return True
    return " " in (first, text[-1]) or ": " in text or text.endswith(":") or " #" in text
