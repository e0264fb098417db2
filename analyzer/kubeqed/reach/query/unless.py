"""Which policies of other engines could change the verdict about one pair."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.reach.algebra.ports import PortSet, difference, intersection
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicies, UnmodelledPolicy
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.explain import DirectionTrace, Explanation


class UnmodelledDoubt(NamedTuple):
    """A policy that may decide otherwise about one side of a pair."""

    direction: Direction
    policy: UnmodelledPolicy


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
        _governing(foreign, found.egress, source, destination),
        _governing(foreign, found.ingress, destination, source),
    )
    every = tuple(doubt for side in sides for doubt in side)
    if intersection(found.allowed, asked):
        return every
    for side, governing in zip((found.egress, found.ingress), sides, strict=True):
        if difference(asked, side.allowed) == asked and not any(one.policy.opens for one in governing):
            return ()
    return tuple(one for one in every if one.policy.opens)


def _governing(
    foreign: UnmodelledPolicies, side: DirectionTrace, subject: Workload | None, other: Workload | None
) -> list[UnmodelledDoubt]:
    if subject is None:
        return []
    return [
        UnmodelledDoubt(side.direction, one)
        for one in foreign.all
        if subject in one.governs(side.direction) and not (one.outside and other is not None)
    ]
