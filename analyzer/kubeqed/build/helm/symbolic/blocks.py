"""Lines with conditions read as YAML, by their indentation: maps whose entries, and lists whose items, have conditions.

What is no plain YAML of one line a value is a value that is not known; where a line would belong to another one under another
condition, the whole document is given up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.helm.symbolic.conditions import TRUE, Condition
from kubeqed.build.helm.symbolic.lines import GuardedLine, Loops, Parts
from kubeqed.build.helm.symbolic.spreads import Spread, spread_term
from kubeqed.build.helm.symbolic.state import NotFollowedError
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable
from kubeqed.parse import parse_written

_KEY = re.compile(r"(\"[^\"]*\"|'[^']*'|[A-Za-z0-9_./$][\w./$ -]*?) *:(?=\s|\Z)")
_KEY_END = re.compile(r"[\"']? *:(?=\s|\Z)")
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_DEEPEST = 40


class ScalarBlock(NamedTuple):
    """A scalar, or a value that may be anything where `value` is a term alone; None for nothing."""

    value: Any


class UnknownBlock(NamedTuple):
    """A value of which nothing is known."""

    reason: str


class BlockEntry(NamedTuple):
    """An entry of a map or an item of a list; `key` is None in a list, a term where it is not known."""

    condition: Condition
    loops: Loops
    key: Any
    value: Block
    origin: Origin | None


class MapBlock(NamedTuple):
    """A map, with what is spread into it."""

    entries: list[BlockEntry]
    spreads: list[Spread]


class ListBlock(NamedTuple):
    """A list, with what is spread into it."""

    entries: list[BlockEntry]
    spreads: list[Spread]


Block = ScalarBlock | UnknownBlock | MapBlock | ListBlock


class ReadLine(NamedTuple):
    """A line without its indentation."""

    line: GuardedLine
    indent: int
    parts: Parts

    @property
    def text(self) -> str:
        """The text that it begins with."""
        return self.parts[0] if isinstance(self.parts[0], str) else ""

    @property
    def is_item(self) -> bool:
        """Whether it begins an item of a list."""
        return self.text.startswith("- ") or (self.text == "-" and len(self.parts) == 1)

    @property
    def hole(self) -> SymbolicTerm | None:
        """The value that stands alone on it."""
        alone = self.parts[0] if len(self.parts) == 1 or not "".join(map(str, self.parts[1:])).strip() else None
        return alone if isinstance(alone, SymbolicTerm) else None


def read_line(line: GuardedLine) -> ReadLine | None:
    """A line without its indentation, None for a comment."""
    first = line.parts[0]
    if not isinstance(first, str):
        return ReadLine(line, 0, line.parts)
    rest = first.lstrip(" ")
    parts = (rest, *line.parts[1:]) if rest else line.parts[1:]
    if rest.startswith("#") or not parts:
        return None
    return ReadLine(line, len(first) - len(rest), parts)


class BlockReader:
    """Reads the lines of one document."""

    def __init__(self, table: TermTable) -> None:
        self._table = table

    def read(self, lines: Sequence[ReadLine], depth: int = 0) -> Block:
        """The value that lines spell."""
        if not lines:
            return ScalarBlock(None)
        if depth > _DEEPEST:
            raise NotFollowedError("it is nested too deeply")
        indent = min(one.indent for one in lines)
        outer = [one for one in lines if one.indent == indent]
        if all(one.is_item or one.hole is not None for one in outer) and any(one.is_item for one in outer):
            return self._read_list(lines, indent, depth)
        if len(lines) == 1 and lines[0].hole is None and self._split_key(lines[0].parts) is None:
            return self._read_scalar(lines[0].parts)
        return self._read_map(lines, indent, depth)

    def _group_lines(self, lines: Sequence[ReadLine], indent: int, *, in_list: bool) -> list[list[ReadLine]]:
        """Lines by the entry that they belong to; each has to be there only where its entry is."""
        groups: list[list[ReadLine]] = []
        for one in lines:
            is_below = one.indent > indent or (not in_list and one.indent == indent and one.is_item)
            if not is_below:
                groups.append([one])
            elif not groups or groups[-1][0].hole is not None:
                raise NotFollowedError("a line belongs to nothing")
            elif not self._table.conditions.implies(one.line.condition, groups[-1][0].line.condition):
                raise NotFollowedError("a line belongs to different ones under different conditions")
            else:
                groups[-1].append(one)
        return groups

    def _read_map(self, lines: Sequence[ReadLine], indent: int, depth: int) -> Block:
        """A map."""
        found = MapBlock([], [])
        for first, *below in self._group_lines(lines, indent, in_list=False):
            line = first.line
            if first.hole is not None:
                self._add_spread(found, first)
                continue
            split = self._split_key(first.parts)
            if split is None:
                raise NotFollowedError("a line is no entry of a map")
            key, rest = split
            found.entries.append(
                BlockEntry(line.condition, line.loops, key, self._read_value(rest, below, depth), line.origin)
            )
        return found

    def _read_list(self, lines: Sequence[ReadLine], indent: int, depth: int) -> Block:
        """A list."""
        found = ListBlock([], [])
        for first, *below in self._group_lines(lines, indent, in_list=True):
            line = first.line
            if first.hole is not None:
                self._add_spread(found, first)
                continue
            if not first.is_item:
                raise NotFollowedError("a line is no item of a list")
            rest = first.text[1:].lstrip(" ")
            width = len(first.text) - len(rest)
            parts = (rest, *first.parts[1:]) if rest else first.parts[1:]
            inner = ([ReadLine(line, indent + width, parts)] if parts else []) + below
            value = self._read_item(inner, depth)
            found.entries.append(BlockEntry(line.condition, line.loops, None, value, line.origin))
        return found

    def _read_item(self, lines: list[ReadLine], depth: int) -> Block:
        """The value of an item."""
        if len(lines) == 1 and lines[0].hole is not None:
            return self._read_scalar(lines[0].parts)
        if lines and self._split_key(lines[0].parts) is None and not lines[0].is_item and lines[0].hole is None:
            return self._read_scalar(lines[0].parts) if len(lines) == 1 else UnknownBlock("a value of several lines")
        return self._read_inside(lines, depth)

    def _read_inside(self, lines: list[ReadLine], depth: int) -> Block:
        """A value of several lines, which all belong to it; one that is not known where they are not told apart."""
        try:
            return self.read(lines, depth + 1)
        except NotFollowedError as error:
            return UnknownBlock(error.reason)

    def _add_spread(self, found: MapBlock | ListBlock, first: ReadLine) -> None:
        """Adds what a value alone on a line holds."""
        line = first.line
        for condition, loops, key, value in spread_term(self._table, first.hole, line.condition, line.loops):
            if key is None or isinstance(found, ListBlock):
                found.spreads.append(Spread(condition, loops, value))
            else:
                found.entries.append(BlockEntry(condition, loops, key, self.block_of(value), line.origin))

    def block_of(self, value: Any) -> Block:
        """A value as a block."""
        if isinstance(value, dict):
            return MapBlock([BlockEntry(TRUE, (), key, self.block_of(one), None) for key, one in value.items()], [])
        if isinstance(value, list):
            return ListBlock([BlockEntry(TRUE, (), None, self.block_of(one), None) for one in value], [])
        return ScalarBlock(value)

    def _read_value(self, rest: Parts, below: list[ReadLine], depth: int) -> Block:
        """The value of an entry."""
        stripped = _strip_blanks(rest)
        if not stripped:
            if len(below) == 1 and below[0].hole is not None:
                found = MapBlock([], [])
                self._add_spread(found, below[0])
                return found
            return self._read_inside(below, depth)
        if below or (isinstance(stripped[0], str) and stripped[0][0] in "|>&*!"):
            return UnknownBlock("a value of several lines")
        return self._read_scalar(stripped)

    def _read_scalar(self, parts: Parts) -> Block:
        """A value of one line."""
        stripped = _strip_blanks(parts)
        if not stripped:
            return ScalarBlock(None)
        first, last = stripped[0], stripped[-1]
        if isinstance(first, str) and first[0] in "{[":
            return self._read_flow(first) if len(stripped) == 1 else UnknownBlock("a value in brackets")
        if isinstance(first, str) and isinstance(last, str) and first[0] in "\"'" and last[-1] == first[0]:
            whole = len(stripped) == 1
            if whole and len(first) < 2:
                return UnknownBlock("a quote alone")
            stripped = (first[1:-1],) if whole else (first[1:], *stripped[1:-1], last[:-1])
            return ScalarBlock(self._table.text(list(stripped)))
        return ScalarBlock(stripped[0] if len(stripped) == 1 else self._table.text(list(stripped)))

    def _read_flow(self, text: str) -> Block:
        """A map or a list in brackets that is known."""
        document = parse_written(text)
        return UnknownBlock("a value in brackets") if document.problems else self.block_of(document.root)

    def _split_key(self, parts: Parts) -> tuple[Any, Parts] | None:
        """The key of an entry, and what stands behind it; None where there is none."""
        first = parts[0]
        if isinstance(first, str) and (match := _KEY.match(first)) is not None:
            if match.end() == len(first) and len(parts) > 1:
                return None
            return match[1].strip("\"'"), (first[match.end() :], *parts[1:])
        before: list[Any] = []
        for number, one in enumerate(parts):
            found = _KEY_END.search(one) if isinstance(one, str) and number else None
            if found is not None and not (found.end() == len(one) and number + 1 < len(parts)):
                key = [*before, one[: found.start()]]
                key[0] = key[0].lstrip("\"'") if isinstance(key[0], str) else key[0]
                return self._table.text(key), (one[found.end() :], *parts[number + 1 :])
            before.append(one)
        return None


def _strip_blanks(parts: Parts) -> Parts:
    """Parts without blanks at their ends, and without a comment behind them."""
    found = [one for one in parts if one != ""]
    if found and isinstance(found[-1], str):
        found[-1] = _COMMENT.sub("", found[-1]) if not found[-1].lstrip().startswith(('"', "'")) else found[-1]
        found[-1] = found[-1].rstrip()
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    return tuple(one for one in found if one != "")
