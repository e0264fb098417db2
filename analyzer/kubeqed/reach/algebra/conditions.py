"""Whether labels meet a condition, where a label or the condition may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kubeqed.model.unmodelled.condition import AllConditions, AnyCondition, Condition, LabelCondition, NotCondition
from kubeqed.parse import Unknown
from kubeqed.resolve.selection import Match, same_value

Lookup = Callable[[str], str | Unknown | None]

_OPPOSITE = {Match.YES: Match.NO, Match.NO: Match.YES, Match.UNDECIDED: Match.UNDECIDED}


def evaluate_condition(condition: Condition, value_of: Lookup) -> Match:
    """Whether the labels whose values `value_of` gives meet a condition; None is a label that is absent."""
    if isinstance(condition, LabelCondition):
        return _leaf(condition, value_of(condition.key))
    if isinstance(condition, AllConditions):
        return _every(evaluate_condition(part, value_of) for part in condition.parts)
    if isinstance(condition, AnyCondition):
        return _OPPOSITE[_every(_OPPOSITE[evaluate_condition(part, value_of)] for part in condition.parts)]
    if isinstance(condition, NotCondition):
        return _OPPOSITE[evaluate_condition(condition.part, value_of)]
    return Match.UNDECIDED


def _every(found: Iterable[Match]) -> Match:
    """YES when all are, NO when one is."""
    several = set(found)
    if Match.NO in several:
        return Match.NO
    return Match.UNDECIDED if Match.UNDECIDED in several else Match.YES


def _leaf(leaf: LabelCondition, value: str | Unknown | None) -> Match:
    if leaf.operator in ("In", "NotIn"):
        found = _OPPOSITE[_every(_OPPOSITE[same_value(one, value)] for one in leaf.values)]
        return found if leaf.operator == "In" else _OPPOSITE[found]
    if isinstance(value, Unknown):
        return Match.UNDECIDED
    if leaf.operator in ("Exists", "DoesNotExist"):
        return Match.YES if (value is not None) == (leaf.operator == "Exists") else Match.NO
    return _part(leaf.operator, leaf.values, value)


def _part(operator: str, values: tuple[str | Unknown, ...], value: str | None) -> Match:
    """Calico's operators on a part of the value."""
    if value is None:
        return Match.NO
    asked = [one for one in values if isinstance(one, str)]
    if len(asked) != 1 or operator not in ("contains", "starts", "ends"):
        return Match.UNDECIDED
    tests = {"contains": asked[0] in value, "starts": value.startswith(asked[0]), "ends": value.endswith(asked[0])}
    return Match.YES if tests[operator] else Match.NO
