"""A reference by name that resolves to nothing in its unit: near misses, orphan pairs and excuses."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.graph.graph import Graph
from kubeqed.graph.missing import Candidate, Missing
from kubeqed.graph.selection import Match, same_value
from kubeqed.graph.words import alike
from kubeqed.model.ingress import Ingress
from kubeqed.model.object import Object, Reference
from kubeqed.model.service import Service
from kubeqed.model.statefulset import StatefulSet
from kubeqed.model.unit import Unit, defined_as
from kubeqed.parse import Unknown

SHARED = frozenset({"IngressClass", "GatewayClass", "Gateway"})


def missing_name(graph: Graph, reference: Reference) -> Missing:
    """What can be said of a reference that resolves to nothing in the graph's unit."""
    candidates = list(_candidates(graph, reference))
    candidate = candidates[0] if candidates else None
    excused = candidate is not None and _excused(graph, reference)
    alone = len({item.object for item in candidates}) == 1
    return Missing(candidate, graph.unit.producers, excused, alone)


def _candidates(graph: Graph, reference: Reference) -> Iterator[Candidate]:
    name = reference.name
    if isinstance(name, Unknown):
        return
    if not _stands_somewhere(graph, reference):
        yield from _near(graph, reference, name)
    yield from _elsewhere(graph, reference)
    if not graph.unit.producers and not _stands_somewhere(graph, reference):
        yield from _orphans(graph, reference)


def _near(graph: Graph, reference: Reference, name: str) -> Iterator[Candidate]:
    for item in graph.of_kind(reference.target):
        if _in_namespace(item, reference) and isinstance(item.name, str) and alike(name, item.name):
            taken = reference.target[1] not in SHARED and any(graph.references_to(item))
            if not taken:
                yield Candidate(item, "metadata.name", f"{item} differs only by a slip")


def _elsewhere(graph: Graph, reference: Reference) -> Iterator[Candidate]:
    """The right name in another namespace, both explicit, and nothing that could make one here."""
    if graph.unit.producers or not isinstance(reference.namespace, str):
        return
    for item in graph.of_kind(reference.target):
        if same_value(item.name, reference.name) is Match.YES and isinstance(item.namespace, str):
            yield Candidate(item, "metadata.namespace", f"{item} is in another namespace")


def _orphans(graph: Graph, reference: Reference) -> Iterator[Candidate]:
    if isinstance(reference.source, StatefulSet) and reference.target == ("", "Service"):
        for service in graph.services_of(reference.source):
            yield Candidate(service, "metadata.name", f"{service} selects its pods")
    if not isinstance(reference.source, Ingress) or any(_dangling_beside(graph, reference)):
        return
    free = [item for item in graph.unit.of(Service) if _in_namespace(item, reference) and not _claimed(graph, item)]
    if len(free) == 1:
        yield Candidate(free[0], "metadata.name", f"{free[0]} is the only Service that nothing names")


def _claimed(graph: Graph, service: Service) -> bool:
    return any(graph.references_to(service))


def _dangling_beside(graph: Graph, reference: Reference) -> Iterator[Reference]:
    """Other references of the same sort in the same namespace that resolve to nothing either."""
    for other in graph.references:
        alike_sort = other.target == reference.target and other.source.kind == reference.source.kind
        if not alike_sort or same_value(other.namespace, reference.namespace) is not Match.YES:
            continue
        if same_value(other.name, reference.name) is not Match.YES and not any(_resolutions(graph, other)):
            yield other


def _resolutions(graph: Graph, reference: Reference) -> Iterator[Object]:
    return (item for item, _ in graph.named(reference.target, reference.namespace, reference.name))


def _stands_somewhere(graph: Graph, reference: Reference) -> bool:
    """Whether the very name stands anywhere in the input as an object of the kind."""
    group, kind = reference.target
    return any(key[:2] == (group, kind) and key[3] == reference.name for key in graph.input.definitions)


def _in_namespace(item: Object, reference: Reference) -> bool:
    return same_value(item.namespace, reference.namespace) is Match.YES


def _excused(graph: Graph, reference: Reference) -> bool:
    """Whether the same reference resolves in another unit, or its object stands in a companion."""
    for other in graph.input.units:
        if other is not graph.unit and _holds_target(other, reference):
            companion = not other.definitions & graph.unit.definitions
            if companion or any(_same_reference(reference, item) for item in other.objects):
                return True
    return False


def _holds_target(unit: Unit, reference: Reference) -> bool:
    namespace = reference.namespace if isinstance(reference.namespace, str) else None
    return isinstance(reference.name, str) and (*reference.target, namespace, reference.name) in unit.definitions


def _same_reference(reference: Reference, item: Object) -> bool:
    if defined_as(item) is None or defined_as(item) != defined_as(reference.source):
        return False
    return any(
        other.path == reference.path and same_value(other.name, reference.name) is Match.YES
        for other in item.references()
    )
