"""The whole answer about one unit: connections between groups of peers, entries from outside, and what was left open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.graph.reach.assumptions import SPECIFICATION, Assumptions
from kubeqed.graph.reach.compiled import Remark
from kubeqed.graph.reach.endpoints import is_on_host, is_stopped
from kubeqed.graph.reach.entries import CONTROLLER, Entries, Entry, enters
from kubeqed.graph.reach.foreign_policies import ForeignPolicies, ForeignPolicy
from kubeqed.graph.reach.hidden_clients import hidden_clients
from kubeqed.graph.reach.malformed import malformed
from kubeqed.graph.reach.ports import ALL, EMPTY, PortSet, intersection, union
from kubeqed.graph.reach.quotient import Rectangle
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.refused import refused
from kubeqed.graph.reach.seen_cnis import seen_cnis
from kubeqed.graph.reach.services import Services
from kubeqed.graph.reach.shown import Group, Names, Shown
from kubeqed.graph.reach.unplaced import unplaced
from kubeqed.graph.reach.unseen import unseen
from kubeqed.model.unit import Unit
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown


class Connection(NamedTuple):
    """Every one of the sources may send to every one of the destinations; a peer to itself is left out."""

    sources: Group
    destinations: Group
    ports: PortSet


class Question(NamedTuple):
    """What is asked: peers on either side (None: all of them), a namespace on one of both, ports."""

    sources: frozenset[Shown] | None = None
    destinations: frozenset[Shown] | None = None
    source_bits: int | None = None
    destination_bits: int | None = None
    controller: bool = True
    ports: PortSet = ALL
    namespace: str | None = None


EVERYTHING = Question()


class Answer:
    """A unit and its graph; connections are worked out when they are asked for."""

    def __init__(self, unit: Unit, assumptions: Assumptions = SPECIFICATION) -> None:
        self.unit = unit
        self.reach = Reachability(unit, assumptions, [CONTROLLER] if enters(unit) else [])
        self.names = Names(self.reach)
        self.services = Services(unit, self.reach.endpoints)
        self.entries = Entries(unit, self.reach.endpoints, self.services)
        self.foreign = ForeignPolicies(unit, assumptions)

    def connections(self, question: Question = EVERYTHING) -> list[Connection]:
        """What is asked for, sorted."""
        found = [*self._between(question), *(self._entering(question) if question.controller else ())]
        return sorted(found, key=_order)

    def rectangles(self, question: Question = EVERYTHING) -> Iterator[Rectangle]:
        """The rectangles of classes that are asked for, cut down to the ports asked for."""
        for sources, destinations in self._sides(question):
            for one in self.reach.rectangles(sources, destinations):
                ports = intersection(one.ports, question.ports)
                if ports:
                    yield one._replace(ports=ports)

    def remarks(self) -> list[Remark]:
        """What the answer leaves out or depends on."""
        self.entries.all  # noqa: B018  # entries remark while they are worked out
        found = [*self.reach.policies.remarks, *self.entries.remarks, *self._of_workloads(), *unplaced(self.reach)]
        found += [*refused(self.unit), *malformed(self.unit), *hidden_clients(self.reach, self.services)]
        found += seen_cnis(self.unit, self.reach.policies.items, self.reach.assumptions)
        return [*found, *unseen(self.unit)]

    def unless(self, question: Question = EVERYTHING) -> list[ForeignPolicy]:
        """The policies of other engines that may decide otherwise about what is asked."""
        return self.foreign.about(self._workloads(question.sources), self._workloads(question.destinations))

    @cached_property
    def entering(self) -> dict[Shown, PortSet]:
        """What the ingress controller outside the unit reaches."""
        found: dict[Shown, PortSet] = {}
        for entry in self.entries.all:
            ports = self.through(entry)
            if ports and not entry.sources:
                for shown in self._shown(entry):
                    found[shown] = union(found.get(shown, EMPTY), ports)
        return found

    def through(self, entry: Entry) -> PortSet:
        """What policies leave of an entry from the controller outside the unit."""
        number = self.reach.class_of[entry.endpoint.workload]
        return intersection(entry.ports, self.reach.pair(self.controller, number))

    @cached_property
    def controller(self) -> int:
        """The class that stands for the ingress controller outside the unit."""
        return next(at for at, one in enumerate(self.reach.classes) if one.key == CONTROLLER)

    def _workloads(self, shown: frozenset[Shown] | None) -> frozenset[Workload] | None:
        return None if shown is None else frozenset(self.names.workloads[one] for one in shown)

    def _shown(self, entry: Entry) -> Iterator[Shown]:
        for shown in self.names.of(self.reach.class_of[entry.endpoint.workload]):
            if self.names.workloads[shown] is entry.endpoint.workload or self._same_owner(shown, entry):
                yield shown

    def _same_owner(self, shown: Shown, entry: Entry) -> bool:
        peer = entry.endpoint.peer
        return (shown.namespace, shown.name, shown.kind) == (peer.namespace, peer.name, peer.kind)

    def _sides(self, question: Question) -> Iterator[tuple[int, int]]:
        reach = self.reach
        sources = reach.shown | reach.index.addresses("Ingress")
        destinations = reach.shown | reach.index.addresses("Egress")
        if question.source_bits is not None:
            sources &= question.source_bits
        if question.destination_bits is not None:
            destinations &= question.destination_bits
        if question.namespace is None:
            yield sources, destinations
            return
        inside = reach.index.of_namespace(question.namespace)
        yield sources & inside, destinations
        yield sources & ~inside, destinations & inside

    def _between(self, question: Question) -> Iterator[Connection]:
        for sources, destinations, ports in self.rectangles(question):
            connection = Connection(
                _only(self.names.group(sources), question.sources),
                _only(self.names.group(destinations), question.destinations),
                ports,
            )
            connection = _without_itself(connection)
            if connection.sources.size and connection.destinations.size:
                yield connection

    def _entering(self, question: Question) -> Iterator[Connection]:
        by_ports: dict[PortSet, list[Shown]] = {}
        for shown, found in self.entering.items():
            asked = question.namespace is None or shown.namespace == question.namespace
            ports = intersection(found, question.ports)
            if ports and asked and (question.destinations is None or shown in question.destinations):
                by_ports.setdefault(ports, []).append(shown)
        for ports, several in by_ports.items():
            yield Connection(Group(controller=True), Group(tuple(sorted(several))), ports)

    def _of_workloads(self) -> Iterator[Remark]:
        for peer in self.names.split():
            yield Remark(peer.workload, "metadata.name", "policies tell its pods apart: they are named one by one")
        keys = self.reach.policies.seen().keys
        for workload in self.unit.workloads:
            labels = workload.template.labels
            if labels.more is not None:
                yield Remark(workload, labels.path, "its labels are not all known: those that are not match nothing")
            for key in sorted(keys & labels.entries.keys()):
                if isinstance(labels.entries[key], Unknown):
                    text = f"its label {key} is unknown: it is taken to equal nothing but itself"
                    yield Remark(workload, labels.path_of(key), text)
            if is_stopped(workload):
                yield Remark(workload, "spec.replicas", "it has no running pods; it is shown as if it had")
            if is_on_host(workload) and not self.reach.assumptions.hosts_governed:
                path = f"{workload.template.path}.spec.hostNetwork".lstrip(".")
                yield Remark(workload, path, "its pods share the node's network: no policy is taken to govern them")


def _only(group: Group, wanted: frozenset[Shown] | None) -> Group:
    if wanted is None:
        return group
    return group._replace(workloads=tuple(shown for shown in group.workloads if shown in wanted))


def _without_itself(connection: Connection) -> Connection:
    """The connection without a lone peer's connection to itself, which is no answer."""
    sources, destinations = connection.sources, connection.destinations
    if destinations.size == 1 and destinations.workloads and destinations.workloads[0] in sources.workloads:
        return connection._replace(sources=_without(sources, destinations.workloads[0]))
    if sources.size == 1 and sources.workloads and sources.workloads[0] in destinations.workloads:
        return connection._replace(destinations=_without(destinations, sources.workloads[0]))
    return connection


def _without(group: Group, shown: Shown) -> Group:
    return group._replace(workloads=tuple(one for one in group.workloads if one != shown))


def _order(connection: Connection) -> tuple[object, ...]:
    return (*_first(connection.sources), *_first(connection.destinations), connection.ports)


def _first(group: Group) -> tuple[object, ...]:
    return group.controller, bool(group.addresses and not group.workloads), group.workloads, group.addresses
