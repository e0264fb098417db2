"""Regular expressions whose time grows with the text, whatever the pattern is: they come from anybody's files.

Go's engine (RE2) is such a one; Python's takes exponential time for `(a|a)*b`. It is asked only where a bound of its work
is small. Else the states of the pattern are followed side by side (Thompson 1968, Pike's virtual machine), with the same
match: the leftmost, and of those the one that a search with priorities finds first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _compiler, _parser  # type: ignore[attr-defined]  # the tree of a pattern has no public name
from typing import Any, NamedTuple

_FEW = 100_000  # steps that Python's engine may take, about a millisecond
_MOST = 10_000  # instructions of a pattern: `a{1000}` is 1,000
_STEPS_OF_UNIT = 100  # of Python's engine in the time of one step of ours
_CHARACTERS_OF_STEP = 16
_SLACK = 4
_MOST_STEPS = 1_000_000  # of one search where nobody counts them, about a second
_UNBOUNDED = float("inf")
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT)
Captures = tuple[int, ...]


class CostlyPatternError(Exception):
    """A pattern that takes too many states or steps."""


class LinearMatch:
    """What a pattern matches in a text, and where its groups do: begin and end in turn, -1 for what matched nothing."""

    def __init__(self, text: str, spans: Captures) -> None:
        self._text = text
        self._spans = spans

    def __getitem__(self, number: int) -> str:
        """The text of a group, empty if it matched nothing."""
        start, end = self._spans[2 * number : 2 * number + 2]
        return "" if start < 0 or end < 0 else self._text[start:end]

    def start(self) -> int:
        """Where the match begins."""
        return self._spans[0]

    def end(self) -> int:
        """Where it ends."""
        return self._spans[1]


class _Instruction(NamedTuple):
    """A step of a pattern: take a character or be at a place (`test`), go on at one of two, note a place, or end."""

    kind: str
    test: re.Pattern[str] | None = None
    to: int = 0
    other: int = 0


class LinearPattern:
    """A pattern in Python's syntax without assertions and references to groups. What Python refuses is its `re.error`."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._plain = re.compile(pattern, flags)
        self._tree = _parser.parse(pattern, flags)
        self._program: list[_Instruction] | None = None
        self._taken: dict[tuple[int, str], bool] = {}
        self.groups: int = self._plain.groups
        self.names = self._plain.groupindex

    def work(self, text: str) -> int:
        """What a search in a text costs at most, in steps; a CostlyPatternError if its states are too many."""
        return int(self._bound_steps(text)) // _STEPS_OF_UNIT if self.is_cheap(text) else self._own_work(text)

    def _own_work(self, text: str) -> int:
        """What it costs without Python's engine."""
        return (len(text) + 1) * len(self._list_instructions())

    def search(self, text: str) -> LinearMatch | None:
        """The first match; a CostlyPatternError if it could take too many steps."""
        self._check_steps(text)
        return next(self.matches(text), None)

    def _check_steps(self, text: str) -> None:
        """Refuses a search of too many steps."""
        if self.work(text) > _MOST_STEPS:
            raise CostlyPatternError

    def fullmatch(self, text: str) -> LinearMatch | None:
        """The match of a whole text; a CostlyPatternError if it could take too many steps."""
        self._check_steps(text)
        if self.is_cheap(text):
            return self._spans_of(self._plain.fullmatch(text))
        return _Search(self, self._list_instructions(), text, is_whole=True).at(0)

    def matches(self, text: str) -> Iterator[LinearMatch]:
        """All matches one after the other, as Go takes them: no empty one right behind another. `work` says what they cost."""
        search = None if self.is_cheap(text) else _Search(self, self._list_instructions(), text)
        start, end = 0, -1
        while start <= len(text):
            found = self._spans_of(self._plain.search(text, start)) if search is None else search.at(start)
            if found is None:
                return
            if found.end() > found.start() or found.start() != end:
                yield found
            end = found.end()
            start = end if found.end() > found.start() else end + 1

    def _spans_of(self, match: re.Match[str] | None) -> LinearMatch | None:
        """A match of Python's engine."""
        if match is None:
            return None
        return LinearMatch(match.string, tuple(at for span in match.regs for at in span))

    def is_cheap(self, text: str) -> bool:
        """Whether Python's engine takes few steps in a text, or less time than we do."""
        bound = self._bound_steps(text)
        return bound <= _FEW or bound <= _STEPS_OF_UNIT * self._own_work(text)

    def _bound_steps(self, text: str) -> float:
        """How many steps Python's engine may take from all places of a text: a few characters each in each of the ways."""
        width = 1 + int(self._tree.getwidth()[0]) // _CHARACTERS_OF_STEP
        return _count_ways(self._tree, len(text)) * (len(text) + 1) * width

    def _list_instructions(self) -> list[_Instruction]:
        """The pattern as a program."""
        if self._program is None:
            made: list[_Instruction] = []
            _compile_tree(self._tree, self._tree.state.flags, made)
            self._program = [_Instruction("save", to=0), *(_move_instruction(one, 1) for one in made)]
            self._program += [_Instruction("save", to=1), _Instruction("match")]
        return self._program

    def takes(self, position: int, instruction: _Instruction, character: str) -> bool:
        """Whether an instruction takes a character."""
        key = (position, character)
        if key not in self._taken and instruction.test is not None:
            self._taken[key] = instruction.test.match(character) is not None
        return self._taken[key]


