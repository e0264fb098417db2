"""Whether two values are one, and whether a label meets a requirement, where either may be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from kubeqed.parse import Unknown


class Match(Enum):
    """Whether something matches; UNDECIDED when that hangs on an unknown."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


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
    if match is Match.UNDECIDED:
        return match
    return Match.NO if match is Match.YES else Match.YES


def match_all(found: Iterable[Match]) -> Match:
    """YES when all are, also where there are none; NO when one is."""
    whole = Match.YES
    for one in found:
        if one is Match.NO:
            return one
        if one is Match.UNDECIDED:
            whole = one
    return whole


def match_any(found: Iterable[Match]) -> Match:
    """YES when one is; NO when all are, also where there are none."""
    whole = Match.NO
    for one in found:
        if one is Match.YES:
            return one
        if one is Match.UNDECIDED:
            whole = one
    return whole


def combine(one: Match, other: Match) -> Match:
    """Whether two matches hold together."""
    if one is Match.NO or other is Match.YES:
        return one
    return other


def match_requirement(operator: str, values: Sequence[str | Unknown], value: str | Unknown | None) -> Match:
    """Whether the value of a label meets one requirement; UNDECIDED for an operator that is none.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement: NotIn holds for a
    label that is absent.
    """
    if operator in ("In", "NotIn"):
        found = match_any(same_value(one, value) for one in values)
        return found if operator == "In" else negate(found)
    if isinstance(value, Unknown):
        return Match.UNDECIDED
    if operator in ("Exists", "DoesNotExist"):
        return Match.YES if (value is not None) == (operator == "Exists") else Match.NO
    return _match_part(operator, values, value)


def _match_part(operator: str, values: Sequence[str | Unknown], value: str | None) -> Match:
    """Calico's operators on a part of the value."""
    if value is None:
        return Match.NO
    asked = [one for one in values if isinstance(one, str)]
    if len(asked) != 1 or operator not in ("contains", "starts", "ends"):
        return Match.UNDECIDED
    tests = {"contains": asked[0] in value, "starts": value.startswith(asked[0]), "ends": value.endswith(asked[0])}
    return Match.YES if tests[operator] else Match.NO
