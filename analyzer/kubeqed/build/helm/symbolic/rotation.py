"""Moves the line ends at the beginning of alternatives to their end: what `{{-` eats would else leave a line open in each of them.

A text `X`, an alternative whose sides begin with a line end or are empty, and a text that begins with one, are the same as `X`, a
line end, the alternative with its line ends behind its lines, and the rest of the text. The same holds for loops. An alternative
in which lines end otherwise gets the rest of its last line into each of its sides.
"""

from __future__ import annotations

import re

from kubeqed.build.gotemplate.text import cut
from kubeqed.build.helm.symbolic.ropes import Alternative, Repetition, Rope, RopePiece

LINE_END = "\n"
_REST_OF_LINE = re.compile(r"[ \t]*\n")  # blanks at the end of a line mean nothing


def rotate_rope(rope: Rope) -> Rope:
    """A rope, and a line end behind it, with line ends behind lines."""
    found: list[RopePiece] = [LINE_END]  # backwards
    for piece in reversed(rope.pieces):
        if isinstance(piece, Alternative | Repetition) and _begins_line(found[-1]) and all(map(_may_turn, piece[-2:])):
            if (rest := _cut_first(found.pop())) is not None:
                found.append(rest)
            found.append(type(piece)(*piece[:-2], *map(_turn_side, piece[-2:])))
            found.append(LINE_END)
        elif isinstance(piece, Alternative) and isinstance(found[-1], str) and _ends_inside(piece, found[-1]):
            line, rest = _cut_line(found.pop())
            found += () if rest is None else (rest,)
            found.append(piece._replace(first=_end_side(piece.first, line), second=_end_side(piece.second, line)))
        else:
            found.append(piece)
    return Rope(reversed(found))


def _ends_inside(piece: Alternative, following: str) -> bool:
    """Whether lines end in an alternative, and the last of them does in the text behind it."""
    return LINE_END in following and (piece.first.has_line_end() or piece.second.has_line_end())


def _cut_line(piece: RopePiece) -> tuple[str, str | None]:
    """A text up to its first line end, and what stands behind that."""
    text = piece if isinstance(piece, str) else ""
    end = text.index(LINE_END)
    return cut(text, 0, end), cut(text, end + 1, len(text)) if end + 1 < len(text) else None


def _end_side(side: Rope, line: str) -> Rope:
    """A side with the rest of its last line."""
    return rotate_rope(Rope((*side.pieces, line) if line else side.pieces))


def _begins_line(piece: RopePiece) -> bool:
    """Whether a piece is a text that begins with a line end."""
    return isinstance(piece, str) and _REST_OF_LINE.match(piece) is not None


def _cut_first(piece: RopePiece) -> RopePiece | None:
    """What stands behind the line end at the beginning of a text."""
    match = _REST_OF_LINE.match(piece) if isinstance(piece, str) else None
    if match is None or not isinstance(piece, str):
        return piece
    return cut(piece, match.end(), len(piece)) if match.end() < len(piece) else None


def _may_turn(side: Rope) -> bool:
    """Whether a side begins with a line end, or is empty."""
    for piece in side.pieces:
        if isinstance(piece, str):
            return _begins_line(piece)
        if not isinstance(piece, Alternative | Repetition) or not all(map(_may_turn, piece[-2:])):
            return False
    return True


def _turn_side(side: Rope) -> Rope:
    """A side with its line end behind it."""
    if not side.pieces:
        return side
    first, *others = rotate_rope(side).pieces
    rest = _cut_first(first)
    return Rope(others if rest is None else (rest, *others))
