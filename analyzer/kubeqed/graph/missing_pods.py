"""A Service whose selector matches no pod of its unit: near misses, orphan pairs and excuses."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.graph.graph import Graph, both
from kubeqed.graph.missing import Candidate, Missing
from kubeqed.graph.selection import Match, pod_label, same_value, selects
from kubeqed.graph.words import alike, same_role
from kubeqed.model.service import Service
from kubeqed.model.unit import defined_as
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown


def missing_pods(graph: Graph, service: Service) -> Missing:
    """What can be said of a Service that selects no pod of the graph's unit."""
    candidate = next(_candidates(graph, service), None)
    return Missing(candidate, graph.unit.producers, candidate is not None and _excused(graph, service))


def _candidates(graph: Graph, service: Service) -> Iterator[Candidate]:
    beside = [item for item in graph.input.neighbourhood(graph.unit) if _in_namespace(item, service)]
    free = [item for item in beside if not any(graph.services_of(item))]
    yield from _near(graph, service, free)
    yield from _elsewhere(graph, service)
    free = [item for item in free if item in graph.unit.workloads]
    yield from _namesakes(graph, service, free)
    if not graph.unit.producers:
        yield from _lone_pair(graph, service, free)


def _near(graph: Graph, service: Service, free: list[Workload]) -> Iterator[Candidate]:
    for workload in free:
        path = _slip(graph, service, workload)
        if path is not None:
            yield Candidate(workload, path, f"the pods of {workload} differ only by a slip")
        elif _labels_beside_template(service, workload):
            why = f"{workload} has the labels on itself, not on its pod template"
            yield Candidate(workload, "metadata.labels", why)


def _slip(graph: Graph, service: Service, workload: Workload) -> str | None:
    """The path of the one label that differs from the selector by a slip in its value or its key."""
    wrong = [(key, value) for key, value in service.selector.labels.entries.items() if not _has(workload, key, value)]
    if len(wrong) != 1 or service.selector.labels.more is not None:
        return None
    key, value = wrong[0]
    if isinstance(value, Unknown):
        return None
    labels = workload.template.labels
    there = labels.entries.get(key)
    if isinstance(there, str):
        return labels.path_of(key) if alike(value, there) and not _worn_somewhere(graph, key, value) else None
    for other, worn in labels.entries.items():
        if alike(key, other) and same_value(worn, value) is Match.YES and not _worn_somewhere(graph, key, value):
            return labels.path_of(other)
    return None


def _labels_beside_template(service: Service, workload: Workload) -> bool:
    own = workload.labels.entries
    wanted = service.selector.labels.entries
    template = workload.template
    if not template.path or not wanted or service.selector.labels.more is not None:
        return False
    missing = [key for key, value in wanted.items() if not _has(workload, key, value)]
    return bool(missing) and all(
        key not in template.labels.entries and key in own and same_value(own[key], wanted[key]) is Match.YES
        for key in missing
    )


def _elsewhere(graph: Graph, service: Service) -> Iterator[Candidate]:
    """The right pods in another namespace, both explicit, and nothing that could make some here."""
    if graph.unit.producers or not isinstance(service.namespace, str):
        return
    for workload in graph.unit.workloads:
        if isinstance(workload.namespace, str) and selects(service.selector, workload) is Match.YES:
            yield Candidate(workload, "metadata.namespace", f"{workload} is in another namespace")


def _namesakes(graph: Graph, service: Service, free: list[Workload]) -> Iterator[Candidate]:
    """An unclaimed workload of the same name, in the same file or where nothing could make another."""
    for workload in free:
        names = (workload.name, service.name)
        if all(isinstance(name, str) for name in names) and same_role(str(workload.name), str(service.name)):
            if workload.file == service.file or not graph.unit.producers:
                yield Candidate(workload, workload.template.labels.path, f"{workload} has its name and other labels")


def _lone_pair(graph: Graph, service: Service, free: list[Workload]) -> Iterator[Candidate]:
    keys = set(service.selector.labels.entries)
    sharing = [item for item in free if keys and keys <= set(item.template.labels.entries)]
    if len(sharing) != 1 or _selected_in_input(graph, service):
        return
    if not any(other is not service and not any(graph.selected_by(other)) for other in _dangling_peers(graph, service)):
        workload = sharing[0]
        yield Candidate(workload, workload.template.labels.path, f"{workload} is the only one that no Service selects")


def _dangling_peers(graph: Graph, service: Service) -> Iterator[Service]:
    return (
        other
        for other in graph.unit.of(Service)
        if other.has_selector and same_value(other.namespace, service.namespace) is Match.YES
    )


def _selected_in_input(graph: Graph, service: Service) -> bool:
    return any(
        isinstance(item, Workload) and selects(service.selector, item) is Match.YES for item in graph.input.objects
    )


def _worn_somewhere(graph: Graph, key: str, value: str) -> bool:
    """Whether any pod of the input wears the very label."""
    return any(
        isinstance(item, Workload) and same_value(item.template.labels.entries.get(key), value) is Match.YES
        for item in graph.input.objects
    )


def _has(workload: Workload, key: str, value: str | Unknown) -> bool:
    return same_value(value, pod_label(workload, key)) is not Match.NO


def _in_namespace(item: Workload, service: Service) -> bool:
    return same_value(item.namespace, service.namespace) is Match.YES


def _excused(graph: Graph, service: Service) -> bool:
    """Whether the same Service selects pods in another unit, or a companion holds pods that it selects."""
    for unit in graph.input.units:
        if unit is graph.unit:
            continue
        companion = not unit.definitions & graph.unit.definitions
        if not companion and not any(_same_service(service, other) for other in unit.of(Service)):
            continue
        if any(
            both(same_value(service.namespace, item.namespace), selects(service.selector, item)) is Match.YES
            for item in unit.workloads
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
