"""The whole answer about one unit: connections between groups of peers, entries from outside, and what was left open."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import intersect
from kubeqed.reach.algebra.bits import bits_of
from kubeqed.reach.algebra.ports import ALL, PortSet, intersection
from kubeqed.reach.caveats.hidden_clients import find_hidden_clients, without_load_balancer
from kubeqed.reach.caveats.limits import find_limits, find_unplaced_addresses
from kubeqed.reach.caveats.other_ports import find_undeclared_ports
from kubeqed.reach.caveats.refused import find_malformed_ports, find_refused_policies
from kubeqed.reach.caveats.superseded import find_superseded, last_definitions
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicies, UnmodelledPolicy
from kubeqed.reach.engine.blocks import Block
from kubeqed.reach.engine.peer_names import PeerNames
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.peer import Group, Peer, parts_about
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions
from kubeqed.reach.policy.compiled import Caveat, Direction
from kubeqed.reach.policy.installed_cnis import find_installed_cnis
from kubeqed.reach.query.placed import PlacementCondition, PlacementVerdict
from kubeqed.reach.query.placements import Placements
from kubeqed.reach.topology.classes import ClassKey
from kubeqed.reach.topology.endpoints import is_on_host, is_stopped
from kubeqed.reach.topology.entries import CONTROLLER, EntryPaths, is_entry
from kubeqed.reach.topology.services import Services


class Connection(NamedTuple):
    """Every one of the sources may send to every one of the destinations; a peer to itself is left out."""

    sources: Group
    destinations: Group
    ports: PortSet


class ConnectionQuery(NamedTuple):
    """What is asked: peers on either side (None: all of them), ports, a namespace that one of both is in.

    `ipv6` asks of all IPv6 addresses too, where no rule names one. One of the peers `about` is at an end, None means any.
    """

    sources: Group | None = None
    destinations: Group | None = None
    ports: PortSet = ALL
    namespace: str | None = None
    ipv6: bool = False
    about: frozenset[Peer] | None = None

    def asks_of(self, peer: Peer) -> bool:
        """Whether a connection from the ingress controller to a peer is asked for, its ports aside."""
        from_it = self.sources is None or self.sources.controller
        to_it = self.destinations is None or peer in self.destinations.workloads
        about = self.about is None or peer in self.about
        return from_it and to_it and about and self.namespace in (None, peer.namespace)


EVERYTHING = ConnectionQuery()


class ReachResult:
    """A unit and its graph; connections are worked out when they are asked for."""

    def __init__(
        self,
        unit: Unit,
        assumptions: Assumptions = SPECIFICATION,
        reach: Reachability | None = None,
        placements: Placements | None = None,
    ) -> None:
        self.unit = unit
        applied = last_definitions(unit)
        self.reach = reach or Reachability(applied, assumptions, [CONTROLLER] if is_entry(unit) else [])
        self.services = Services(applied, self.reach.endpoints)
        self.entries = EntryPaths(applied, self.reach.endpoints, self.services, assumptions)
        self.names = PeerNames(self.reach, self.entries)
        self.foreign = UnmodelledPolicies(applied, assumptions)
        self.placements = placements or Placements(self.reach, self.entries)

    def with_absent(self, absent: Collection[ClassKey], spaces: Mapping[str, dict[str, str]]) -> ReachResult:
        """The same about pods that no manifest shows too; `spaces` are the labels of new namespaces."""
        return ReachResult(self.unit, self.reach.assumptions, self.reach.with_absent(absent, spaces), self.placements)

    @cached_property
    def placed(self) -> ReachResult:
        """The same with the places where an ingress controller outside the unit may run."""
        return ReachResult(self.unit, self.reach.assumptions, self.placements.reach, self.placements)

    def connections(self, question: ConnectionQuery = EVERYTHING) -> list[Connection]:
        """What is asked for, sorted."""
        return sorted([*self._list_between(question), *self._list_entering(question)], key=_rank_connection)

    def rectangles(self, question: ConnectionQuery = EVERYTHING) -> Iterator[Block]:
        """The rectangles of classes that are asked for, cut down to the ports asked for."""
        for sources, destinations in self._split_sides(question):
            for one in self.reach.rectangles(sources, destinations):
                ports = intersection(one.ports, question.ports)
                if ports:
                    yield one._replace(ports=ports)

    @cached_property
    def caveats(self) -> list[Caveat]:
        """What the answer leaves out or depends on."""
        self.entries.all  # noqa: B018  # entries caveat while they are worked out
        found = [
            *self.reach.policies.caveats,
            *self.entries.caveats,
            *self._of_workloads(),
            *find_unplaced_addresses(self.reach),
        ]
        found += find_undeclared_ports(self.reach)
        found += find_superseded(self.unit)
        found += without_load_balancer(self.unit, self.reach.assumptions)
        found += [
            *find_refused_policies(self.unit),
            *find_malformed_ports(self.unit),
            *find_hidden_clients(self.reach, self.services),
        ]
        found += find_installed_cnis(self.unit, self.reach.policies.items, self.reach.assumptions)
        return [*found, *find_limits(self.unit)]

    def unless(self, question: ConnectionQuery = EVERYTHING) -> list[UnmodelledPolicy]:
        """The policies of other engines that may decide otherwise about what is asked."""
        return self.foreign.about(self._list_workloads(question.sources), self._list_workloads(question.destinations))

    @cached_property
    def entering(self) -> dict[Peer, PortSet]:
        """What the ingress controller outside the unit reaches wherever it runs."""
        return {peer: verdict.sure for peer, verdict in self.verdicts.items() if verdict.sure}

    @cached_property
    def verdicts(self) -> dict[Peer, PlacementVerdict]:
        """What the ingress controller outside the unit reaches of what it dials, and what depends on where it runs."""
        found = ((self.names.peers[endpoint], self.placements.of(endpoint)) for endpoint in self.entries.outside)
        return {peer: verdict for peer, verdict in found if verdict.possible}

    def depending(self, question: ConnectionQuery = EVERYTHING) -> list[tuple[Connection, PlacementCondition]]:
        """Connections that are asked for, of the ingress controller, that depend on where it runs."""
        groups: dict[tuple[PortSet, PlacementCondition], list[Peer]] = {}
        for peer, verdict in self.verdicts.items():
            for one in verdict.on(question.ports).cases if question.asks_of(peer) else ():
                groups.setdefault((one.ports, one.condition), []).append(peer)
        return [
            (Connection(Group(controller=True), Group(tuple(sorted(several))), ports), condition)
            for (ports, condition), several in sorted(groups.items(), key=lambda one: (sorted(one[1]), one[0][0]))
        ]

    @cached_property
    def controller(self) -> int:
        """The class of a pod that no selector names, in a namespace of its own: the plainest ingress controller."""
        return next(at for at, one in enumerate(self.reach.classes) if one.key == CONTROLLER)

    def _list_workloads(self, group: Group | None) -> frozenset[Workload] | None:
        if group is None:
            return None
        return frozenset(pod.workload for peer in group.workloads for pod in self.names.endpoints[peer])

    def _split_sides(self, question: ConnectionQuery) -> Iterator[tuple[int, int]]:
        """The sources and destinations to ask for, so that no block crosses what is left out."""
        sources = self._find_nodes(question.sources, "Ingress", question.ipv6)
        destinations = self._find_nodes(question.destinations, "Egress", question.ipv6)
        if question.namespace is None:
            yield sources, destinations
            return
        inside = self.reach.index.of_namespace(question.namespace)
        yield sources & inside, destinations
        yield sources & ~inside, destinations & inside

    def _find_nodes(self, group: Group | None, direction: Direction, ipv6: bool) -> int:
        """The nodes of the peers of a group, or of all that a list has: sources of ingress rules, or destinations."""
        index = self.reach.index
        if group is None:
            return self.reach.shown | (index.every_address(direction) if ipv6 else index.addresses(direction))
        pods = (self.names.classes[peer] for peer in group.workloads)
        pieces = (at for at in index.numbers(direction) if intersect((index.range_of(at),), group.addresses))
        return bits_of((*pods, *pieces), index.size)

    def _list_between(self, question: ConnectionQuery) -> Iterator[Connection]:
        """The connections between the groups that are asked for, but for the controller's."""
        for sources, destinations, ports in self.rectangles(question):
            groups = self.names.group(sources), self.names.group(destinations)
            asked = _narrow_group(groups[0], question.sources), _narrow_group(groups[1], question.destinations)
            for ends in parts_about(*asked, question.about):
                connection = _without_itself(Connection(*ends, ports))
                if connection.sources.size and connection.destinations.size:
                    yield connection

    def _list_entering(self, question: ConnectionQuery) -> Iterator[Connection]:
        """The connections of the ingress controller outside the input, one for each set of ports."""
        by_ports: dict[PortSet, list[Peer]] = {}
        for peer, found in self.entering.items():
            ports = intersection(found, question.ports)
            if ports and question.asks_of(peer):
                by_ports.setdefault(ports, []).append(peer)
        for ports, several in by_ports.items():
            yield Connection(Group(controller=True), Group(tuple(sorted(several))), ports)

    def _of_workloads(self) -> Iterator[Caveat]:
        for owner in self.names.split():
            yield Caveat(
                owner.workload, "metadata.name", "policies or entries tell its pods apart: they are named one by one"
            )
        keys = self.reach.policies.seen().keys
        for workload in self.reach.unit.workloads:
            labels = workload.template.labels
            if labels.more is not None:
                yield Caveat(workload, labels.path, "its labels are not all known: those that are not match nothing")
            for key in sorted(keys & labels.entries.keys()):
                if isinstance(labels.entries[key], Unknown):
                    text = f"its label {key} is unknown: it is taken to equal nothing but itself"
                    yield Caveat(workload, labels.path_of(key), text)
            if is_stopped(workload):
                yield Caveat(workload, "spec.replicas", "it has no running pods; it is shown as if it had")
            if is_on_host(workload) and not self.reach.assumptions.hosts_governed:
                path = f"{workload.template.path}.spec.hostNetwork".lstrip(".")
                yield Caveat(workload, path, "its pods share the node's network: no policy is taken to govern them")


