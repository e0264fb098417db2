"""Places inside one document, packed into an int so that a tree of a million of them stays small.

A mark never crosses a line: (line, column, end column), all counting from 0 in code points at the start of the
document, the end exclusive. `Place` puts a mark into a file; its Span, which counts from 1, is worked out when printed.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import ObjectKey, Span

Mark = int

_COLUMN_BITS = 20
_COLUMN_MASK = (1 << _COLUMN_BITS) - 1
_LAST_LINE = (1 << 24) - 1  # a mark fits into 64 bits


def pack(line: int, column: int, end_column: int) -> Mark:
    """The mark of a stretch of one line; columns beyond 2**20 - 1 and lines beyond 2**24 - 1 are cut to that."""
    if end_column > _COLUMN_MASK or line > _LAST_LINE:
        line, column, end_column = min(line, _LAST_LINE), min(column, _COLUMN_MASK), min(end_column, _COLUMN_MASK)
    return (line << 2 * _COLUMN_BITS) | (column << _COLUMN_BITS) | end_column


START = pack(0, 0, 1)  # the first character


def unpack(mark: Mark) -> tuple[int, int, int]:
    """(line, column, end column) of a mark."""
    return mark >> 2 * _COLUMN_BITS, mark >> _COLUMN_BITS & _COLUMN_MASK, mark & _COLUMN_MASK


class Through(NamedTuple):
    """A place that a value came through on its way into the object, and what happened there."""

    place: Place
    text: str


class Place(NamedTuple):
    """A mark in a file: `first_line` is the line, from 0, where the mark's document starts.

    `object` and `path` say which field of which object it is, for places that are one. `anchor` is where an alias
    points, so that both can be shown. `through` are the places that a built value came through,
    and `source` is how its object is called where it is written. `literal` is the column, from 0, where the lines of a
    literal block (`|`) begin, None for what is none.
    """

    file: str
    first_line: int
    mark: Mark
    object: ObjectKey | None = None
    path: str = ""
    anchor: Mark | None = None
    through: tuple[Through, ...] = ()
    source: ObjectKey | None = None
    literal: int | None = None

    def within(self, text: str, start: int, end: int) -> Place:
        """The place of a stretch of a literal block's text, which does not cross a line; of what is no such block the same place.

        It came through the block's own line: there alone a comment about it can stand.
        """
        if self.literal is None:
            return self
        first = text.rfind("\n", 0, start) + 1
        line = unpack(self.mark)[0] + 1 + text.count("\n", 0, start)
        mark = pack(line, self.literal + start - first, self.literal + end - first)
        return self._replace(mark=mark, literal=None, through=(*self.through, Through(self, "the text that holds it")))

    @classmethod
    def at_start(cls, file: str) -> Place:
        """The first character of a file, for what is said of the file as a whole."""
        return cls(file, 0, START)

    @property
    def span(self) -> Span:
        """The stretch of the file, counting from 1."""
        return self._make_span(self.mark)

    @property
    def anchor_span(self) -> Span | None:
        """Where the anchor stands when this place is an alias."""
        return None if self.anchor is None else self._make_span(self.anchor)

    def _make_span(self, mark: Mark) -> Span:
        line, column, end_column = unpack(mark)
        line += self.first_line + 1
        return Span(self.file, line, column + 1, line, end_column + 1)
