"""Which policies of other engines could change the verdict about one pair, or about the connections of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.reach.algebra.ports import PortSet, difference, intersection
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicies, UnmodelledPolicy
from kubeqed.reach.peer import Group
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.explain import DirectionTrace, Explanation


class UnmodelledDoubt(NamedTuple):
    """A policy that may decide otherwise about one side of a pair."""

    direction: Direction
    policy: UnmodelledPolicy


class PolicyDoubt(NamedTuple):
    """A policy that may decide otherwise, and the peers whose ingress and egress it may decide about."""

    policy: UnmodelledPolicy
    ingress: Group
    egress: Group


def name_doubted_peers(answer: ReachResult, policies: Iterable[UnmodelledPolicy]) -> list[PolicyDoubt]:
    """Policies with the peers that they may decide about, as the answer names them."""
    policies = list(policies)
    names = list(answer.names.workloads.items()) if policies else []

    def group(whom: frozenset[Workload]) -> Group:
        return Group(tuple(sorted(peer for peer, workload in names if workload in whom)))

    return [PolicyDoubt(one, group(one.ingress), group(one.egress)) for one in policies]


def find_doubts(
    foreign: UnmodelledPolicies,
    source: Workload | None,
    destination: Workload | None,
    found: Explanation,
    asked: PortSet,
) -> tuple[UnmodelledDoubt, ...]:
    """The policies that could change what was found on the ports asked about; None is an address or a controller.

    What passes, any policy of either side may deny. What is denied passes only if each side that denies it has a policy
    that may allow what NetworkPolicies deny.
    """
    sides = (
        _list_governing(foreign, found.egress, source, destination),
        _list_governing(foreign, found.ingress, destination, source),
    )
    every = tuple(doubt for side in sides for doubt in side)
    if intersection(found.allowed, asked):
        return every
    for side, governing in zip((found.egress, found.ingress), sides, strict=True):
        if difference(asked, side.allowed) == asked and not any(one.policy.opens for one in governing):
            return ()
    return tuple(one for one in every if one.policy.opens)


def _list_governing(
    foreign: UnmodelledPolicies, side: DirectionTrace, subject: Workload | None, other: Workload | None
) -> list[UnmodelledDoubt]:
    """The policies of other engines that may govern a direction of a workload."""
    if subject is None:
        return []
    return [
        UnmodelledDoubt(side.direction, one)
        for one in foreign.all
        if subject in one.governs(side.direction) and not (one.outside and other is not None)
    ]
