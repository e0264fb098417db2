"""A text into the pieces that stand between `---` lines, so that a broken document cannot hide the others.

YAML ends a document at `---` in column 0 wherever it stands, inside a block scalar or quotes too, so that splitting
there never changes a meaning. Directives (`%YAML`, `%TAG`) belong to the document below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.parse.tree.lines import count_breaks

_BEFORE = ("", "\n", "\r")
_BEHIND = ("", "\n", "\r", " ", "\t")
_END_OF_LINE = compile_late(r"[^\n\r]*(?:\r\n|[\n\r]|\Z)")
_JSON_PIECE = r'"(?:[^"\\]|\\.)*"|[\[\]{}]'


class Piece(NamedTuple):
    """A part of a file: its text, the line (from 0) and the offset where it starts."""

    text: str
    first_line: int
    offset: int


def split(text: str) -> Iterator[Piece]:
    """The pieces of a text in order; together they are the text, but for those that hold nothing between two `...`."""
    line = start = 0
    # Directives alone are no piece: they wait for the document below them, and `start` stays where they begin.
    for end in [*_find_bounds(text), len(text)]:
        piece = text[start:end]
        if _only_directives(piece) and end < len(text):
            continue
        if piece and not _only_end(piece):
            yield Piece(piece, line, start)
        line += count_breaks(piece)
        start = end


def _find_bounds(text: str) -> list[int]:
    """The offsets where a piece begins: at `---`, behind the line of `...`."""
    ends = []
    for offset in _find_markers(text, "..."):
        match = _END_OF_LINE.match(text, offset)
        ends.append(match.end() if match else len(text))
    return sorted({*_find_markers(text, "---"), *ends})


def _find_markers(text: str, marker: str) -> Iterator[int]:
    """The offsets of the marker where it starts a line and a blank follows; ten times faster than a pattern."""
    offset = text.find(marker)
    while offset >= 0:
        if text[max(offset - 1, 0) : offset] in _BEFORE and text[offset + 3 : offset + 4] in _BEHIND:
            yield offset
        offset = text.find(marker, offset + 1)


def _only_directives(piece: str) -> bool:
    """Whether the piece holds directives, and nothing else but comments and blanks."""
    if "%" not in piece:
        return False
    lines = piece.splitlines()
    return any(line[:1] == "%" for line in lines) and all(
        line[:1] == "%" or not line.strip() or line.lstrip()[0] == "#" for line in lines
    )


def _only_end(piece: str) -> bool:
    """Whether the piece is a `...` that ends nothing, which libyaml refuses."""
    if "..." not in piece:
        return False
    return all(not line.strip() or line.lstrip()[0] == "#" or line[:3] == "..." for line in piece.splitlines())


def split_json(piece: Piece) -> list[Piece]:
    """JSON texts that follow one another without a separator, one piece each; blanks keep the columns.

    Where the blanks would outgrow the text, very many on one line, it stays the one piece that it was.
    """
    blanks = 0
    text, pieces, depth, start, line, line_start = piece.text, list[Piece](), 0, 0, piece.first_line, 0
    for match in [*re.finditer(_JSON_PIECE, text, re.DOTALL), None]:
        token = match[0] if match else ""
        # Strings are tokens too, so that a bracket inside of one does not count.
        depth += 1 if token in ("[", "{") else -1 if token in ("]", "}") else 0
        end = len(text) if match is None else match.end()
        if match is not None and (depth or token not in ("]", "}")):
            continue
        if text[start:end].strip():
            column = start - line_start
            blanks += column
            if blanks > 100_000 + 4 * len(text):
                return [piece]
            pieces.append(Piece(" " * column + text[start:end], line, piece.offset + start - column))
        line += count_breaks(text[start:end])
        line_start = max(line_start, text.rfind("\n", start, end) + 1, text.rfind("\r", start, end) + 1)
        start = end
    return pieces
