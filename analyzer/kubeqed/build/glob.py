"""File name patterns in the dialects of Argo CD and Helm, matched in time that grows with pattern times text.

Patterns come with the repository, so that an engine which tries one way after the other could be made to hang.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, reduce
from typing import NamedTuple


class GlobDialect(NamedTuple):
    """What differs: whether `*` goes beyond `/`, or only `**`; whether `{a,b}` are alternatives, and what negates a class."""

    crosses: bool
    braces: bool
    negations: str
    has_double_star: bool = False


INCLUDE = GlobDialect(crosses=True, braces=True, negations="!")  # of `directory`: github.com/gobwas/glob
DIRECTORIES = GlobDialect(
    crosses=False, braces=False, negations="^"
)  # of the git generator and `.helmignore`: Go's path.Match
CHART_FILES = GlobDialect(
    crosses=False, braces=True, negations="!", has_double_star=True
)  # of `.Files.Glob`: gobwas/glob
FILES = GlobDialect(crosses=True, braces=False, negations="!^")  # of the git generator: git's pathspecs

Step = Callable[[str, frozenset[int]], frozenset[int]]  # from where it may start in a text to where it may end
_NOWHERE: frozenset[int] = frozenset()


def matches(pattern: str, text: str, dialect: GlobDialect) -> bool:
    """Whether a pattern matches the whole text; one that is none matches nothing."""
    try:
        return compile_glob(pattern, dialect)(text)
    except ValueError:
        return False


def compile_glob(pattern: str, dialect: GlobDialect) -> Callable[[str], bool]:
    """Whether a whole text matches, as a function of it; a ValueError for a pattern that is none."""
    steps = _compile_pattern(pattern, dialect)
    return lambda text: len(text) in _follow_steps(steps, text, frozenset((0,)))


def _follow_steps(steps: tuple[Step, ...], text: str, start: frozenset[int]) -> frozenset[int]:
    return reduce(lambda at, step: step(text, at) if at else _NOWHERE, steps, start)


@lru_cache(maxsize=256)
def _compile_pattern(pattern: str, dialect: GlobDialect) -> tuple[Step, ...]:
    parsed = _Pattern(pattern, dialect)
    steps = parsed.steps("")
    if parsed.position < len(pattern):
        raise ValueError(pattern)
    return steps


class _Pattern:
    """A pattern while it is read from left to right; a ValueError when it is none."""

    def __init__(self, pattern: str, dialect: GlobDialect) -> None:
        self._pattern = pattern
        self._dialect = dialect
        self.position = 0

    def _take_sign(self) -> str:
        if self.position >= len(self._pattern):
            raise ValueError(self._pattern)
        self.position += 1
        return self._pattern[self.position - 1]

    def steps(self, ends: str) -> tuple[Step, ...]:
        """The steps up to one of some characters, or to the end of the pattern."""
        steps: list[Step] = []
        while self.position < len(self._pattern) and self._pattern[self.position] not in ends:
            sign = self._take_sign()
            if sign == "*":
                steps.append(_any_number(crosses=self._dialect.crosses or self._takes_double_star()))
            elif sign == "?":
                steps.append(_match_one(lambda one: self._dialect.crosses or one != "/"))
            elif sign == "[":
                steps.append(_match_one(self._character_class()))
            elif sign == "{" and self._dialect.braces:
                steps.append(self._parse_alternatives())
            else:
                steps.append(_match_literal(self._take_sign() if sign == "\\" else sign))
        return tuple(steps)

    def _takes_double_star(self) -> bool:
        """Takes the second star of `**`, where that means something of its own."""
        is_double = self._dialect.has_double_star and self._pattern.startswith("*", self.position)
        self.position += is_double
        return is_double

    def _parse_alternatives(self) -> Step:
        branches = [self.steps(",}")]
        while self._take_sign() == ",":
            branches.append(self.steps(",}"))
        return lambda text, at: _NOWHERE.union(*(_follow_steps(branch, text, at) for branch in branches))

    def _character_class(self) -> Callable[[str], bool]:
        is_negated = self._pattern[self.position : self.position + 1] in tuple(self._dialect.negations)
        self.position += is_negated
        ranges: list[tuple[str, str]] = []
        while not ranges or self._pattern[self.position : self.position + 1] != "]":
            low = high = self._take_member()
            if self._pattern[self.position : self.position + 1] == "-":
                self.position += 1
                high = self._take_member()
            ranges.append((low, high))
        self.position += 1
        crosses = self._dialect.crosses
        return lambda one: any(low <= one <= high for low, high in ranges) != is_negated and (crosses or one != "/")

    def _take_member(self) -> str:
        sign = self._take_sign()
        return self._take_sign() if sign == "\\" else sign


def _match_literal(sign: str) -> Step:
    return lambda text, at: frozenset(one + 1 for one in at if text[one : one + 1] == sign)


def _match_one(is_meant: Callable[[str], bool]) -> Step:
    return lambda text, at: frozenset(one + 1 for one in at if one < len(text) and is_meant(text[one]))


def _any_number(*, crosses: bool) -> Step:
    def step(text: str, at: frozenset[int]) -> frozenset[int]:
        reached: set[int] = set()
        for one in sorted(at):
            if one in reached:
                continue
            end = len(text) if crosses else text.find("/", one)
            reached.update(range(one, (len(text) if end < 0 else end) + 1))
        return frozenset(reached)

    return step
