"""Nodes as people name them: workloads, ranges of addresses, and whoever stands for what is outside."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import NamedTuple

from kubeqed.graph.reach.addresses import Ranges, joined
from kubeqed.graph.reach.bits import members
from kubeqed.graph.reach.endpoints import Endpoint, Peer, is_stopped
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.terms import plain, token
from kubeqed.model.workload import Workload


class Shown(NamedTuple):
    """A workload in an answer; `stopped` says that the manifest asks for no pods. Sorted by name."""

    namespace: str
    name: str
    kind: str
    stopped: bool = False

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}[{self.kind}]"


class Group(NamedTuple):
    """Peers that an answer treats alike: workloads, sorted, addresses, and the ingress controller outside the unit."""

    workloads: tuple[Shown, ...] = ()
    addresses: Ranges = ()
    controller: bool = False

    @property
    def size(self) -> int:
        """How many peers there are; each range of addresses counts as one."""
        return len(self.workloads) + len(self.addresses) + self.controller


class Names:
    """Names for the nodes of one answer.

    Pods of one owner that policies tell apart are named one by one.
    """

    def __init__(self, reach: Reachability) -> None:
        self._reach = reach
        self._groups: dict[int, Group] = {}

    def of(self, number: int) -> tuple[Shown, ...]:
        """The workloads of a class, sorted."""
        return self._by_class[number]

    def group(self, bits: int) -> Group:
        """The peers of a set."""
        found = self._groups.get(bits)
        if found is None:
            found = self._groups[bits] = self._group(bits)
        return found

    def split(self) -> list[Peer]:
        """The owners whose pods policies tell apart."""
        return sorted((peer for peer, classes in self._spread.items() if classes > 1), key=lambda peer: peer[:3])

    def _group(self, bits: int) -> Group:
        index = self._reach.index
        workloads = [shown for number in members(bits & index.pods) for shown in self._by_class[number]]
        outside = bits & ~index.pods
        return Group(tuple(sorted(workloads)), joined(index.range_of(number) for number in members(outside)))

    @cached_property
    def classes(self) -> dict[Shown, int]:
        """The class of each workload."""
        return {shown: number for number, several in enumerate(self._by_class) for shown in several}

    @cached_property
    def workloads(self) -> dict[Shown, Workload]:
        """The object behind each name."""
        return {self._shown(endpoint): endpoint.workload for one in self._reach.classes for endpoint in one.endpoints}

    @cached_property
    def _by_class(self) -> list[tuple[Shown, ...]]:
        return [tuple(sorted({self._shown(endpoint) for endpoint in one.endpoints})) for one in self._reach.classes]

    def _shown(self, endpoint: Endpoint) -> Shown:
        peer, workload = endpoint.peer, endpoint.workload
        if self._spread[peer] > 1:
            if endpoint.ordinal is not None:
                return Shown(
                    plain(peer.namespace), f"{plain(peer.name)}-{endpoint.ordinal}", "Pod", is_stopped(workload)
                )
            name = token(workload.name) if workload.name is not None else peer.name
            return Shown(plain(peer.namespace), plain(name), workload.kind, is_stopped(workload))
        return Shown(plain(peer.namespace), plain(peer.name), peer.kind, is_stopped(workload))

    @cached_property
    def _spread(self) -> Counter[Peer]:
        """In how many classes each peer has pods."""
        return Counter(peer for one in self._reach.classes for peer in {endpoint.peer for endpoint in one.endpoints})
