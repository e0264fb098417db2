"""The peers of one answer: which pods each stands for, and what it is called."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from kubeqed.model.kinds.workload import Workload
from kubeqed.reach.algebra.addresses import join_ranges
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import EMPTY, PortSet
from kubeqed.reach.algebra.tokens import display, encode
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.peer import Group, Peer
from kubeqed.reach.topology.endpoints import Endpoint, Owner, is_stopped
from kubeqed.reach.topology.entries import EntryPaths


class PeerNames:
    """The peers of one answer.

    Pods of one owner are one peer, unless policies or entries tell them apart: then each is a peer of its own.
    """

    def __init__(self, reach: Reachability, entries: EntryPaths) -> None:
        self._reach = reach
        self._entries = entries
        self._groups: dict[int, Group] = {}

    def of(self, number: int) -> tuple[Peer, ...]:
        """The peers of a class, sorted."""
        return self._by_class[number]

    def group(self, bits: int) -> Group:
        """The peers of a set."""
        found = self._groups.get(bits)
        if found is None:
            found = self._groups[bits] = self._make_group(bits)
        return found

    def split(self) -> list[Owner]:
        """The owners whose pods are told apart."""
        return sorted(self._split_owners, key=lambda owner: owner[:3])

    @cached_property
    def peers(self) -> dict[Endpoint, Peer]:
        """The peer that each pod belongs to."""
        keys: dict[Owner | Endpoint, Peer] = {}
        alike: Counter[tuple[str, str, str]] = Counter()
        for key in map(self._identify_peer, self._reach.endpoints):
            if key not in keys:
                text = _name_peer(key)
                alike[text] += 1
                keys[key] = Peer(*text, alike[text])
        running = {self._identify_peer(one) for one in self._reach.endpoints if not is_stopped(one.workload)}
        return {
            one: keys[key] if (key := self._identify_peer(one)) in running else keys[key]._replace(stopped=True)
            for one in self._reach.endpoints
        }

    def pod(self, endpoint: Endpoint) -> Peer:
        """The one pod that an endpoint is, by its own name; the peer that it belongs to where it is several."""
        peer = self.peers[endpoint]
        return Peer(*_name_peer(endpoint), stopped=is_stopped(endpoint.workload)) if endpoint.is_pod else peer

    @cached_property
    def endpoints(self) -> dict[Peer, tuple[Endpoint, ...]]:
        """The pods that each peer stands for."""
        found: dict[Peer, list[Endpoint]] = {}
        for endpoint, peer in self.peers.items():
            found.setdefault(peer, []).append(endpoint)
        return {peer: tuple(several) for peer, several in found.items()}

    @cached_property
    def classes(self) -> dict[Peer, int]:
        """The class of each peer."""
        return {peer: number for number, several in enumerate(self._by_class) for peer in several}

    @cached_property
    def workloads(self) -> dict[Peer, Workload]:
        """The object behind each peer, one of them where there are several."""
        return {peer: several[-1].workload for peer, several in self.endpoints.items()}

    def _make_group(self, bits: int) -> Group:
        index = self._reach.index
        workloads = [peer for number in list_members(bits & index.pods) for peer in self._by_class[number]]
        outside = bits & ~index.pods
        return Group(tuple(sorted(workloads)), join_ranges(index.range_of(number) for number in list_members(outside)))

    @cached_property
    def _by_class(self) -> list[tuple[Peer, ...]]:
        return [tuple(sorted({self.peers[one] for one in pods.endpoints})) for pods in self._reach.classes]

    def _identify_peer(self, endpoint: Endpoint) -> Owner | Endpoint:
        """What makes two pods one peer."""
        return endpoint if endpoint.owner in self._split_owners else endpoint.owner

    @cached_property
    def _split_owners(self) -> set[Owner]:
        """The owners that have pods in several classes, or pods that the ingress controller outside dials otherwise."""
        kinds: dict[Owner, set[tuple[int, PortSet]]] = {}
        for number, one in enumerate(self._reach.classes):
            for endpoint in one.endpoints:
                kinds.setdefault(endpoint.owner, set()).add((number, self._entries.outside.get(endpoint, EMPTY)))
        return {owner for owner, found in kinds.items() if len(found) > 1}


def _name_peer(key: Owner | Endpoint) -> tuple[str, str, str]:
    """Namespace, name and kind of a peer."""
    if isinstance(key, Owner):
        return display(key.namespace), display(key.name), key.kind
    namespace, name = display(key.owner.namespace), display(key.owner.name)
    if key.ordinal is not None:
        return namespace, f"{name}-{key.ordinal}", "Pod"
    if key.others:
        return namespace, f"{name}-*", key.owner.kind
    workload = key.workload
    return namespace, display(encode(workload.name)) if workload.name is not None else name, workload.kind