def find_peers(answer: ReachResult, beyond: Collection[str]) -> frozenset[Peer] | None:
    """The peers that stand in other files than those `beyond` the PATHs; None where these hold all, or none at all."""
    if not any(workload.file in beyond for workload in answer.unit.workloads):
        return None
    pods = answer.names.endpoints
    return frozenset(peer for peer in pods if any(one.workload.file not in beyond for one in pods[peer])) or None


def _narrow_group(group: Group, wanted: Group | None) -> Group:
    """What of a group is asked for: of addresses, those alone."""
    if wanted is None:
        return group
    asked = frozenset(wanted.workloads)
    workloads = tuple(peer for peer in group.workloads if peer in asked)
    return group._replace(workloads=workloads, addresses=intersect(group.addresses, wanted.addresses))


def _without_itself(connection: Connection) -> Connection:
    """The connection without a lone peer's connection to itself, which is no answer."""
    sources, destinations = connection.sources, connection.destinations
    if destinations.size == 1 and destinations.workloads:
        return connection._replace(sources=_remove_peer(sources, destinations.workloads[0]))
    if sources.size == 1 and sources.workloads:
        return connection._replace(destinations=_remove_peer(destinations, sources.workloads[0]))
    return connection


def _remove_peer(group: Group, peer: Peer) -> Group:
    """By bisection and slices: there may be as many connections as pods, each from all of the others."""
    workloads = group.workloads
    at = bisect_left(workloads, peer)
    return (
        group._replace(workloads=workloads[:at] + workloads[at + 1 :]) if workloads[at : at + 1] == (peer,) else group
    )


def _rank_connection(connection: Connection) -> tuple[object, ...]:
    return (*_rank_group(connection.sources), *_rank_group(connection.destinations), connection.ports)


def _rank_group(group: Group) -> tuple[object, ...]:
    return group.controller, bool(group.addresses and not group.workloads), group.workloads, group.addresses
