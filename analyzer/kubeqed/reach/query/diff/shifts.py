"""What an ingress controller outside the unit reached wherever it ran and now reaches from some places only, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.reach.algebra.ports import PortSet, intersection
from kubeqed.reach.peer import Group, Peer
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.placed import PlacementCondition, PlacementVerdict


class Shift(NamedTuple):
    """Ports of peers that were open and still are; `opens` says that now they are so wherever the controller runs.

    The condition held before where it opens, else it holds now.
    """

    destinations: Group
    ports: PortSet
    condition: PlacementCondition
    opens: bool


def find_shifts(old: ReachResult, new: ReachResult, about: frozenset[Peer] | None = None) -> list[Shift]:
    """All of two versions of a unit; one of the peers `about` is the destination, None means any."""
    groups: dict[tuple[PortSet, PlacementCondition, bool], list[Peer]] = {}
    before, after = ({peer.identity: one for peer, one in answer.verdicts.items()} for answer in (old, new))
    for peer in sorted(before.keys() & after.keys()):
        if about is None or peer in about:
            for ports, condition, opens in _compare_verdicts(before[peer], after[peer]):
                groups.setdefault((ports, condition, opens), []).append(peer)
    return [Shift(Group(tuple(peers)), *one) for one, peers in groups.items()]


def _compare_verdicts(
    before: PlacementVerdict, after: PlacementVerdict
) -> Iterator[tuple[PortSet, PlacementCondition, bool]]:
    """The ports that were open surely and now are so under a condition, and the reverse."""
    for sure, other, opens in ((before.sure, after, False), (after.sure, before, True)):
        for case in other.cases:
            if ports := intersection(sure, case.ports):
                yield ports, case.condition, opens
