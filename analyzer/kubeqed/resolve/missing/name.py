"""A reference by name that resolves to nothing in its unit: near misses, orphan pairs and excuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.producer import is_producer
from kubeqed.model.units.repeats import are_companions
from kubeqed.model.units.unit import Unit, defined_as
from kubeqed.model.values.match import Match, same_value, sameness_key
from kubeqed.model.values.stand_in import is_word
from kubeqed.parse import Unknown
from kubeqed.resolve.missing.input_index import index_input
from kubeqed.resolve.missing.reference import Candidate, MissingReference, may_be_paired
from kubeqed.resolve.resolver import Resolver

SHARED = frozenset({"IngressClass", "GatewayClass", "Gateway"})


def explain_missing_name(graph: Resolver, reference: ObjectReference) -> MissingReference:
    """What can be said of a reference that resolves to nothing in the graph's unit."""
    candidates = list(_list_candidates(graph, reference))
    candidate = candidates[0] if candidates else None
    excused = candidate is not None and _is_excused(graph, reference)
    alone = len({item.object for item in candidates}) == 1
    return MissingReference(candidate, graph.unit.producers, excused, alone)


def _list_candidates(graph: Resolver, reference: ObjectReference) -> Iterator[Candidate]:
    """What may have been meant by a name that is missing, the nearest first."""
    name = reference.name
    if isinstance(name, Unknown) or is_word(name):
        return
    yield from _find_renamed(graph, reference, name)
    if _is_made_by_custom(graph, name):
        return
    if not _stands_somewhere(graph, reference):
        yield from _find_near(graph, reference, name)
    yield from _find_elsewhere(graph, reference)
    if not graph.unit.producers and not _stands_somewhere(graph, reference):
        for candidate in _find_orphans(graph, reference):
            if may_be_paired(graph, reference.source, candidate.object):
                yield candidate


def _find_renamed(graph: Resolver, reference: ObjectReference, name: str) -> Iterator[Candidate]:
    """What bore the very name before a transformer of the unit renamed it, and its references but for this one."""
    for item in _by_first_name(graph).get((*reference.target, name), ()):
        if isinstance(item.name, str) and item.name != name and _in_namespace(item, reference):
            yield Candidate(item, "metadata.name", f"{item} had this name before it was renamed here")


@lru_cache(maxsize=2)  # asked for each reference of a unit
def _by_first_name(graph: Resolver) -> dict[tuple[str, str, str], list[Object]]:
    """The objects that were built, by group, kind and the name that they have where they are written."""
    found: dict[tuple[str, str, str], list[Object]] = defaultdict(list)
    for item in graph.unit.objects:
        source = item.identity.origin.document.source
        if source is not None and source.name is not None and isinstance(item.name, str):
            found[item.group, item.kind, source.name].append(item)
    return found


def _is_made_by_custom(graph: Resolver, name: str) -> bool:
    """Whether a custom resource may make what is called so: operators name what they make after it, `web-predictor` after `web`."""
    return any(name == own or name.startswith(f"{own}-") for own in _names_of_customs(graph))


@lru_cache(maxsize=2)  # asked for each reference of a unit
def _names_of_customs(graph: Resolver) -> frozenset[str]:
    return frozenset(item.name for item in graph.unit.objects if isinstance(item.name, str) and is_producer(item))


def _find_near(graph: Resolver, reference: ObjectReference, name: str) -> Iterator[Candidate]:
    for item in graph.find_alike(reference.target, name):
        if _in_namespace(item, reference) and not _is_taken(graph, item, reference):
            yield Candidate(item, "metadata.name", f"{item} has nearly this name")


def _find_elsewhere(graph: Resolver, reference: ObjectReference) -> Iterator[Candidate]:
    """The right name in another namespace, both explicit, and nothing that could make one here."""
    if graph.unit.producers or not graph.is_namespace_stated(reference.namespace):
        return
    for item in graph.list_called(reference.target, reference.name):
        if graph.is_namespace_stated(item.namespace) and not _is_taken(graph, item, reference):
            yield Candidate(item, "metadata.namespace", f"{item} is in another namespace")


def _find_orphans(graph: Resolver, reference: ObjectReference) -> Iterator[Candidate]:
    """The only object that nothing names, where the reference is the only one that resolves to nothing."""
    if isinstance(reference.source, Workload) and reference.target == ("", "Service") and not reference.is_shared:
        for service in graph.services_of(reference.source):
            yield Candidate(service, "metadata.name", f"{service} selects its pods")
    if reference.source.kind != "Ingress" or _group_dangling(graph)[_sort_reference(reference)] != {
        sameness_key(reference.name)
    }:
        return
    free = _group_unnamed(graph).get(sameness_key(reference.namespace), [])
    if len(free) == 1:
        yield Candidate(free[0], "metadata.name", f"{free[0]} is the only Service that nothing names")


def _is_taken(graph: Resolver, item: Object, reference: ObjectReference) -> bool:
    """Whether a reference resolves to the object already, and neither is of those of which many name one object."""
    return not reference.is_shared and item.kind not in SHARED and any(graph.references_to(item))


def _sort_reference(reference: ObjectReference) -> tuple[object, ...]:
    """What the references of one rule in one namespace share."""
    return reference.target, reference.source.kind, sameness_key(reference.namespace)


@lru_cache(maxsize=2)  # asked for each reference of a unit
def _group_dangling(graph: Resolver) -> dict[tuple[object, ...], set[object]]:
    """The names that resolve to nothing, by sort of reference."""
    found: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for reference in graph.references:
        if not any(graph.named(reference.target, reference.namespace, reference.name)):
            found[_sort_reference(reference)].add(sameness_key(reference.name))
    return found


@lru_cache(maxsize=2)
def _group_unnamed(graph: Resolver) -> dict[object, list[Service]]:
    """The Services that no reference names or may name, by namespace; one with a load balancer is reached without."""
    found: dict[object, list[Service]] = defaultdict(list)
    for service in graph.unit.of(Service):
        balanced = isinstance(service.type, str) and service.type == "LoadBalancer"
        if not balanced and not any(graph.references_to(service, also=Match.UNDECIDED)):
            found[sameness_key(service.namespace)].append(service)
    return found


def _stands_somewhere(graph: Resolver, reference: ObjectReference) -> bool:
    """Whether the very name stands anywhere in the input as an object of the kind."""
    return index_input(graph.input).holds(reference.target, reference.name)


def _in_namespace(item: Object, reference: ObjectReference) -> bool:
    return same_value(item.namespace, reference.namespace) is Match.YES


def _is_excused(graph: Resolver, reference: ObjectReference) -> bool:
    """Whether the same reference resolves in another unit, or its object stands in a companion."""
    for other in graph.input.others(graph.unit):
        if _holds_target(other, reference) and (
            are_companions(graph.unit, other) or any(_same_reference(reference, item) for item in other.objects)
        ):
            return True
    return False


def _holds_target(unit: Unit, reference: ObjectReference) -> bool:
    namespace = reference.namespace if isinstance(reference.namespace, str) else None
    return isinstance(reference.name, str) and (*reference.target, namespace, reference.name) in unit.definitions


def _same_reference(reference: ObjectReference, item: Object) -> bool:
    if defined_as(item) is None or defined_as(item) != defined_as(reference.source):
        return False
    return any(
        other.path == reference.path and same_value(other.name, reference.name) is Match.YES
        for other in item.references()
    )
