"""Texts as the controller writes them before it substitutes: sigs.k8s.io/yaml, which is go-yaml v2.

Only what holds a dollar is ever written. Such a text is no number and no boolean, so that its characters alone decide.
Lines are not folded: between words a break reads as a blank.
"""

from __future__ import annotations

import re

_FIRST = frozenset("#,[]{}&*!|>'\"%@`")
_SPECIAL = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\u2028\u2029]")
_BREAKS = re.compile("[\r\n\x85\u2028\u2029]")
_ESCAPED = re.compile('[^\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|["\\\\]')
_ESCAPES = {"\n": "n", "\t": "t", "\r": "r", "\0": "0", "\a": "a", "\b": "b", "\v": "v", "\f": "f", "\x1b": "e"} | {
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
}
_INDENT = 2


def spell_text(text: str, indent: int) -> str:
    """A value; `indent` is that of the mapping or list that it stands in, which the lines of a block need."""
    can_fold = not (_SPECIAL.search(text) or re.search(" [\r\n]", text))
    if "\n" in text:
        return _write_block(text, indent) if can_fold and not text.endswith(" ") else _quote_double(text)
    if not can_fold:
        return _quote_double(text)
    return text if _can_be_plain(text) else _quote_single(text)


def spell_key(text: str) -> str:
    """A key, which stands on one line."""
    return _quote_double(text) if _BREAKS.search(text) else spell_text(text, 0)


def _can_be_plain(text: str) -> bool:
    """Whether no sign in a text of one line means anything."""
    first, second = text[:1], text[1:2]
    if text[:3] in ("---", "...") or first in _FIRST or (first in "?:-" and second in ("", " ")):
        return False
    return not (first == " " or text.endswith(" ") or re.search(r"(?<=.):(?: |\Z)| #", text))


def _quote_single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quote_double(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda match: "\\" + _escape_character(match[0]), text) + '"'


def _escape_character(character: str) -> str:
    code = ord(character)
    if (short := _ESCAPES.get(character)) is not None:
        return short
    return f"x{code:02X}" if code <= 0xFF else f"u{code:04X}" if code <= 0xFFFF else f"U{code:08X}"


def _write_block(text: str, indent: int) -> str:
    """A literal block: how deep it is where that cannot be seen, what becomes of the last break, and the lines."""
    deep = str(_INDENT) if text[0] in " \n" else ""
    last = "-" if not text.endswith("\n") else "+" if text == "\n" or text.endswith("\n\n") else ""
    body = text.removesuffix("\n")
    lines = [f"{' ' * (indent + _INDENT)}{line}" if line else "" for line in body.split("\n")]
    return "\n".join([f"|{deep}{last}", *lines])
