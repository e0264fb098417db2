"""On which CNIs the NetworkPolicies of a unit hold, for a cluster whose CNI is not named.

Each profile of the package data is one value of that unknown; together they are all solutions of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto

from kubeqed.diagnostic import list_some
from kubeqed.model.cni.capabilities import Cni, Degree, all_profiles
from kubeqed.model.cni.policy_use import PolicyCount, PolicyUse, count_limits, find_uses
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.clauses.policy_engines import find_engines, named_engine
from kubeqed.prove.clauses.support import degree_of
from kubeqed.resolve import Resolver

_SHOWN = 1


class CniOutcome(Enum):
    """What becomes of the policies on a CNI."""

    HOLD = auto()
    IN_PART = auto()
    IGNORED = auto()
    BY_VERSION = auto()
    UNKNOWN = auto()


_ORDER = (
    CniOutcome.HOLD,
    CniOutcome.BY_VERSION,
    CniOutcome.UNKNOWN,
    CniOutcome.IN_PART,
    CniOutcome.IGNORED,
)  # the worst last


_WORST_FIRST = (
    (CniOutcome.IN_PART, {Degree.NONE, Degree.PARTIAL}),
    (CniOutcome.UNKNOWN, {Degree.UNKNOWN}),
    (CniOutcome.BY_VERSION, {Degree.BY_VERSION}),
)


def describe_policy_cnis(graphs: Iterable[Resolver]) -> str | None:
    """On which CNIs the policies of all these units hold; None where none has policies and an unknown CNI."""
    found: dict[str, CniOutcome] = {}
    for graph in graphs:
        policies = graph.unit.of(NetworkPolicy)
        if policies and not find_engines(graph):
            for name, outcome in cnis_that_hold(graph, policies).items():
                found[name] = max(found.get(name, outcome), outcome, key=_ORDER.index)
    if not found:
        return None
    ignoring, partial = (_list_cnis(found, outcome) for outcome in (CniOutcome.IGNORED, CniOutcome.IN_PART))
    return f"no CNI is named: {ignoring} do not enforce the NetworkPolicies" + (
        f", {partial} only in part" if partial else ""
    )


def cnis_that_hold(graph: Resolver, policies: Iterable[NetworkPolicy]) -> dict[str, CniOutcome]:
    """What becomes of the policies on each CNI, in the order of the data."""
    asked = _select_distinct(policies)
    return {cni.id: _rate_cni(graph, cni, asked) for cni in all_profiles()}


def _select_distinct(policies: Iterable[NetworkPolicy]) -> list[PolicyUse | PolicyCount]:
    """One of each kind of use: many policies use the same things."""
    kinds: dict[object, PolicyUse | PolicyCount] = {}
    for policy in policies:
        for use in find_uses(policy):
            kinds.setdefault((use.feature, use.to_all, use.value if isinstance(use.value, str) else ""), use)
        for count in count_limits(policy):
            most = kinds.get(count.limit)
            if most is None or (isinstance(most, PolicyCount) and len(most.paths) < len(count.paths)):
                kinds[count.limit] = count
    return list(kinds.values())


def _rate_cni(graph: Resolver, cni: Cni, asked: Sequence[PolicyUse | PolicyCount]) -> CniOutcome:
    """How far a CNI enforces some uses: as far as the one that it enforces least."""
    enforces = cni.enforces.at(None)
    if enforces is Degree.NONE:
        return CniOutcome.IGNORED
    degrees = {enforces, *(degree_of(graph, named_engine(cni.id), cni, use) for use in asked)}
    return next((outcome for outcome, worse in _WORST_FIRST if degrees & worse), CniOutcome.HOLD)


def _list_cnis(found: Mapping[str, CniOutcome], outcome: CniOutcome) -> str:
    return list_some([name for name in found if found[name] is outcome], _SHOWN)
