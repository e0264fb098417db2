"""Cuts a rope to lines, each with the condition under which it is there and the loops that print it.

A line that goes on in an alternative goes on in each of its sides; one that ends at the beginning of a side, as after `{{-`, is one
line for all of them. An alternative inside of a line is a value of that line.
"""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.text import cut
from kubeqed.build.helm.symbolic.conditions import FALSE, Condition
from kubeqed.build.helm.symbolic.ropes import Alternative, Hole, Repetition, Rope, RopePiece, first_origin, term_of
from kubeqed.build.helm.symbolic.rotation import rotate_rope
from kubeqed.build.helm.symbolic.state import NotFollowedError
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable

_MOST_OPEN = 12
_MOST_LINES = 20_000
Loops = tuple[SymbolicTerm, ...]
Parts = tuple[Any, ...]  # texts and terms


class GuardedLine:
    """A line without its end: its parts, the condition under which it is there, the loops around, and where it begins."""

    __slots__ = ("condition", "loops", "number", "origin", "parts")

    def __init__(self, open_line: OpenLine, condition: Condition, number: int) -> None:
        self.parts = open_line.parts
        self.loops = open_line.loops
        self.origin = open_line.origin
        self.condition = condition
        self.number = number


class OpenLine:
    """A line that has not ended yet; `ended` is it where it ended in another alternative."""

    __slots__ = ("ended", "loops", "origin", "parts")

    def __init__(self, parts: Parts, loops: Loops, origin: Origin | None) -> None:
        self.parts = parts
        self.loops = loops
        self.origin = origin
        self.ended: GuardedLine | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it holds blanks at most."""
        return all(isinstance(one, str) and not one.strip() for one in self.parts)

    def with_part(self, part: Any, origin: Origin | None, loops: Loops) -> OpenLine:
        """The line with one more part."""
        starts = self.is_blank and not (isinstance(part, str) and not part.strip())
        parts = self.parts
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts, part = parts[:-1], parts[-1] + part
        return OpenLine((*parts, part), loops if starts else self.loops, origin if starts else self.origin)


Opened = list[tuple[Condition, OpenLine]]


class LineCutter:
    """Cuts one rope; `lines` is what was found."""

    def __init__(self, table: TermTable) -> None:
        self.lines: list[GuardedLine] = []
        self._table = table
        self._loops: Loops = ()

    def cut(self, rope: Rope, condition: Condition) -> list[GuardedLine]:
        """The lines of a rope that is printed under a condition."""
        for holds, line in self._cut_pieces(rotate_rope(rope), [(condition, OpenLine((), (), None))]):
            self._end_line(holds, line)
        return [one for one in self.lines if any(not isinstance(part, str) or part.strip() for part in one.parts)]

    def _cut_pieces(self, rope: Rope, opened: Opened) -> Opened:
        """Cuts a rope behind lines that are open; those that are open behind it."""
        for piece in rope.pieces:
            if isinstance(piece, str):
                opened = self._cut_text(piece, opened)
            elif isinstance(piece, Hole):
                opened = [(c, line.with_part(piece.term, piece.origin, self._loops)) for c, line in opened]
            elif not piece[-2].has_line_end() and not piece[-1].has_line_end() and self._is_inside(piece, opened):
                opened = self._add_value(piece, opened)
            else:
                opened = self._cut_sides(piece, opened)
            if len(opened) > _MOST_OPEN:
                raise NotFollowedError("a line has too many alternatives")
        return opened

    def _is_inside(self, piece: Alternative | Repetition, opened: Opened) -> bool:
        """Whether an alternative without line ends is a value inside of a line, rather than the line itself."""
        return isinstance(piece, Repetition) or not all(line.is_blank for _, line in opened)

    def _add_value(self, piece: RopePiece, opened: Opened) -> Opened:
        """Adds an alternative as a value."""
        value = term_of(Rope((piece,)), self._table)
        origin = _find_origin(Rope((piece,)))
        for part in value.parts if isinstance(value, SymbolicTerm) and value.kind == "text" else (value,):
            if part != "":
                opened = [(c, line.with_part(part, origin, self._loops)) for c, line in opened]
        return opened

    def _cut_text(self, text: str, opened: Opened) -> Opened:
        """Cuts a text: each of its line ends ends the lines that are open."""
        start = 0
        while (end := text.find("\n", start)) >= 0:
            piece = cut(text, start, end)
            for condition, line in self._extend_lines(opened, piece):
                self._end_line(condition, line)
            holds = self._table.conditions.either(*(condition for condition, _ in opened))
            opened = [(holds, OpenLine((), self._loops, None))]
            start = end + 1
        return self._extend_lines(opened, cut(text, start, len(text)))

    def _extend_lines(self, opened: Opened, text: str) -> Opened:
        """Adds a text without line ends."""
        if not text:
            return opened
        origin = first_origin(cut(text, len(text) - len(text.lstrip()), len(text)))
        return [(condition, line.with_part(str(text), origin, self._loops)) for condition, line in opened]

    def _end_line(self, condition: Condition, line: OpenLine) -> None:
        """Ends a line under a condition; where it ended elsewhere already, it is the same line."""
        conditions = self._table.conditions
        if line.is_blank or condition == FALSE:
            return
        ended = line.ended
        if ended is not None and all(
            conditions.both(one.condition, condition) == FALSE for one in self.lines[ended.number + 1 :]
        ):
            ended.condition = conditions.either(ended.condition, condition)
            return
        if len(self.lines) >= _MOST_LINES:
            raise NotFollowedError("it prints too many lines")
        line.ended = GuardedLine(line, condition, len(self.lines))
        self.lines.append(line.ended)

    def _cut_sides(self, piece: Alternative | Repetition, opened: Opened) -> Opened:
        """Cuts both sides of an alternative, or what a loop prints for an item and where there is none."""
        conditions = self._table.conditions
        condition = piece.condition
        first = [(conditions.both(c, condition), line) for c, line in opened]
        second = [(conditions.both(c, conditions.negate(condition)), line) for c, line in opened]
        outer = self._loops
        if isinstance(piece, Repetition):
            self._loops = (*outer, piece.over)
        after = self._cut_pieces(piece[-2], [one for one in first if one[0] != FALSE])
        self._loops = outer
        after += self._cut_pieces(piece[-1], [one for one in second if one[0] != FALSE])
        return self._join_same(after)

    def _join_same(self, opened: Opened) -> Opened:
        """Lines that are the same are one."""
        found: dict[object, tuple[Condition, OpenLine]] = {}
        for condition, line in opened:
            key = (
                tuple(map(self._table.key_of, line.parts)),
                tuple(one.number for one in line.loops) if line.parts else (),
                id(line.ended) if line.ended else 0,
            )
            known, same = found.get(key, (FALSE, line))
            found[key] = self._table.conditions.either(condition, known), same
        return list(found.values())


def _find_origin(rope: Rope) -> Origin | None:
    """Where the first piece of a rope begins that is printed."""
    for one in rope.pieces:
        if isinstance(one, str):
            return first_origin(one)
        if isinstance(one, Hole):
            return one.origin
        found = _find_origin(one[-2]) or _find_origin(one[-1])
        if found is not None:
            return found
    return None
