"""Whether labels match a selector: the reference, three-valued, in any of the languages that write selectors.

What is faster says the same of what is known: sets of bits and cells of all label sets in `reach/algebra`, the indexes of
`resolve/label_index.py` and of `reach/topology/services.py`, and the server's check of a workload against its template.
`tests/reach/test_label_match.py` has one table of verdicts, and holds each of them to it and to generated selectors.
"""

from __future__ import annotations

from collections.abc import Callable

from kubeqed.model.unmodelled.condition import (
    AllConditions,
    AnyCondition,
    Condition,
    LabelCondition,
    NotCondition,
)
from kubeqed.model.values.match import Match, match_all, match_any, match_requirement, negate
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
