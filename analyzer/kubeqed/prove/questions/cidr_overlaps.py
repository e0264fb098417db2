"""Ranges of addresses that must be apart: an address that means two things is reached as one of them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses.modes import find_mode
from kubeqed.model.values.match import Match, same_value
from kubeqed.prove.clauses.address_fault import AddressFault, begin_sentence
from kubeqed.prove.clauses.cluster_ranges import ClusterRange, RangeRole, list_ranges
from kubeqed.resolve import Resolver

_APART = frozenset({"on_prem", "kubeadm", "kind", "k3s", "openshift", "gke", "openstack"})
"""Providers of whose clusters pods never have addresses of the nodes' own range."""
_LOOSE = (RangeRole.PEER, RangeRole.NODES)


def list_overlaps(graph: Resolver) -> list[AddressFault]:
    """Each pair of ranges that meet and must not, at the one that is easier to change."""
    return list(_find_overlaps(graph))


def _find_overlaps(graph: Resolver) -> Iterator[AddressFault]:
    ranges = sorted(list_ranges(graph), key=lambda one: one.role)
    for one, other in _list_meeting(ranges):
        if not _must_be_apart(one, other, graph):
            continue
        yield AddressFault(
            other.place,
            f"{begin_sentence(other)} meets {one}, so that an address of both is reached as one of them alone",
            _limit_overlap(one, other, graph),
            ((one.place, "the other range"),),
        )


def _list_meeting(ranges: Sequence[ClusterRange]) -> list[tuple[ClusterRange, ClusterRange]]:
    """The pairs that share an address, in order, but for those of one role that is no pool.

    By their first addresses, so that each is held only against those that have not ended before: networks of thousands
    of ranges are peered.
    """
    found: list[tuple[int, int]] = []
    open_ones: dict[RangeRole, list[int]] = {}
    for number in sorted(range(len(ranges)), key=lambda at: _find_start(ranges[at])):
        role, addresses = ranges[number].role, ranges[number].addresses
        for other, numbers in open_ones.items():
            if other is not role or role is RangeRole.POOL:
                numbers[:] = [one for one in numbers if ranges[one].addresses.meets(addresses)]
                found += ((min(one, number), max(one, number)) for one in numbers)
        open_ones.setdefault(role, []).append(number)
    return [(ranges[one], ranges[other]) for one, other in sorted(found)]


def _find_start(one: ClusterRange) -> tuple[int, int]:
    first = one.addresses.first
    return first.version, int(first)


def _must_be_apart(one: ClusterRange, other: ClusterRange, graph: Resolver) -> bool:
    """Whether nothing makes one lie in the other on purpose; `one` has the earlier role, or both are pools."""
    if one.role == other.role:
        return _serve_one_cluster(one, other)
    if (one.role, other.role) == (RangeRole.PEER, RangeRole.NODES):
        return True
    if one.role is RangeRole.NODES and other.role is RangeRole.PODS:
        return not find_mode(graph.cluster).gives_pods_node_addresses
    return not (other.role is RangeRole.POOL and one.role in _LOOSE)  # a pool lies in the network of the nodes


def _serve_one_cluster(one: ClusterRange, other: ClusterRange) -> bool:
    """Whether one MetalLB reads both pools: it reads those of its namespace."""
    if one.object is None or other.object is None:
        return False
    if one.object is other.object:
        return one.place.mark != other.place.mark
    return same_value(one.object.namespace, other.object.namespace) is Match.YES


def _limit_overlap(one: ClusterRange, other: ClusterRange, graph: Resolver) -> Certainty | None:
    """How sure an overlap is: on some platforms pods may have addresses of the nodes' range, and nobody says which it is."""
    if (one.role, other.role) == (RangeRole.NODES, RangeRole.PODS):
        mode = find_mode(graph.cluster)
        return None if mode.name or mode.provider in _APART else Certainty.LIKELY
    objects = [item.object for item in (one, other) if item.object is not None]
    if graph.is_guessed(objects):
        return Certainty.POSSIBLE
    is_mixed = (one.object is None) != (other.object is None)
    return Certainty.LIKELY if is_mixed and not graph.unit.stated else None
