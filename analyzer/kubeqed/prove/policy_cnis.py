"""On which CNIs the NetworkPolicies of a unit hold, for a cluster whose CNI nobody named.

Each profile of the package data is one value of that unknown; together they are all solutions of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

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
    IGNORED = "not on"
    UNKNOWN = "not known of"


class Holding(NamedTuple):
    """What becomes of the policies on one CNI; `lacking` is what falls short of what they use."""

    outcome: Outcome
    lacking: tuple[str, ...]


_WORST_FIRST = (
    (Outcome.IN_PART, {Degree.NONE, Degree.PARTIAL}),
    (Outcome.UNKNOWN, {Degree.UNKNOWN}),
    (Outcome.BY_VERSION, {Degree.BY_VERSION}),
)


def sentence(graph: Graph) -> str | None:
    """On which CNIs the policies of a unit hold; None without policies, or where the CNI is known."""
    policies = graph.unit.of(NetworkPolicy)
    if not policies or engines(graph):
        return None
    found = holding(graph, policies)
    parts = (
        _part(outcome, {name: item for name, item in found.items() if item.outcome is outcome}) for outcome in Outcome
    )
    return f"no CNI is stated or found: {'; '.join(filter(None, parts))}"


def holding(graph: Graph, policies: Iterable[NetworkPolicy]) -> dict[str, Holding]:
    """What becomes of the policies on each CNI, in the order of the data."""
    asked = _distinct(policies)
    return {cni.id: _holding(graph, cni, asked) for cni in all_profiles()}


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


def _holding(graph: Graph, cni: Cni, asked: Sequence[Use | Count]) -> Holding:
    enforces = cni.enforces.at(None)
    if enforces is Degree.NONE:
        return Holding(Outcome.IGNORED, ())
    degrees = [(use, degree_of(graph, named(cni.id), cni, use)) for use in asked]
    for outcome, worse in _WORST_FIRST:
        short = [use for use, degree in degrees if degree in worse]
        if short or enforces in worse:
            return Holding(outcome, tuple(dict.fromkeys(use.text.partition(" in ")[0] for use in short)))
    return Holding(Outcome.HOLD, ())


def _part(outcome: Outcome, found: Mapping[str, Holding]) -> str:
    if not found:
        return ""
    names = [f"{name}{_why(item)}" for name, item in found.items()]
    rest = len(names) - _SHOWN
    shown = f"{', '.join(names[:_SHOWN])} and {rest} more" if rest > 0 else _listed(names)
    return f"{outcome.value} {shown}{' (ignored)' if outcome is Outcome.IGNORED else ''}"


def _why(item: Holding) -> str:
    return f" (but {', '.join(item.lacking)})" if item.outcome is Outcome.IN_PART else ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
