"""The marks of those events whose own marks say too much or too little.

libyaml starts a node at its anchor or tag, ends a block scalar at the next token, and gives an empty value no width.
"""

from __future__ import annotations

import re
from typing import Any

from kubeqed.parse.tree.lines import split_lines
from kubeqed.parse.tree.mark import Mark, pack, unpack

_INDICATOR = re.compile(r"[|>][-+0-9]*")
_PROPERTY = re.compile(r"[&!]\S*")
_WORD = re.compile(r"\S")
_SPACE = re.compile(r"\s*(?:#.*)?")


class Spans:
    """Marks within one text; its lines are split when first needed."""

    __slots__ = ("_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[str] | None = None

    def line(self, number: int) -> str:
        """The line with that number, empty beyond the last."""
        if self._lines is None:
            self._lines = split_lines(self._text)
        return self._lines[number] if number < len(self._lines) else ""

    def scalar(self, event: Any) -> tuple[Mark, bool]:
        """The mark of a scalar with properties or over several lines, and whether it is empty."""
        line, column = event.start_mark.line, event.start_mark.column
        if event.anchor is not None or event.ctag is not None:
            line, column = self._after_properties(line, column)
        end = event.end_mark
        if (line, column) >= (end.line, end.column) and not event.style:
            return self.point(event), True
        if event.style in ("|", ">"):
            match = _INDICATOR.match(self.line(line), column)
            return pack(line, column, match.end() if match else column + 1), False
        if line == end.line:
            return pack(line, column, end.column), False
        return pack(line, column, max(len(self.line(line).rstrip()), column + 1)), False

    def literal_column(self, value: str, mark: Mark) -> int | None:
        """The column where the lines of the literal block at a mark begin; None for one that holds nothing."""
        found = _WORD.search(value)
        if found is None:
            return None
        text = value[value.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
        line = self.line(unpack(mark)[0] + 1 + value.count("\n", 0, found.start()))
        return len(line) - len(text) if line.endswith(text) else None

    def _after_properties(self, line: int, column: int) -> tuple[int, int]:
        last = len(self._lines) if self._lines is not None else line + 1
        while True:
            text = self.line(line)
            last = len(self._lines or ())
            if match := _PROPERTY.match(text, column):
                column = match.end()
            space = _SPACE.match(text, column)
            column = space.end() if space else column
            if column < len(text):
                if not _PROPERTY.match(text, column):
                    return line, column
            elif line + 1 >= last:
                return line, column
            else:
                line, column = line + 1, 0

    def collection(self, event: Any) -> Mark:
        """A mark of width 1 on the `-`, `[`, `{` or first character of a collection, past its properties."""
        end = event.end_mark
        column = end.column - 1 if event.flow_style else end.column
        return pack(end.line, max(column, 0), max(column, 0) + 1)

    def point(self, event: Any) -> Mark:
        """A mark of width 1 where an event starts."""
        start = event.start_mark
        return pack(start.line, start.column, start.column + 1)

    def dash(self, event: Any) -> Mark:
        """The `-` before an empty item."""
        start = event.start_mark
        column = self.line(start.line).rfind("-", 0, start.column)
        return self.point(event) if column < 0 else pack(start.line, column, column + 1)

    def anchor(self, event: Any) -> Mark:
        """The `&name` of an event that has one."""
        line, column = event.start_mark.line, event.start_mark.column
        name = f"&{event.anchor}"
        while (found := self.line(line).find(name, column)) < 0 and line < event.end_mark.line:
            line, column = line + 1, 0
        return pack(line, max(found, 0), max(found, 0) + len(name))

    def nearest(self, line: int, column: int) -> Mark:
        """A mark on one character at (line, column) or, where none stands, on the last before it."""
        self.line(0)
        lines = self._lines or [""]
        if line >= len(lines):
            line, column = len(lines) - 1, len(lines[-1])
        while line > 0 and not lines[line].strip():
            line, column = line - 1, len(lines[line - 1])
        column = min(column, max(len(lines[line]) - 1, 0))
        return pack(line, column, min(column + 1, max(len(lines[line]), 1)))