class _Search:
    """The states of a pattern on their way through a text; the steps of all searches in it are counted together."""

    def __init__(
        self, pattern: LinearPattern, program: list[_Instruction], text: str, *, is_whole: bool = False
    ) -> None:
        self._pattern = pattern
        self._program = program
        self._text = text
        self._is_whole = is_whole
        self._left = _SLACK * (len(text) + 1) * len(program)

    def at(self, start: int) -> LinearMatch | None:
        """The first match from a place on."""
        text, best = self._text, None
        fresh = (-1,) * (2 * self._pattern.groups + 2)
        pending: list[tuple[int, Captures]] = []
        for at in range(start, len(text) + 1):
            if best is None and (not self._is_whole or at == start):
                pending.append((0, fresh))
            elif not pending:
                break
            following: list[tuple[int, Captures]] = []
            for position, captures in self._follow_states(pending, at):
                instruction = self._program[position]
                if instruction.kind == "match":
                    if not self._is_whole or at == len(text):
                        best = captures
                        break
                elif at < len(text) and self._pattern.takes(position, instruction, text[at]):
                    following.append((position + 1, captures))
            pending = following
        return None if best is None else LinearMatch(text, best)

    def _follow_states(self, pending: list[tuple[int, Captures]], at: int) -> Iterator[tuple[int, Captures]]:
        """The states that take a character or end, in order of priority, each once."""
        seen: set[int] = set()
        stack = pending[::-1]
        while stack:
            position, captures = stack.pop()
            if position in seen:
                continue
            seen.add(position)
            kind, test, to, other = self._program[position]
            if kind == "split":
                stack += [(other, captures), (to, captures)]
            elif kind == "save":
                stack.append((position + 1, (*captures[:to], at, *captures[to + 1 :])))
            elif kind == "jump":
                stack.append((to, captures))
            elif kind == "at":
                if test is not None and test.match(self._text, at):
                    stack.append((position + 1, captures))
            else:
                yield position, captures
        self._left -= len(seen)
        if self._left < 0:
            raise CostlyPatternError


def _move_instruction(one: _Instruction, by: int) -> _Instruction:
    """An instruction that stands elsewhere."""
    return one._replace(to=one.to + by, other=one.other + by) if one.kind in ("split", "jump") else one


def _count_ways(tree: Any, length: int) -> float:
    """In how many ways Python's engine may try a tree from one place of a text."""
    ways = 1.0
    for kind, of in tree:
        if kind in _REPEATS:
            least, most, inner = of
            each = _count_ways(inner, length)
            if least == most:
                ways *= each ** min(int(most), length + 1) if each > 1 else 1
            else:
                ways *= min(int(most), length) + 1 if each == 1 else _UNBOUNDED if most > 1 else each + 1
        elif kind is _parser.BRANCH:
            ways *= sum(_count_ways(one, length) for one in of[1])
        elif kind is _parser.SUBPATTERN:
            ways *= _count_ways(of[-1], length)
        if ways > _FEW:
            return _UNBOUNDED
    return ways


def _compile_tree(tree: Any, flags: int, made: list[_Instruction]) -> None:
    """Adds the instructions of a tree."""
    for node in tree:
        kind, of = node
        if len(made) > _MOST:
            raise CostlyPatternError
        if kind in _REPEATS:
            _compile_repetition(of, flags, made, is_greedy=kind is _parser.MAX_REPEAT)
        elif kind is _parser.BRANCH:
            _compile_branches(of[1], flags, made)
        elif kind is _parser.SUBPATTERN:
            group, more, less, inner = of
            if group is not None:
                made.append(_Instruction("save", to=2 * group))
            _compile_tree(inner, (flags | more) & ~less, made)
            if group is not None:
                made.append(_Instruction("save", to=2 * group + 1))
        elif kind in (_parser.ASSERT, _parser.ASSERT_NOT, _parser.GROUPREF, _parser.GROUPREF_EXISTS):
            raise CostlyPatternError
        else:
            made.append(_Instruction("at" if kind is _parser.AT else "take", _test_of(node, flags)))


def _test_of(node: Any, flags: int) -> re.Pattern[str]:
    """A pattern that is one node of another one."""
    state = _parser.State()
    state.flags = flags
    test: re.Pattern[str] = _compiler.compile(_parser.SubPattern(state, [node]), flags)
    return test


def _compile_repetition(of: Any, flags: int, made: list[_Instruction], *, is_greedy: bool) -> None:
    """Adds a repetition: so often as it must be, and as it may be."""
    least, most, inner = int(of[0]), of[1], of[2]
    for _ in range(least):
        _compile_tree(inner, flags, made)
        if len(made) > _MOST:
            raise CostlyPatternError
    is_endless = most is _parser.MAXREPEAT
    for _ in range(1 if is_endless else int(most) - least):
        at = len(made)
        made.append(_Instruction("split"))
        _compile_tree(inner, flags, made)
        end = len(made) + is_endless
        ways = (at + 1, end) if is_greedy else (end, at + 1)
        made[at] = _Instruction("split", None, *ways)
        if is_endless:
            made.append(_Instruction("split", None, *ways))  # x* is (x+)?, as Go has it since a turn may match nothing
        if end > _MOST:
            raise CostlyPatternError


def _compile_branches(branches: list[Any], flags: int, made: list[_Instruction]) -> None:
    """Adds alternatives, of which the first one that matches is taken."""
    ends = []
    for number, one in enumerate(branches, 1):
        at = len(made)
        if number < len(branches):
            made.append(_Instruction("split"))
        _compile_tree(one, flags, made)
        if number < len(branches):
            ends.append(len(made))
            made.append(_Instruction("jump"))
            made[at] = _Instruction("split", None, at + 1, len(made))
    for end in ends:
        made[end] = _Instruction("jump", to=len(made))
