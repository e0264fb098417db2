"""On which CNIs the NetworkPolicies of a unit hold, for a cluster whose CNI nobody named.

Each profile of the package data is one value of that unknown; together they are all solutions of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from kubeqed.graph import Graph
from kubeqed.model.cni import Cni, Degree, all_profiles
from kubeqed.model.networkpolicy import NetworkPolicy
from kubeqed.model.policy_use import Count, Use, counts, uses
from kubeqed.prove.engines import engines, named
from kubeqed.prove.support import degree_of

_SHOWN = 3


class Outcome(Enum):
    """What becomes of the policies on a CNI; the values are how the sentence says it."""

    HOLD = "the NetworkPolicies hold on"
    BY_VERSION = "with a recent version on"
    IN_PART = "in part on"
    IGNORED = "not at all on"
    UNKNOWN = "nobody could tell for"


_WORST_FIRST = (
    (Degree.NONE, Outcome.IN_PART),
    (Degree.PARTIAL, Outcome.IN_PART),
    (Degree.UNKNOWN, Outcome.UNKNOWN),
    (Degree.BY_VERSION, Outcome.BY_VERSION),
)


def sentence(graph: Graph) -> str | None:
    """On which CNIs the policies of a unit hold; None without policies, or where the CNI is known."""
    policies = graph.unit.of(NetworkPolicy)
    if not policies or engines(graph):
        return None
    outcomes = holding(graph, policies)
    parts = (_part(outcome, [name for name, it in outcomes.items() if it is outcome]) for outcome in Outcome)
    return f"no CNI is stated or found: {'; '.join(filter(None, parts))}"


def holding(graph: Graph, policies: Iterable[NetworkPolicy]) -> dict[str, Outcome]:
    """What becomes of the policies on each CNI, in the order of the data."""
    asked = _distinct(policies)
    return {cni.id: _outcome(graph, cni, asked) for cni in all_profiles()}


def _distinct(policies: Iterable[NetworkPolicy]) -> list[Use | Count]:
    """One of each kind of use: many policies use the same things."""
    kinds: dict[object, Use | Count] = {}
    for policy in policies:
        for use in uses(policy):
            kinds.setdefault((use.feature, use.to_all, use.value if isinstance(use.value, str) else ""), use)
        for count in counts(policy):
            most = kinds.get(count.limit)
            if most is None or (isinstance(most, Count) and len(most.paths) < len(count.paths)):
                kinds[count.limit] = count
    return list(kinds.values())


def _outcome(graph: Graph, cni: Cni, asked: Sequence[Use | Count]) -> Outcome:
    enforces = cni.enforces.at(None)
    if enforces is Degree.NONE:
        return Outcome.IGNORED
    degrees = {enforces, *(degree_of(graph, named(cni.id), cni, use) for use in asked)}
    return next((outcome for degree, outcome in _WORST_FIRST if degree in degrees), Outcome.HOLD)


def _part(outcome: Outcome, names: Sequence[str]) -> str:
    if not names:
        return ""
    rest = len(names) - _SHOWN
    shown = f"{', '.join(names[:_SHOWN])} and {rest} more" if rest > 0 else _listed(names)
    return f"{outcome.value} {shown}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
