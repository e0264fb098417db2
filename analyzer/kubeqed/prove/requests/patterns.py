"""The language of a path's pattern, as nginx reads it; None for what is not regular, or not known to mean the same.

ingress-nginx writes `location ~* "^PATH"`: the pattern is anchored at the start alone, case makes no difference, and of several
such locations the first that matches takes the request. PCRE and Python write what is read here in the same way.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import lru_cache
from re import _constants as code  # type: ignore[attr-defined]  # the tree of a pattern has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from kubeqed.late_pattern import compile_late
from kubeqed.prove.requests.languages import (
    ALPHABET,
    ANY,
    EMPTY,
    NONE,
    Language,
    concatenate,
    derive,
    one_of,
    repeat,
    unite,
)

_MOST_REPEATS = 64
_MOST_NODES = 4_000
_MOST_ENDS = 6  # each `$` may double what is made of the rest
_LONGEST = 300  # characters of a pattern
_CATEGORIES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": f"{string.ascii_letters}{string.digits}_",
    "CATEGORY_SPACE": " ",
}
_PLAIN = compile_late(r"[^\[\](){}|^$\\+*?.]*")


class IrregularError(Exception):
    """A pattern that looks around, looks back, or means something else in PCRE than here."""


def is_plain(path: str) -> bool:
    """Whether a path has no character that a pattern gives a meaning to."""
    return _PLAIN.fullmatch(path) is not None


@lru_cache(maxsize=2_000)  # the same path is met once for each that may shadow it
def read_location(path: str) -> Language | None:
    """The requests that the location of a path takes, where locations are patterns."""
    return _read_pattern(f"^{path}", whole=False)


@lru_cache(maxsize=2_000)
def read_whole(pattern: str) -> Language | None:
    """The values that a pattern matches from end to end, as those of headers and query parameters are."""
    return _read_pattern(pattern, whole=True)


def _read_pattern(pattern: str, *, whole: bool) -> Language | None:
    if len(pattern) > _LONGEST or pattern.count("$") > _MOST_ENDS:
        return None
    try:
        tree = _parser.parse(pattern)
        if tree.state.flags & ~re.UNICODE.value:
            return None
        reader = _Reader(folds=not whole)
        if whole:
            return reader.follow(list(tree), EMPTY)
        found = unite(reader.anchored(alternative) for alternative in _split_alternatives(list(tree)))
        return concatenate((one_of("/"), derive(found, "/")))  # every request begins so
    except (re.error, IrregularError, RecursionError, OverflowError):
        return None


def _split_alternatives(items: list[Any]) -> list[list[Any]]:
    """The alternatives at the top: `^` belongs to the first alone."""
    if len(items) == 1 and items[0][0] is code.BRANCH:
        return [list(alternative) for alternative in items[0][1][1]]
    return [items]


class _Reader:
    """Reads one pattern; what follows a part is read before it, so that `$` can ask whether that may be nothing."""

    def __init__(self, *, folds: bool) -> None:
        self._nodes = 0
        self._characters = _Characters(folds=folds)

    def anchored(self, items: list[Any]) -> Language:
        """An alternative at the top: it begins where the path does if it says so, else anywhere, and ends anywhere."""
        if items and items[0] == (code.AT, code.AT_BEGINNING):
            return self.follow(items[1:], ANY)
        return concatenate((ANY, self.follow(items, ANY)))

    def follow(self, items: Sequence[Any], rest: Language) -> Language:
        """The texts of some parts one after the other, and then of `rest`."""
        for item in reversed(items):
            rest = self._read_item(item, rest)
        return rest

    def _read_item(self, item: Any, rest: Language) -> Language:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise IrregularError
        kind, value = item
        if kind is code.AT and value is code.AT_END:
            return EMPTY if rest.has_empty else NONE
        if kind is code.SUBPATTERN:
            _, added, removed, inner = value
            if added or removed:
                raise IrregularError
            return self.follow(inner, rest)
        if kind is code.BRANCH:
            return self._read_branch(value[1], rest)
        if kind in (code.MAX_REPEAT, code.MIN_REPEAT):
            return self._read_repeat(value, rest)
        return concatenate((one_of(self._characters.read(kind, value)), rest))

    def _read_branch(self, alternatives: Sequence[Sequence[Any]], rest: Language) -> Language:
        """Those alternatives that do not end the text share what follows."""
        ending = [one for one in alternatives if _has_end(one)]
        others = unite(self.follow(one, EMPTY) for one in alternatives if not _has_end(one))
        return unite((concatenate((others, rest)), *(self.follow(one, rest) for one in ending)))

    def _read_repeat(self, value: Any, rest: Language) -> Language:
        least, most, inner = value
        body = self._read_body(inner)
        if least > _MOST_REPEATS or (most is not code.MAXREPEAT and most > _MOST_REPEATS):
            raise IrregularError
        if most is code.MAXREPEAT:
            return concatenate((*[body] * least, repeat(body), rest))
        tail = rest
        for _ in range(most - least):
            tail = unite((rest, concatenate((body, tail))))
            self._nodes += 1
        return concatenate((*[body] * least, tail))

    def _read_body(self, inner: Sequence[Any]) -> Language:
        """What is repeated, which must not end the text: what follows it is not known."""
        if _has_end(inner):
            raise IrregularError
        return self.follow(inner, EMPTY)


def _has_end(items: Sequence[Any]) -> bool:
    """Whether `$` stands in a part."""
    for kind, value in items:
        if kind is code.AT:
            return True
        if kind is code.SUBPATTERN and _has_end(value[3]):
            return True
        if kind is code.BRANCH and any(_has_end(alternative) for alternative in value[1]):
            return True
        if kind in (code.MAX_REPEAT, code.MIN_REPEAT) and _has_end(value[2]):
            return True
    return False


class _Characters:
    """Reads the parts that match one character; `folds` makes small letters of capitals."""

    def __init__(self, *, folds: bool) -> None:
        self._folds = folds
        self._all = ALPHABET if folds else ALPHABET | frozenset(string.ascii_uppercase)

    def read(self, kind: Any, value: Any) -> frozenset[str]:
        """The characters that a part matches; only printable ASCII is read."""
        if kind is code.LITERAL:
            return self._list_range(value, value)
        if kind is code.NOT_LITERAL:
            return self._all - self._list_range(value, value)
        if kind is code.ANY:
            return self._all
        if kind is not code.IN:
            raise IrregularError
        negated = value[0][0] is code.NEGATE
        found = frozenset[str]().union(*(self._read_member(*one) for one in value[1 if negated else 0 :]))
        return self._all - found if negated else found

    def _read_member(self, kind: Any, value: Any) -> frozenset[str]:
        if kind is code.CATEGORY:
            return self._read_category(str(value))
        if kind is code.RANGE:
            return self._list_range(*value)
        if kind is code.LITERAL:
            return self._list_range(value, value)
        raise IrregularError

    def _read_category(self, name: str) -> frozenset[str]:
        plain = name.replace("_NOT_", "_")
        if plain not in _CATEGORIES:
            raise IrregularError
        found = frozenset(_CATEGORIES[plain]) & self._all
        return found if plain == name else self._all - found

    def _list_range(self, low: int, high: int) -> frozenset[str]:
        if low < 0x20 or high > 0x7E:
            raise IrregularError
        several = (chr(number) for number in range(low, high + 1))
        return frozenset(one.lower() if self._folds else one for one in several)
