"""Whether labels match a selector: the reference, three-valued, in any of the languages that write selectors.

What is faster says the same of what is known: sets of bits and cells of all label sets in `reach/algebra`, the indexes of
`resolve/label_index.py` and of `reach/topology/services.py`, and the server's check of a workload against its template.
`tests/reach/test_label_match.py` has one table of verdicts, and holds each of them to it and to generated selectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kubeqed.model.unmodelled.condition import (
    AllConditions,
    AnyCondition,
    Condition,
    LabelCondition,
    NotCondition,
)
from kubeqed.model.values.match import Match, match_all, match_any, negate, same_value
from kubeqed.parse import Unknown

Lookup = Callable[[str], str | Unknown | None]
"""The value of a label; None where it is absent, an Unknown where it may have any value, or be absent."""


def match_condition(condition: Condition, value_of: Lookup) -> Match:
    """Whether labels meet a condition; UNDECIDED for what cannot be read."""
    if isinstance(condition, LabelCondition):
        return match_requirement(condition.operator, condition.values, value_of(condition.key))
    if isinstance(condition, AllConditions):
        return match_all(match_condition(part, value_of) for part in condition.parts)
    if isinstance(condition, AnyCondition):
        return match_any(match_condition(part, value_of) for part in condition.parts)
    if isinstance(condition, NotCondition):
        return negate(match_condition(condition.part, value_of))
    return Match.UNDECIDED


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
