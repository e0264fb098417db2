"""The one engine: a unit's pods and policies, asked for all connections or for one pair.

A point query walks the same areas as the list, so that the two can never disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from kubeqed.model.kinds.service import Service
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import ALL, PortSet, intersection
from kubeqed.reach.algebra.terms import Term
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.engine.allowed import PeersAndPorts, allowed_by_policies, ports_for_peer
from kubeqed.reach.engine.blocks import Block, ConnectionBlocks, group_senders
from kubeqed.reach.engine.index import ClassIndex
from kubeqed.reach.engine.policies import CompiledPolicies, compile_policies
from kubeqed.reach.namespaces import namespace_labels
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions
from kubeqed.reach.policy.compiled import CompiledPolicy, Direction
from kubeqed.reach.policy.installed_cnis import assume_installed
from kubeqed.reach.topology.classes import ClassKey, PodClass, PolicyVocabulary, classify
from kubeqed.reach.topology.endpoints import Endpoint, find_endpoints
from kubeqed.reach.topology.numbered import NUMBERED, OrdinalIndex


class CompiledUnit(NamedTuple):
    """A unit's policies and pods, before it is said which pods are alike; `assumptions` are those that it was read with."""

    assumptions: Assumptions
    policies: CompiledPolicies
    seen: PolicyVocabulary
    numbered: OrdinalIndex
    endpoints: list[Endpoint]


class Reachability:
    """Who can send what to whom in a unit.

    `added` are absent pods that are asked about, such as those of an ingress controller. `absent` are more of them,
    which lists have too; `spaces` are the labels of namespaces that are new for them. `compiled` is what
    another one of the same unit and assumptions found.
    """

    def __init__(
        self,
        unit: Unit,
        assumptions: Assumptions = SPECIFICATION,
        added: Sequence[ClassKey] = (),
        *,
        absent: Collection[ClassKey] = (),
        spaces: Mapping[str, dict[str, str]] = MappingProxyType({}),
        compiled: CompiledUnit | None = None,
    ) -> None:
        self.unit = unit
        self.compiled = compiled or compile_unit(unit, assumptions)
        self.assumptions, self.policies, self.seen, self.numbered, self.endpoints = self.compiled
        self._added = added
        self._absent = frozenset(absent)
        classes = classify(self.endpoints, self.seen, [*added, *absent])
        namespaces = {**namespace_labels(unit), **spaces}
        self.index = ClassIndex(classes, namespaces, *self.policies.pieces(), ipv6=self.policies.name_ipv6)

    def with_absent(self, absent: Collection[ClassKey], spaces: Mapping[str, dict[str, str]]) -> Reachability:
        """The same about pods that no manifest shows too."""
        return Reachability(
            self.unit, self.assumptions, self._added, absent=absent, spaces=spaces, compiled=self.compiled
        )

    @cached_property
    def classes(self) -> list[PodClass]:
        """The classes, by number."""
        return self.index.classes

    @cached_property
    def shown(self) -> int:
        """The classes that lists have: of pods that manifests show, and of absent ones where there are any."""
        return sum(1 << at for at, one in enumerate(self.classes) if one.endpoints or one.key in self._absent)

    @cached_property
    def class_of(self) -> dict[Endpoint, int]:
        """The class of each endpoint."""
        return {endpoint: at for at, one in enumerate(self.classes) for endpoint in one.endpoints}

    def rectangles(self, sources: int | None = None, destinations: int | None = None) -> list[Block]:
        """All connections between the given nodes, or between all that lists have; never from a range to a range."""
        index = self.index
        sources = self.shown | index.addresses("Ingress") if sources is None else sources
        destinations = self.shown | index.addresses("Egress") if destinations is None else destinations
        found = self._connection_blocks.rectangles(sources, destinations & index.pods)
        return found + self._connection_blocks.rectangles(sources & index.pods, destinations & ~index.pods)

    def pair(self, source: int, destination: int) -> PortSet:
        """The ports on which one node reaches another."""
        return intersection(self.sent(source, destination), self.accepted(source, destination))

    def sent(self, source: int, destination: int) -> PortSet:
        """The ports on which the policies of one node let it send to another."""
        return ports_for_peer(self.sends[source], destination) if source < len(self.classes) else ALL

    def accepted(self, source: int, destination: int) -> PortSet:
        """The ports on which the policies of `destination` let a node in."""
        return ports_for_peer(self.accepts[destination], source) if destination < len(self.classes) else ALL

    def policies_for(self, number: int) -> list[CompiledPolicy]:
        """The policies that select a class, first asked first."""
        return [self.policies.items[at] for at in self._policies_by_class[number]]

    @cached_property
    def accepts(self) -> list[tuple[PeersAndPorts, ...]]:
        """What each class accepts."""
        return [self._allowed_by_class["Ingress"][number] for number in self._allowed_numbers("Ingress")]

    @cached_property
    def sends(self) -> list[tuple[PeersAndPorts, ...]]:
        """What each class sends."""
        return [self._allowed_by_class["Egress"][number] for number in self._allowed_numbers("Egress")]

    @cached_property
    def _allowed_by_class(self) -> dict[Direction, list[tuple[PeersAndPorts, ...]]]:
        return {"Ingress": [], "Egress": []}

    def _allowed_numbers(self, direction: Direction) -> list[int]:
        known = self._rule_numbers.get(direction)
        return known if known is not None else self._rule_numbers.setdefault(direction, self._number_allowed(direction))

    @cached_property
    def _rule_numbers(self) -> dict[Direction, list[int]]:
        return {}

    def _number_allowed(self, direction: Direction) -> list[int]:
        """The number of what each class is allowed; classes that the same policies select alike share one."""
        allowed = self._allowed_by_class[direction]
        numbers: dict[tuple[object, ...], int] = {}
        found = []
        for at, one in enumerate(self.classes):
            key = (tuple(self._policies_by_class[at]), one.key.ports if direction == "Ingress" else ())
            if key not in numbers:
                numbers[key] = len(allowed)
                allowed.append(allowed_by_policies(self.index, self.policies_for(at), direction, one))
            found.append(numbers[key])
        return found

    @cached_property
    def _policies_by_class(self) -> list[list[int]]:
        """For each class the policies that select it, by their places."""
        selecting: list[list[int]] = [[] for _ in self.classes]
        for at, policy in enumerate(self.policies.items):
            for number in list_members(self.index.subjects(policy.subject)):
                selecting[number].append(at)
        return selecting

    @cached_property
    def _connection_blocks(self) -> ConnectionBlocks:
        """What each node accepts and sends, ready to be asked for blocks."""
        outside: tuple[PeersAndPorts, ...] = (PeersAndPorts((1 << self.index.size) - 1, ALL),)
        accepts = [*self.accepts, *[outside] * (self.index.size - len(self.classes))]
        numbers = [*self._allowed_numbers("Ingress"), *[-1] * (self.index.size - len(self.classes))]
        sends = [*self.sends, *[outside] * (self.index.first_destination - len(self.classes))]
        return ConnectionBlocks(accepts, numbers, group_senders(sends, self.index.size), self.index.size)


