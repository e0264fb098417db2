"""One unit as a graph: its objects by name, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kubeqed.graph.label_index import LabelIndex
from kubeqed.graph.node_ports import NodePorts
from kubeqed.graph.selection import Match, same_value, selects
from kubeqed.model.cluster import Cluster
from kubeqed.model.input import Input
from kubeqed.model.object import Object, Reference
from kubeqed.model.service import Service
from kubeqed.model.unit import Unit
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown

Kind = tuple[str, str]


class Graph:
    """A unit inside its input, with what the user stated about the cluster."""

    def __init__(self, unit: Unit, whole: Input, cluster: Cluster) -> None:
        self.unit = unit
        self.input = whole
        self.cluster = cluster

    def named(self, kind: Kind, namespace: str | Unknown | None, name: str | Unknown) -> Iterator[tuple[Object, Match]]:
        """The objects of a kind that may be the one named, each with how sure that is, in source order."""
        known, open_names = self._by_name.get(kind, ({}, []))
        candidates = [*known.get(name, ()), *open_names] if isinstance(name, str) else self.of_kind(kind)
        for item in sorted(candidates, key=self._order.__getitem__):
            match = both(same_value(namespace, item.namespace), same_value(name, item.name))
            if match is not Match.NO:
                yield item, match

    def of_kind(self, kind: Kind) -> list[Object]:
        """All objects of a kind."""
        known, open_names = self._by_name.get(kind, ({}, []))
        return [*(item for items in known.values() for item in items), *open_names]

    def selected_by(self, service: Service) -> list[tuple[Workload, Match]]:
        """The workloads whose pods a Service selects or may select; none when it has no selector."""
        if service not in self._selected:
            self._selected[service] = list(self._selections(service)) if service.has_selector else []
        return self._selected[service]

    def services_of(self, workload: Workload) -> list[Service]:
        """The Services that surely select a workload's pods."""
        return self._claims.get(workload, [])

    def references_to(self, target: Object) -> Iterator[Reference]:
        """The references that surely name an object."""
        for reference in self.references:
            if reference.target == (target.group, target.kind) and _names(reference, target):
                yield reference

    @cached_property
    def node_ports(self) -> NodePorts:
        """The node port slots of the unit."""
        return NodePorts(self.unit)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every field of the unit that names another object."""
        return tuple(reference for item in self.unit.objects for reference in item.references())

    def _selections(self, service: Service) -> Iterator[tuple[Workload, Match]]:
        for workload in self._labels.within_reach(service.selector, service.namespace):
            namespaces = same_value(service.namespace, workload.namespace)
            match = namespaces if namespaces is Match.NO else both(namespaces, selects(service.selector, workload))
            if match is not Match.NO:
                yield workload, match

    @cached_property
    def _selected(self) -> dict[Service, list[tuple[Workload, Match]]]:
        return {}

    @cached_property
    def _labels(self) -> LabelIndex:
        return LabelIndex(self.unit.workloads)

    @cached_property
    def _claims(self) -> dict[Workload, list[Service]]:
        claims: dict[Workload, list[Service]] = {}
        for service in self.unit.of(Service):
            for workload, match in self.selected_by(service):
                if match is Match.YES:
                    claims.setdefault(workload, []).append(service)
        return claims

    @cached_property
    def _by_name(self) -> dict[Kind, tuple[dict[str, list[Object]], list[Object]]]:
        index: dict[Kind, tuple[dict[str, list[Object]], list[Object]]] = {}
        for item in self.unit.objects:
            known, open_names = index.setdefault((item.group, item.kind), ({}, []))
            if isinstance(item.name, str):
                known.setdefault(item.name, []).append(item)
            else:
                open_names.append(item)
        return index

    @cached_property
    def _order(self) -> dict[Object, int]:
        return {item: index for index, item in enumerate(self.unit.objects)}


def both(one: Match, other: Match) -> Match:
    """Whether two matches hold together."""
    if Match.NO in (one, other):
        return Match.NO
    return one if other is Match.YES else other


def _names(reference: Reference, target: Object) -> bool:
    names = same_value(reference.name, target.name)
    return both(names, same_value(reference.namespace, target.namespace)) is Match.YES
