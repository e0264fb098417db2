"""A cluster to which objects are sent one after another: which step the API server refuses, and at which field.

It holds what rules ask of the server (`admit`, `judge_new_version`, `requested_node_ports`) against what a real one was recorded to say.

It keeps what the server's allocators keep: node ports, one slot for each number whatever the protocol, and cluster IPs,
fixed ones by value and those that the server picks by number. Ported from pkg/registry/core/service/storage/alloc.go of
k8s.io/kubernetes. What it picks at random is counted, not guessed: a fixed number that was free of other fixed ones is
granted, unless the server has nothing left to move to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.resolve.allocators import Allocators, Held

from kubeqed.apiserver import Server, Violation, admit
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.service import LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.apiserver.service.addresses import taken_addresses
from kubeqed.apiserver.service.node_ports import NodePortRequest, requested_node_ports
from kubeqed.apiserver.update import asked_of_new_objects, judge_new_version
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import is_one_of, known_or
from kubeqed.parse import Mapping
from kubeqed.prove.questions.ranges import usable_addresses

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
        return (
            self.group,
            self.kind,
            known_or(metadata["namespace"].text, "") or "default",
            known_or(metadata["name"].text, ""),
        )


class Allocation:
    """The state of a cluster; `namespaces` are those that exist, None when any may."""

    def __init__(self, server: Server, namespaces: frozenset[str] | None = None) -> None:
        self.server = server
        self.namespaces = namespaces
        self.objects: dict[Key, Step] = {}
        self.allocators = Allocators()

    def send(self, step: Step) -> list[Violation]:
        """Creates the object, or replaces it where it exists; what the server refuses, empty when it takes it."""
        before = self.objects.get(step.key)
        unchangeable: tuple[Violation, ...] = ()
        if before is not None:
            root, unchangeable = judge_new_version(step.group, step.kind, before.root, step.root)
            step = step._replace(root=root)
        refused = [*self._refusals(step, before, unchangeable)]
        if not refused:
            self.objects[step.key] = step
            if (step.group, step.kind) == ("", "Service"):
                self.allocators.give(step.key, wanted_by(Node(step.root)["spec"]))
        return refused

    def delete(self, step: Step) -> None:
        """Removes the object, and frees what it holds."""
        self.objects.pop(step.key, None)
        self.allocators.take_back(step.key)

    def _refusals(self, step: Step, before: Step | None, unchangeable: tuple[Violation, ...]) -> Iterator[Violation]:
        if self.namespaces is not None and step.key[2] not in self.namespaces:
            yield Violation(
                Reason.VALUE, "metadata.namespace", f"is of the namespace {step.key[2]}, which does not exist"
            )
            return
        own = [found for found in admit(*step, self.server) if found.certainty is Certainty.REJECTED]
        if before is not None:
            own = [found for found in own if not asked_of_new_objects(step.group, step.kind, found)]
            own = [*own, *unchangeable]
        ports = (Reason.NODE_PORT_CLASH, Reason.NODE_PORT_RANGE)
        others = [found for found in own if found.reason not in ports]
        if others or (step.group, step.kind) != ("", "Service"):
            yield from others
            return
        refused = [*self._addresses(step)] or [*self._ports(step, before)]
        yield from refused or (own if before is None else [])

    def _addresses(self, step: Step) -> Iterator[Violation]:
        """A fixed address that another Service has, or one more than the range has."""
        wanted = addresses_of(Node(step.root)["spec"])
        for address in sorted(wanted.addresses):
            if self.allocators.holder_of_address(address, step.key) is not None:
                yield Violation(
                    Reason.CLUSTER_IP_CLASH, "spec.clusterIPs", f"asks for the cluster IP {address}, which is taken"
                )
        count = len(wanted.addresses) + wanted.picked_addresses
        for cidr in self.server.service_cidrs[:1] if count else ():
            if self.allocators.addresses_of_others(step.key) + count > usable_addresses(cidr):
                path = "spec.clusterIPs" if wanted.addresses else ""
                yield Violation(Reason.CLUSTER_IP_CLASH, path, f"needs a cluster IP, but the range {cidr} is full")

    def _ports(self, step: Step, before: Step | None) -> Iterator[Violation]:
        spec = Node(step.root)["spec"]
        free = self.server.node_ports.high - self.server.node_ports.low + 1
        free -= self.allocators.ports_of_others(step.key)
        if before is not None:
            yield from _doubled(spec)
        old = self.allocators.held_by(step.key).ports
        own: set[int] = set()
        for request in requested_node_ports(spec):
            if request.number is not None and before is not None and request.number in old | own:
                continue
            refusal = self._slot(step, request, own, free - len(own))
            if refusal is not None:
                yield refusal
                return
            own.add(request.number if request.number is not None else -len(own) - 1)

    def _slot(self, step: Step, request: NodePortRequest, own: set[int], free: int) -> Violation | None:
        # The server answers for a health check port, and for a full range, without naming a field.
        path = "" if request.health or request.number is None else request.node.path
        if request.number is None:
            return (
                None if free > 0 else Violation(Reason.NODE_PORT_CLASH, "", "needs a node port, but the range is full")
            )
        shown = f"asks for the node port {request.number}"
        if not self.server.node_ports.low <= request.number <= self.server.node_ports.high:
            return Violation(
                Reason.NODE_PORT_RANGE, path, f"{shown}, which is not in the range {self.server.node_ports}"
            )
        if request.number in own or self.allocators.has_port(request.number, step.key) or free <= 0:
            return Violation(Reason.NODE_PORT_CLASH, path, f"{shown}, which is taken", place=request.node.path)
        return None


def wanted_by(spec: Node) -> Held:
    """What a Service holds once it is taken."""
    asked = [*requested_node_ports(spec)]
    numbers = frozenset(request.number for request in asked if request.number is not None)
    picked = sum(request.number is None for request in asked)
    return addresses_of(spec)._replace(ports=numbers, picked_ports=picked)


def addresses_of(spec: Node) -> Held:
    """The addresses that a Service holds, and whether the server picks one."""
    taken = taken_addresses(spec)
    return Held(addresses=frozenset(one for one in taken if one is not None), picked_addresses=taken.count(None))


def _doubled(spec: Node) -> Iterator[Violation]:
    """On an update two entries of one protocol may not have one node port; the server names no field."""
    seen: set[tuple[str, int]] = set()
    for entry in spec["ports"].items() if is_one_of(type_of(spec), (NODE_PORT, LOAD_BALANCER)) else ():
        slot = known_or(entry["protocol"].text, "") or "TCP", known_or(entry["nodePort"].number, 0)
        if slot[1] and slot in seen:
            yield Violation(
                Reason.NODE_PORT_CLASH, "", f"has the node port {slot[1]}/{slot[0]} twice", place=entry["nodePort"].path
            )
        seen.add(slot)
