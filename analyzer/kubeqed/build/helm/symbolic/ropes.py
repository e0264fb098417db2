"""What a template prints at any values: texts, holes, alternatives and loops, each text with its place in a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.text import TracedText, concat, cut, indent, trim
from kubeqed.build.helm.symbolic.conditions import Condition
from kubeqed.build.helm.symbolic.terms import UNTOLD, SymbolicTerm, TermTable


class Hole(NamedTuple):
    """A value that is printed, and where."""

    term: SymbolicTerm
    origin: Origin | None


class Alternative(NamedTuple):
    """What is printed where a condition holds, and where it does not."""

    condition: Condition
    first: Rope
    second: Rope


class Repetition(NamedTuple):
    """What a loop prints for each item, and what it prints where there is none; `condition` is that there is one."""

    over: SymbolicTerm
    condition: Condition
    body: Rope
    otherwise: Rope


RopePiece = str | Hole | Alternative | Repetition


class Rope:
    """Pieces one after the other."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: Iterable[RopePiece] = ()) -> None:
        self.pieces = tuple(pieces)

    def plain(self) -> str | None:
        """The text, where it is one."""
        if all(isinstance(one, str) for one in self.pieces):
            return concat(*(one for one in self.pieces if isinstance(one, str)))
        return None

    def has_line_end(self) -> bool:
        """Whether a text of it holds the end of a line."""
        return any(self._ends_line(one) for one in self.pieces)

    @staticmethod
    def _ends_line(piece: RopePiece) -> bool:
        if isinstance(piece, str):
            return "\n" in piece
        if isinstance(piece, Hole):
            return piece.term.name == "indented"
        first, second = piece[-2], piece[-1]
        return first.has_line_end() or second.has_line_end()


class RopeBuilder:
    """Gathers what is printed."""

    def __init__(self) -> None:
        self.pieces: list[RopePiece] = []

    def add_text(self, text: str, origin: Origin | None = None, *, is_verbatim: bool = False) -> None:
        """Adds a text."""
        if text:
            self.pieces.append(text if origin is None else _trace_text(text, origin, is_verbatim=is_verbatim))

    def add(self, piece: RopePiece) -> None:
        """Adds a piece."""
        self.pieces.append(piece)

    def rope(self) -> Rope:
        """What was gathered; texts that follow each other are one."""
        found: list[RopePiece] = []
        texts: list[str] = []
        for one in self.pieces:
            if isinstance(one, str):
                texts.append(one)
                continue
            if texts:
                found.append(concat(*texts))
                texts = []
            found.append(one)
        return Rope((*found, concat(*texts)) if texts else found)


def _trace_text(text: str, origin: Origin, *, is_verbatim: bool) -> str:
    """A text with its origin; one that knows its own keeps it."""
    from kubeqed.build.gotemplate.text import TextBuilder

    builder = TextBuilder()
    builder.add(text, origin, is_verbatim=is_verbatim)
    return builder.text()


def term_of(rope: Rope, table: TermTable) -> Any:
    """A rope as a value: a text where it is one, else a term."""
    parts: list[Any] = []
    for one in rope.pieces:
        if isinstance(one, str):
            parts.append(str(one))
        elif isinstance(one, Hole):
            parts.append(one.term)
        elif isinstance(one, Alternative):
            parts.append(table.choose(one.condition, term_of(one.first, table), term_of(one.second, table)))
        else:
            inner = (one.over, term_of(one.body, table), term_of(one.otherwise, table))
            parts.append(table.make("call", "range", inner, UNTOLD))
    if len(parts) == 1 and isinstance(parts[0], SymbolicTerm) and parts[0].kind == "choice":
        return parts[0]
    return table.text(parts)


def change_texts(rope: Rope, change: Callable[[str], str], hole: Callable[[Hole], RopePiece]) -> Rope:
    """A rope with each of its texts and holes changed."""
    made: list[RopePiece] = []
    for one in rope.pieces:
        if isinstance(one, str):
            made.append(change(one))
        elif isinstance(one, Hole):
            made.append(hole(one))
        else:
            sides = (change_texts(side, change, hole) for side in one[-2:])
            made.append(type(one)(*one[:-2], *sides))
    return Rope(made)


def indent_rope(rope: Rope, count: int, table: TermTable) -> Rope:
    """`indent`: blanks before each line."""
    pad = " " * count
    inner = change_texts(rope, lambda text: _indent_inside(text, pad), lambda hole: indent_hole(hole, count, table))
    return Rope((pad, *inner.pieces))


def _indent_inside(text: str, pad: str) -> str:
    """A text with blanks before each of its lines but the first."""
    return cut(made := indent(text, len(pad)), len(pad), len(made))


def indent_hole(hole: Hole, count: int, table: TermTable) -> Hole:
    """A hole whose lines but the first get blanks."""
    pad = " " * count
    term = table.call("indented", (count, hole.term), lambda _, value: str(value).replace("\n", f"\n{pad}"))
    return Hole(term, hole.origin)


def trim_rope(rope: Rope, *, left: bool = True, right: bool = True) -> Rope | None:
    """A rope without blanks at its ends; None where its ends are not known."""
    pieces = list(rope.pieces)
    if left and (pieces := _trim_end(pieces, at=0)) is None:  # type: ignore[assignment]  # asked at once
        return None
    if right and (pieces := _trim_end(pieces, at=-1)) is None:  # type: ignore[assignment]
        return None
    return Rope(pieces)


def _trim_end(pieces: list[RopePiece], at: int) -> list[RopePiece] | None:
    """Pieces without blanks at one end."""
    while pieces:
        one = pieces[at]
        if isinstance(one, str):
            trimmed = trim(one, left=at == 0, right=at == -1)
            if trimmed:
                pieces[at] = trimmed
                return pieces
            pieces.pop(at)
        elif isinstance(one, Alternative):
            first, second = (trim_rope(side, left=at == 0, right=at == -1) for side in one[1:])
            if first is None or second is None:
                return None
            is_certain = bool(first.pieces and second.pieces) or len(pieces) == 1
            pieces[at] = one._replace(first=first, second=second)
            return pieces if is_certain else None
        else:
            return pieces if isinstance(one, Hole) else None
    return pieces


def first_origin(text: str) -> Origin | None:
    """Where a text begins."""
    return text.origin_at(0) if isinstance(text, TracedText) else None
