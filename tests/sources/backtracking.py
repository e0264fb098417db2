"""A regular expression, tried in the order in which Python's engine tries it, with a count of the steps: growth without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

op: Any = import_module("re._constants")  # what Python makes of a pattern has no types
parser: Any = import_module("re._parser")

Then = Callable[[int], bool]
_SINGLE = (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class TooManyStepsError(AssertionError):
    """The engine comes back to where it was, again and again."""


class SteppedMatch:
    """Whether a pattern matches a text as a whole (with DOTALL); `most` steps are too many."""

    def __init__(self, pattern: str, text: str, most: int) -> None:
        self.steps = 0
        self._text = text
        self._most = most
        with _deep():
            self.matches = self._match(list(parser.parse(pattern)), 0, 0, lambda end: end == len(text))

    def _match(self, nodes: Sequence[tuple[Any, Any]], at: int, position: int, then: Then) -> bool:
        self.steps += 1
        if self.steps > self._most:
            raise TooManyStepsError(f"more than {self._most} steps")
        if at == len(nodes):
            return then(position)

        def rest(end: int) -> bool:
            return self._match(nodes, at + 1, end, then)

        code, argument = nodes[at]
        if code in _SINGLE:
            accepted = position < len(self._text) and _accepts(code, argument, ord(self._text[position]))
            return accepted and rest(position + 1)
        if code is op.SUBPATTERN:
            return self._match(list(argument[-1]), 0, position, rest)
        if code is op.ATOMIC_GROUP:
            end = self._first_end(list(argument), position)
            return end is not None and rest(end)
        if code is op.ASSERT_NOT:
            return self._first_end(list(argument[1]), position) is None and rest(position)
        if code in _REPEATS:
            return self._repeat(code, argument, position, rest)
        raise NotImplementedError(code)

    def _first_end(self, nodes: Sequence[tuple[Any, Any]], position: int) -> int | None:
        """Where the first match ends; what would come later is not tried."""
        ends: list[int] = []

        def keep(end: int) -> bool:
            ends.append(end)
            return True

        return ends[0] if self._match(nodes, 0, position, keep) else None

    def _repeat(self, code: Any, argument: Any, position: int, rest: Then) -> bool:
        least, most, body = argument
        nodes = list(body)

        if code is op.POSSESSIVE_REPEAT:
            end, count = self._take_all(nodes, most, position)
            return count >= least and rest(end)

        def again(count: int, start: int) -> bool:
            return count < most and self._match(nodes, 0, start, lambda end: end > start and turn(count + 1, end))

        def turn(count: int, start: int) -> bool:
            if code is op.MIN_REPEAT:
                return (count >= least and rest(start)) or again(count, start)
            return again(count, start) or (count >= least and rest(start))

        return turn(0, position)

    def _take_all(self, nodes: Sequence[tuple[Any, Any]], most: int, start: int) -> tuple[int, int]:
        """How far a possessive repetition goes, and how often."""
        count = 0
        while count < most and (end := self._first_end(nodes, start)) is not None and end > start:
            start, count = end, count + 1
        return start, count


def _accepts(code: Any, argument: Any, byte: int) -> bool:
    """Whether one character is meant."""
    if code is op.IN:
        negated = argument[0][0] is op.NEGATE
        return negated is not any(_accepts(item[0], item[1], byte) for item in argument[negated:])
    if code is op.RANGE:
        return bool(argument[0] <= byte <= argument[1])
    return code is op.ANY or (code is op.LITERAL) is (argument == byte)


@contextmanager
def _deep() -> Iterator[None]:
    """Each character costs some calls."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
