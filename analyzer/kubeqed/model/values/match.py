"""Whether two values are one, where either may be unknown."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from kubeqed.parse import Unknown


class Match(Enum):
    """Whether something matches; UNDECIDED when that hangs on an unknown."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


_OPPOSITE = {Match.YES: Match.NO, Match.NO: Match.YES, Match.UNDECIDED: Match.UNDECIDED}


def same_value(one: str | Unknown | None, other: str | Unknown | None) -> Match:
    """Whether two values are one; None is a value that is absent, which no unknown one turns out to be."""
    if one is None or other is None:
        return Match.YES if one is other else Match.NO
    if isinstance(one, Unknown):
        return Match.YES if one.same_as(other) else Match.UNDECIDED
    if isinstance(other, Unknown):
        return Match.UNDECIDED
    return Match.YES if one == other else Match.NO


def sameness_key(value: str | Unknown | None) -> object:
    """A key that two values share exactly when `same_value` is sure that they are one."""
    return value.term if isinstance(value, Unknown) else value


def negate(match: Match) -> Match:
    """The match of the opposite."""
    return _OPPOSITE[match]


def match_all(found: Iterable[Match]) -> Match:
    """YES when all are, also where there are none; NO when one is."""
    several = set(found)
    if Match.NO in several:
        return Match.NO
    return Match.UNDECIDED if Match.UNDECIDED in several else Match.YES


def match_any(found: Iterable[Match]) -> Match:
    """YES when one is; NO when all are, also where there are none."""
    return negate(match_all(map(negate, found)))


def combine(one: Match, other: Match) -> Match:
    """Whether two matches hold together."""
    if Match.NO in (one, other):
        return Match.NO
    return one if other is Match.YES else other
