"""A cluster to which objects are sent one after another: which step the API server refuses, and at which field.

It keeps what the server's allocators keep: node ports, one slot for each number whatever the protocol, and cluster IPs,
fixed ones by value and those that the server picks by number. Ported from pkg/registry/core/service/storage/alloc.go of
k8s.io/kubernetes. What it picks at random is counted, not guessed: a fixed number that was free of other fixed ones is
granted, unless the server has nothing left to move to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.admission import Server, Violation, admit
from kubeqed.model.admission.address import sloppy_address
from kubeqed.model.admission.changes import changes
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.service import EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.model.admission.service.addresses import written_addresses
from kubeqed.model.admission.service.node_ports import CLASH, Request, requests
from kubeqed.model.admission.update import asked_of_new_objects, completed
from kubeqed.parse import Mapping

ADDRESS_CLASH = "cluster-ip-clash"
_NOT_IN_RANGE = "node-port-out-of-range"
_OWN_SERVICE = 2  # the addresses of a range that no Service gets: its own, and the one of the API server's Service

Key = tuple[str, str, str, str]


class Step(NamedTuple):
    """An object on its way to the server."""

    root: Mapping
    group: str
    version: str
    kind: str

    @property
    def key(self) -> Key:
        """Which object of the cluster it is; an absent namespace is `default`."""
        metadata = Node(self.root)["metadata"]
        return self.group, self.kind, metadata["namespace"].text or "default", metadata["name"].text or ""


class Held(NamedTuple):
    """What a Service holds: fixed numbers and addresses, and how many of each the server picked."""

    ports: frozenset[int] = frozenset()
    picked_ports: int = 0
    addresses: frozenset[str] = frozenset()
    picked_addresses: int = 0


class Allocation:
    """The state of a cluster; `namespaces` are those that exist, None when any may."""

    def __init__(self, server: Server, namespaces: frozenset[str] | None = None) -> None:
        self.server = server
        self.namespaces = namespaces
        self.objects: dict[Key, Step] = {}
        self.held: dict[Key, Held] = {}

    def send(self, step: Step) -> list[Violation]:
        """Creates the object, or replaces it where it exists; what the server refuses, empty when it takes it."""
        refused = [*self._refusals(step)]
        if not refused:
            self.objects[step.key] = step
            if (step.group, step.kind) == ("", "Service"):
                self.held[step.key] = self._wants(step)
        return refused

    def delete(self, step: Step) -> None:
        """Removes the object, and frees what it holds."""
        self.objects.pop(step.key, None)
        self.held.pop(step.key, None)

    def _refusals(self, step: Step) -> Iterator[Violation]:
        before = self.objects.get(step.key)
        if self.namespaces is not None and step.key[2] not in self.namespaces:
            yield Violation(
                "value-rejected", "metadata.namespace", f"is of the namespace {step.key[2]}, which does not exist"
            )
            return
        root = step.root if before is None else completed(step.group, step.kind, before.root, step.root)
        own = [found for found in admit(root, *step[1:], self.server) if found.certainty is Certainty.REJECTED]
        if before is not None:
            own = [found for found in own if not asked_of_new_objects(step.group, step.kind, found)]
            own = [*own, *changes(step.group, step.kind, before.root, root)]
        ports = (CLASH, _NOT_IN_RANGE)
        others = [found for found in own if found.rule not in ports]
        if others or (step.group, step.kind) != ("", "Service"):
            yield from others
            return
        refused = [*self._addresses(step, root)] or [*self._ports(step, root, before)]
        yield from refused or (own if before is None else [])

    def _addresses(self, step: Step, root: Mapping) -> Iterator[Violation]:
        """A fixed address that another Service has, or one more than the range has."""
        spec = Node(root)["spec"]
        taken = self._others(step)
        for item in written_addresses(spec) or ():
            address = item.text
            if address != "None" and any(address in held.addresses for held in taken):
                yield Violation(ADDRESS_CLASH, "spec.clusterIPs", f"asks for the cluster IP {address}, which is taken")
        wanted = addresses_of(spec)
        count = len(wanted.addresses) + wanted.picked_addresses
        for cidr in self.server.service_cidrs[:1] if count else ():
            used = sum(len(held.addresses) + held.picked_addresses for held in taken)
            if used + count > usable(cidr):
                path = "spec.clusterIPs" if wanted.addresses else ""
                yield Violation(ADDRESS_CLASH, path, f"needs a cluster IP, but the range {cidr} is full")

    def _ports(self, step: Step, root: Mapping, before: Step | None) -> Iterator[Violation]:
        others = self._others(step)
        numbers = frozenset[int]().union(*(held.ports for held in others))
        free = self.server.node_ports.high - self.server.node_ports.low + 1
        free -= len(numbers) + sum(held.picked_ports for held in others)
        if before is not None:
            yield from _doubled(Node(root)["spec"])
        old = self.held.get(step.key, Held()).ports if before is not None else frozenset[int]()
        own: set[int] = set()
        for request in requests(Node(root)["spec"]) or ():
            if request.number is not None and before is not None and request.number in old | own:
                continue
            refusal = self._slot(request, numbers | own, free - len(own))
            if refusal is not None:
                yield refusal
                return
            own.add(request.number if request.number is not None else -len(own) - 1)

    def _slot(self, request: Request, taken: frozenset[int] | set[int], free: int) -> Violation | None:
        # The server answers for a health check port, and for a full range, without naming a field.
        path = "" if request.health or request.number is None else request.node.path
        if request.number is None:
            return None if free > 0 else Violation(CLASH, "", "needs a node port, but the range is full")
        shown = f"asks for the node port {request.number}"
        if not self.server.node_ports.low <= request.number <= self.server.node_ports.high:
            return Violation(_NOT_IN_RANGE, path, f"{shown}, which is not in the range {self.server.node_ports}")
        if request.number in taken or free <= 0:
            return Violation(CLASH, path, f"{shown}, which is taken", place=request.node.path)
        return None

    def _others(self, step: Step) -> list[Held]:
        return [held for key, held in self.held.items() if key != step.key]

    def _wants(self, step: Step) -> Held:
        spec = Node(step.root)["spec"]
        asked = [*(requests(spec) or ())]
        numbers = frozenset(request.number for request in asked if request.number is not None)
        picked = sum(request.number is None for request in asked)
        return addresses_of(spec)._replace(ports=numbers, picked_ports=picked)


def addresses_of(spec: Node) -> Held:
    """The addresses that a Service holds, and whether the server picks one."""
    written = written_addresses(spec)
    if type_of(spec) in (None, EXTERNAL_NAME) or written is None:
        return Held()
    fixed = frozenset(item.text for item in written if item.text and sloppy_address(item.text) is not None)
    return Held(addresses=fixed, picked_addresses=0 if written else 1)


def usable(cidr: str) -> int:
    """How many addresses of a range Services may get; the last one of IPv4 is never used."""
    import ipaddress  # only a stated range needs it

    network = ipaddress.ip_network(cidr, strict=False)
    return max(network.num_addresses - _OWN_SERVICE - (network.version == 4), 0)


def _doubled(spec: Node) -> Iterator[Violation]:
    """On an update two entries of one protocol may not have one node port; the server names no field."""
    seen: set[tuple[str, int]] = set()
    for entry in spec["ports"].items() if type_of(spec) in (NODE_PORT, LOAD_BALANCER) else ():
        slot = entry["protocol"].text or "TCP", entry["nodePort"].number or 0
        if slot[1] and slot in seen:
            yield Violation(CLASH, "", f"has the node port {slot[1]}/{slot[0]} twice", place=entry["nodePort"].path)
        seen.add(slot)
