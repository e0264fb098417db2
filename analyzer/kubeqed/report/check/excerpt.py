"""One line of a file, cut to the terminal, with the place of a span below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubeqed.report.check.cells import TerminalCell, cell_width, split_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kubeqed.diagnostic import Span

ELLIPSIS = "\u2026"
NARROWEST = 20
_NEAR = 2  # rooms on either side of a span: more cannot be shown


class Excerpt(NamedTuple):
    """What to print of a line: its text, and how far to go and how many carets to set under it."""

    number: int
    source: str
    before: int
    carets: int


def cut_excerpt(span: Span, lines: Callable[[str], Sequence[str]], room: int) -> Excerpt | None:
    """The line of a span in at most `room` columns; None when there is no such line."""
    text, room = lines(span.file), max(room, NARROWEST)
    if not 1 <= span.line <= len(text):
        return None
    line = text[span.line - 1]
    if span.line == 1:
        line = line.removeprefix("\ufeff")  # a byte order mark counts nothing in columns
    first = span.column - 1
    last = min(max(span.end_column - 1 if span.end_line == span.line else len(line), first), first + room)
    line = line.ljust(first)
    start, stop = max(first - _NEAR * room, 0), last + _NEAR * room  # a line may be a whole file, with many findings
    row = split_cells(line[start:stop])
    low, high = _find_window(row, first - start, last - start, room)
    shown = row[low:high]
    head = ELLIPSIS if start + low > 0 else ""
    tail = ELLIPSIS if start + high < len(line) else ""
    return Excerpt(
        number=span.line,
        source=(head + "".join(cell.shown for cell in shown) + tail).rstrip(),
        before=len(head) + cell_width(row[low : first - start]),
        carets=max(cell_width(row[first - start : min(last - start, high)]), 1),
    )


def _find_window(row: list[TerminalCell], first: int, last: int, room: int) -> tuple[int, int]:
    """The part of a row to show: all of it, or the span with as much on both sides as fits."""
    if cell_width(row) <= room:
        return 0, len(row)
    left = room - 2  # one column on each side for an ellipsis
    high = _grow_window(row, first, min(last, len(row)), left)
    left -= cell_width(row[first:high])
    low = _shrink_window(row, first, left // 2)
    left -= cell_width(row[low:first])
    high = _grow_window(row, high, len(row), left)
    left -= cell_width(row[min(last, high) : high])
    return _shrink_window(row, low, room - 2 - cell_width(row[low:high])), high


def _grow_window(row: list[TerminalCell], start: int, stop: int, room: int) -> int:
    """The furthest end from `start`, at most `stop`, that keeps within `room` columns."""
    while start < stop and row[start].width <= room:
        room -= row[start].width
        start += 1
    return start


def _shrink_window(row: list[TerminalCell], start: int, room: int) -> int:
    """The furthest beginning before `start` that keeps within `room` columns."""
    while start > 0 and row[start - 1].width <= room:
        start -= 1
        room -= row[start].width
    return start
