"""A Service whose selector matches no pod of its unit: near misses, orphan pairs and excuses."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.late_pattern import compile_late
from kubeqed.model.cni.listening import only_waits
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.input import may_excuse
from kubeqed.model.units.repeats import are_companions
from kubeqed.model.units.unit import defined_as
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.resolve.missing.input_index import index_input
from kubeqed.resolve.missing.near_labels import find_near_pods
from kubeqed.resolve.missing.reference import Candidate, MissingReference, may_be_paired
from kubeqed.resolve.missing.unclaimed import NearbyWorkloads, find_unclaimed_namesake
from kubeqed.resolve.resolver import Resolver
from kubeqed.resolve.selection import asked_ordinals, selects

_WORD = compile_late(r"[^-.]+")


def explain_missing_pods(graph: Resolver, service: Service) -> MissingReference:
    """What can be said of a Service that selects no pod of the graph's unit."""
    candidate = next(_list_candidates(graph, service), None)
    return MissingReference(candidate, graph.unit.producers, candidate is not None and _is_excused(graph, service))


def _list_candidates(graph: Resolver, service: Service) -> Iterator[Candidate]:
    """The workloads that a Service which selects nothing may have meant, the nearest first."""
    # From the surest to the least sure: the first that is found is what the finding names.
    yield from _find_misnumbered(graph, service)
    beside = find_unclaimed_namesake(graph, service)
    yield from _find_near(graph, service, beside)
    yield from _find_elsewhere(graph, service)
    for candidate in _find_orphans(graph, service, beside) if graph.unit.workloads else ():
        if may_be_paired(graph, service, candidate.object):
            yield candidate


def _find_misnumbered(graph: Resolver, service: Service) -> Iterator[Candidate]:
    """A workload whose pods are numbered, and whose numbers do not reach the one that the selector names."""
    for workload in graph.list_perhaps_selected(service):
        ordinals = graph.ordinals(workload)
        if ordinals is None or isinstance(ordinals.first, Unknown) or ordinals.at_most is None:
            continue
        asked = {number for number in asked_ordinals(service.selector, ordinals) if isinstance(number, int)}
        any_number = ordinals._replace(first=0, at_least=max(asked, default=0) + 1, at_most=None)
        if asked and selects(service.selector, workload, any_number) is Match.YES:
            first, last = ordinals.first, ordinals.first + ordinals.at_most - 1
            path = ordinals.first_path if min(asked) < first else ordinals.path
            yield Candidate(workload, path, f"the pods of {workload} are numbered {first} to {last}")


def _find_near(graph: Resolver, service: Service, beside: NearbyWorkloads) -> Iterator[Candidate]:
    """The workloads whose labels differ from the selector by a slip."""
    if service.selector.labels.more is None:
        asked = service.selector.labels.entries
        yield from find_near_pods(asked, beside, index_input(graph.input).has_label)


def _find_elsewhere(graph: Resolver, service: Service) -> Iterator[Candidate]:
    """The right pods in another namespace, both explicit, and nothing that could make some here.

    Not those of a StatefulSet that the Service is to govern: that its governing Service is missing is said there.
    """
    if graph.unit.producers or not graph.is_namespace_stated(service.namespace):
        return
    for workload in index_input(graph.input).selected(service.selector):
        there = graph.is_namespace_stated(workload.namespace) and graph.unit in index_input(graph.input).units_of(
            workload
        )
        if there and not graph.services_of(workload) and not _meant_to_govern(service, workload):
            yield Candidate(workload, "metadata.namespace", f"{workload} is in another namespace")


def _meant_to_govern(service: Service, workload: Workload) -> bool:
    return any(same_value(reference.name, service.name) is Match.YES for reference in workload.references())


def _find_orphans(graph: Resolver, service: Service, beside: NearbyWorkloads) -> Iterator[Candidate]:
    yield from _find_namesakes(graph, service, beside)
    if not graph.unit.producers:
        yield from _lone_pair(graph, service, beside)


def _find_namesakes(graph: Resolver, service: Service, beside: NearbyWorkloads) -> Iterator[Candidate]:
    """An unclaimed workload of the same name, in the same file or where nothing could make another."""
    for workload in beside.namesakes(service):
        if workload.file == service.file or not graph.unit.producers:
            yield Candidate(workload, workload.template.labels.path, f"{workload} has its name and other labels")


def _lone_pair(graph: Resolver, service: Service, beside: NearbyWorkloads) -> Iterator[Candidate]:
    # An orphan pair has to be the only one of both sides: one Service of the namespace that selects nothing, and one
    # workload that nothing selects. Two on either side, and the pairing would be a guess; so it is where they stand in two
    # files and no word of their names is the same.
    sharing = [workload for workload in beside.sharing_keys(service) if not only_waits(workload.template)]
    if len(sharing) != 1 or any(index_input(graph.input).selected(service.selector)):
        return
    workload = sharing[0]
    if graph.selecting_nothing(service.namespace) == [service] and _may_be_pair(service, workload):
        yield Candidate(workload, workload.template.labels.path, f"{workload} is the only one that no Service selects")


def _may_be_pair(service: Service, workload: Workload) -> bool:
    names = service.name, workload.name
    words = [set(_WORD.findall(name)) for name in names if isinstance(name, str)]
    return workload.file == service.file or len(words) < len(names) or not words[0].isdisjoint(words[1])


def _is_excused(graph: Resolver, service: Service) -> bool:
    """Whether the same Service selects pods in another unit, or a companion holds pods that it selects."""
    # Only units that may share a cluster, or hold the same Service, excuse. A sound overlay for production says
    # nothing about a broken one for development.
    found = index_input(graph.input)
    for workload in found.selected(service.selector, service.namespace):
        if same_value(service.namespace, workload.namespace) is not Match.YES:
            continue
        for unit in found.units_of(workload):
            if may_excuse(unit, graph.unit) and (
                are_companions(unit, graph.unit) or any(_same_service(service, other) for other in unit.of(Service))
            ):
                return True
    return False


def _same_service(service: Service, other: Service) -> bool:
    return (
        defined_as(other) == defined_as(service)
        and other.selector.labels.entries.keys() == service.selector.labels.entries.keys()
        and all(
            same_value(value, other.selector.labels.entries[key]) is Match.YES
            for key, value in service.selector.labels.entries.items()
        )
    )
