"""Exposure: peers that are not in the input but that policies speak of, each standing for all pods of its kind.

A representative is a pair of selectors of some rule. The engine decides about representatives as about pods, asked with
an index of them. Policies never select representatives, so only the workload's own side counts; a named port stays a
name where the absent destination would have to resolve it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.reach.algebra.ports import EMPTY, PROTOCOLS, PortSet, intersection, single_port, split_names, union
from kubeqed.reach.algebra.terms import PodTerm, Requirements
from kubeqed.reach.engine.allowed import PolicyDecision, decide_by_policies, ports_for_peer
from kubeqed.reach.peer import WHOLE_CLUSTER, Peer, Representative
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.absent.index import RepresentativeIndex
from kubeqed.reach.query.absent.named_ports import number_port_names
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.reach.query.pairs import ExternalConnection, list_external

Name = tuple[str | None, str]


class OpenPorts(NamedTuple):
    """Ports by number and, towards absent pods, by (protocol or None for each, name)."""

    ports: PortSet = EMPTY
    names: frozenset[Name] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ports or self.names)


class ExposedPeer(NamedTuple):
    """A workload, and what absent pods may send to it or receive from it."""

    workload: Peer
    representative: Representative
    open: OpenPorts


class DirectionExposure(NamedTuple):
    """What is asked about in one direction.

    `external` are the connections with addresses of the workloads that are exposed in one direction at least;
    `unprotected` are the workloads that no policy isolates or judges.
    """

    direction: Direction
    exposed: tuple[ExposedPeer, ...]
    external: tuple[ExternalConnection, ...]
    unprotected: tuple[Peer, ...]


def find_exposure(answer: ReachResult, question: ConnectionQuery) -> tuple[DirectionExposure, ...]:
    """What a question asks of the exposure, egress before ingress."""
    exposure = Exposure(answer)
    found: dict[Direction, list[ExposedPeer]] = {side: list(exposure.of(side)) for side in ("Egress", "Ingress")}
    names = {str(one.workload) for several in found.values() for one in several}
    return tuple(
        DirectionExposure(
            direction,
            tuple(one for one in several if _is_asked(question, one.workload, direction)),
            tuple(one for one in list_external(answer, question, direction) if one.workload in names),
            tuple(one for one in exposure.unprotected(direction) if _is_asked(question, one, direction)),
        )
        for direction, several in found.items()
    )


def _is_asked(question: ConnectionQuery, peer: Peer, direction: Direction) -> bool:
    """Whether a question is about a direction of a peer."""
    wanted, other = question.sources, question.destinations
    if direction == "Ingress":
        wanted, other = other, wanted
    named = other is None if wanted is None else peer in wanted.workloads
    about = question.about is None or peer in question.about
    return named and about and question.namespace in (None, peer.namespace)


class Exposure:
    """The exposure of the workloads of an answer."""

    def __init__(self, answer: ReachResult) -> None:
        self._answer = answer
        self._reach = answer.reach

    def of(self, direction: Direction) -> Iterator[ExposedPeer]:
        """Every workload with every representative that is open to it, or that an administrator closes."""
        for number in range(len(self._reach.classes)):
            lines = list(self._list_lines(direction, number))
            for shown in self._answer.names.of(number):
                yield from (ExposedPeer(shown, representative, opened) for representative, opened in lines)

    def unprotected(self, direction: Direction) -> list[Peer]:
        """The workloads that no policy isolates or judges in a direction."""
        return sorted(
            shown
            for number in range(len(self._reach.classes))
            if not self.is_protected(number, direction)
            for shown in self._answer.names.of(number)
        )

    def is_protected(self, number: int, direction: Direction) -> bool:
        """Whether some policy speaks of a class in a direction."""
        return any(policy.isolates(direction) for policy in self._reach.policies_for(number))

    def _list_lines(self, direction: Direction, number: int) -> Iterator[tuple[Representative, OpenPorts]]:
        """The whole cluster, and those that something else is open to, or denied by name."""
        decided = decide_by_policies(
            self._index, self._reach.policies_for(number), direction, self._reach.classes[number]
        )
        whole = self._find_open(decided, 0)
        if whole:
            yield WHOLE_CLUSTER, whole
        # A class that no policy speaks of is open to everybody alike.
        for at, representative in enumerate(self._representatives) if self.is_protected(number, direction) else ():
            found = self._find_open(decided, at)
            if found != whole and (found or ports_for_peer(decided.denied, at)):
                yield representative, found

    def _find_open(self, decided: PolicyDecision, at: int) -> OpenPorts:
        """What is open for a representative; a name says nothing more where every other port is open."""
        ports = ports_for_peer(decided.allowed, at)
        for number in self._port_names:
            for protocol in PROTOCOLS:
                # No rule comes near to the number, so the one beside it has what every unnamed port has.
                if intersection(ports, single_port(protocol, number - 1)):
                    ports = union(ports, single_port(protocol, number))
        numbers, names = split_names(ports, self._port_names)
        return OpenPorts(numbers, _join_protocols(names))

    @cached_property
    def _port_names(self) -> dict[int, str]:
        return number_port_names((self._reach.policies,))

    @cached_property
    def _index(self) -> RepresentativeIndex:
        return RepresentativeIndex(self._representatives, self._reach.index.namespaces, self._port_names)

    @cached_property
    def _representatives(self) -> list[Representative]:
        """The whole cluster, then one for each pair of selectors of rules, of those that mean the same the first."""
        found: dict[tuple[Requirements, Requirements], Representative] = {}
        for _, rule in self._reach.policies.rules():
            for one in rule.written:
                found.setdefault((one.namespaces.requirements, one.pods.requirements), one)
        named = sorted(one for one in found.values() if one != WHOLE_CLUSTER and not self._is_real(one))
        return [WHOLE_CLUSTER, *named]

    def _is_real(self, one: Representative) -> bool:
        """Whether the labels are those of a pod of the input, so that the list has its connections already."""
        if not one.namespaces.labels or not one.pods.labels or not one.namespaces.plain or not one.pods.plain:
            return False
        term = PodTerm(None, one.namespaces.requirements, one.pods.requirements)
        return bool(self._reach.index.match(term, "Ingress") & self._reach.shown)


def _join_protocols(names: tuple[tuple[str, str], ...]) -> frozenset[Name]:
    """The names; one that is open on each protocol has none."""
    found: dict[str, list[str]] = {}
    for protocol, name in names:
        found.setdefault(name, []).append(protocol)
    return frozenset(
        (protocol, name)
        for name, protocols in found.items()
        for protocol in ([None] if len(protocols) == len(PROTOCOLS) else protocols)
    )