def compile_unit(
    unit: Unit, assumptions: Assumptions, also: Iterable[Term] = (), names: Iterable[str] = ()
) -> CompiledUnit:
    """The policies of a unit, and its pods as these, and other terms and names of ports that are asked about, see them."""
    assumed = assume_installed(unit, assumptions)
    return divide_pods(unit, assumed, compile_policies(unit, assumed), also, names)


def divide_pods(
    unit: Unit,
    assumptions: Assumptions,
    policies: CompiledPolicies,
    also: Iterable[Term] = (),
    names: Iterable[str] = (),
) -> CompiledUnit:
    """Policies that were compiled, and the pods of their unit as these and what is asked about see them."""
    seen = policies.seen(also, names)
    numbered = OrdinalIndex(unit, _collect_asked_values(seen, unit.of(Service)))
    endpoints = find_endpoints(unit, numbered, hosts_governed=assumptions.hosts_governed)
    return CompiledUnit(assumptions, policies, seen, numbered, endpoints)


def _collect_asked_values(seen: PolicyVocabulary, services: Iterable[Service]) -> dict[str, set[str]]:
    """The values that policies and Services ask for, of the labels that tell pods of one workload apart."""
    found = {key: set(seen.alike.get(key, ())) for key in NUMBERED}
    for service in services:
        for key in NUMBERED:
            if (value := service.selector.labels.entries.get(key)) is not None:
                found[key].add(encode(value))
    return found
