"""How many columns of a terminal a character takes, so that carets stand under the text they mean."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

TAB = "    "
UNSEEN = "\ufffd"  # stands for control characters, which would move the cursor or reverse the line
# Joiners, the byte order mark and variation selectors change widths from terminal to terminal, so they are left out.
LEFT_OUT = frozenset("\u200b\u200c\u200d\ufeff\ufe0e\ufe0f")


class TerminalCell(NamedTuple):
    """A character as it is shown, and the columns it takes."""

    shown: str
    width: int


def split_cells(line: str) -> list[TerminalCell]:
    """One cell for each code point of a line."""
    if line.isascii() and line.isprintable():
        return [TerminalCell(character, 1) for character in line]
    return [_make_cell(character) for character in line]


def cell_width(shown: list[TerminalCell]) -> int:
    """The columns that cells take together."""
    return sum(cell.width for cell in shown)


def _make_cell(character: str) -> TerminalCell:
    if character == "\t":
        return TerminalCell(TAB, len(TAB))
    if character in LEFT_OUT:
        return TerminalCell("", 0)
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return TerminalCell(UNSEEN, 1)
    if category in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":  # the latter: vowels and finals of Hangul
        return TerminalCell(character, 0)
    return TerminalCell(character, 2 if unicodedata.east_asian_width(character) in "WF" else 1)
