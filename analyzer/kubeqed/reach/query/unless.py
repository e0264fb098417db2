"""Which policies of other engines could change the verdict about one pair."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.reach.algebra.ports import PortSet, difference, intersection
from kubeqed.reach.caveats.unmodelled import ForeignPolicies, ForeignPolicy
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.explain import Explanation, Side


class Doubt(NamedTuple):
    """A policy that may decide otherwise about one side of a pair."""

    direction: Direction
    policy: ForeignPolicy


def doubts_about(
    foreign: ForeignPolicies, source: Workload | None, destination: Workload | None, found: Explanation, asked: PortSet
) -> tuple[Doubt, ...]:
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


def _governing(foreign: ForeignPolicies, side: Side, subject: Workload | None, other: Workload | None) -> list[Doubt]:
    if subject is None:
        return []
    return [
        Doubt(side.direction, one)
        for one in foreign.all
        if subject in one.governs(side.direction) and not (one.outside and other is not None)
    ]
