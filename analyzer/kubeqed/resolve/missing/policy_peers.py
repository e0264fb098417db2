"""A selector of a policy that matches nothing in its unit: what may have been meant, and what excuses it.

Near misses alone: policies that speak of components which an installation leaves out are normal. (Of 146 selectors of 150
repositories that matched nothing, 2 were mistakes.)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from kubeqed.model.kinds.namespace import NAME_LABEL, Namespace
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.poddisruptionbudget import PodDisruptionBudget
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.input import may_excuse
from kubeqed.model.units.repeats import are_companions
from kubeqed.model.units.unit import defined_as
from kubeqed.model.values.fields import Labels
from kubeqed.model.values.known import is_known
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.resolve.edit_distance import are_near
from kubeqed.resolve.missing.input_index import index_input
from kubeqed.resolve.missing.near_labels import AskedLabels, find_near_pods, find_slip, list_wrong
from kubeqed.resolve.missing.reference import Candidate, MissingReference
from kubeqed.resolve.missing.unclaimed import find_workloads_beside
from kubeqed.resolve.namespaces import declared_namespaces, known_namespaces, namespace_label
from kubeqed.resolve.resolver import Resolver
from kubeqed.resolve.selection import matches


class AskedPods(NamedTuple):
    """The pods that a selector of a policy means, in one namespace; a disruption budget is a policy, too."""

    policy: NetworkPolicy | PodDisruptionBudget
    selector: LabelSelector
    namespace: str | Unknown | None


def explain_unmet_pods(graph: Resolver, asked: AskedPods) -> MissingReference:
    """What can be said of a selector that matches no pod."""
    candidate = next(_list_candidates(graph, asked), None)
    return MissingReference(candidate, graph.unit.producers, candidate is not None and _is_excused(graph, asked))


def explain_unmet_namespaces(graph: Resolver, selector: LabelSelector) -> MissingReference:
    """What can be said of a selector that matches no namespace of the unit."""
    return MissingReference(next(_list_namespaces(graph, selector), None), graph.unit.producers, excused=False)


def _list_candidates(graph: Resolver, asked: AskedPods) -> Iterator[Candidate]:
    labels = _plain_labels(asked.selector)
    for candidate in find_near_pods(
        labels, find_workloads_beside(graph, asked.namespace), index_input(graph.input).has_label
    ):
        if isinstance(candidate.object, Workload) and _meets_others(asked.selector, candidate.object):
            yield candidate
    if labels and not graph.unit.producers and graph.is_namespace_stated(asked.namespace):
        yield from _find_elsewhere(graph, asked, labels)


def _find_elsewhere(graph: Resolver, asked: AskedPods, labels: AskedLabels) -> Iterator[Candidate]:
    """The right pods in another namespace of the unit, both explicit, where no copy of the policy stands."""
    path = asked.selector.path
    for workload in index_input(graph.input).selected(LabelSelector(path, Labels(dict(labels), path))):
        there = graph.is_namespace_stated(workload.namespace) and graph.unit in index_input(graph.input).units_of(
            workload
        )
        if there and matches(asked.selector, workload) is Match.YES and not _has_copy(graph, asked, workload.namespace):
            yield Candidate(workload, "metadata.namespace", f"{workload} is in another namespace")


def _has_copy(graph: Resolver, asked: AskedPods, namespace: str | Unknown | None) -> bool:
    """Whether a policy of the same name stands in the other namespace, as where each namespace is given one."""
    name = asked.policy.name
    policies = () if name is None else graph.list_called((asked.policy.group, asked.policy.kind), name)
    return any(same_value(item.namespace, namespace) is not Match.NO for item in policies)


def _list_namespaces(graph: Resolver, selector: LabelSelector) -> Iterator[Candidate]:
    """The Namespaces whose labels differ from the selector by a slip, or that are called as a label of theirs should say."""
    asked = _plain_labels(selector)
    yield from _find_renamed(graph, asked)
    declared = declared_namespaces(graph)
    labels = (label for item in declared.values() for label in item.labels.entries.items())
    worn = frozenset((key, value) for key, value in labels if is_known(value))
    for name, item in declared.items():
        wrong = list_wrong(asked, partial(namespace_label, graph, name))
        if len(wrong) != 1 or len(asked) != len(selector.single_values()):
            continue
        ((key, value),) = wrong.items()
        if key == NAME_LABEL:
            known = known_namespaces(graph)
            if isinstance(value, str) and value not in known and are_near(value, name):
                yield Candidate(item, "metadata.name", f"{item} has nearly this name")
        elif (path := find_slip(wrong, item.labels, lambda *label: label in worn)) is not None:
            yield Candidate(item, path, f"{item} has nearly these labels")
        elif same_value(value, name) is Match.YES and key not in item.labels.entries and _says_name(key):
            yield Candidate(item, "metadata.name", f"{item} has no label {key}")


def _find_renamed(graph: Resolver, asked: AskedLabels) -> Iterator[Candidate]:
    """What stood in the namespace that is asked for by name, before a transformer of the unit put it into another."""
    name = asked.get(NAME_LABEL)
    if len(asked) != 1 or not isinstance(name, str) or name in known_namespaces(graph):
        return
    for item in (*graph.unit.of(Namespace), *graph.unit.workloads):
        source = item.identity.origin.document.source
        if source is None:
            continue
        declared = isinstance(item, Namespace)
        former, now = (source.name, item.name) if declared else (source.namespace, item.namespace)
        if former == name and isinstance(now, str):
            path = "metadata.name" if declared else "metadata.namespace"
            yield Candidate(item, path, f"namespace {now} was called so before it was renamed here")


def _says_name(key: str) -> bool:
    """Whether a label of a namespace is one that by custom says its name."""
    return key.rpartition("/")[2] in ("name", "namespace", "ns", "metadata.name")


def _plain_labels(selector: LabelSelector) -> AskedLabels:
    """The labels that must have one value; none where not all of the selector is seen."""
    if not selector.is_read:
        return {}
    return {key: value for key, (value, _) in selector.single_values().items()}


def _meets_others(selector: LabelSelector, workload: Workload) -> bool:
    """Whether a workload meets what the selector asks besides single values."""
    single = selector.single_values()
    others = tuple(
        one for one in selector.requirements if f"{one.path}.values" not in {path for _, path in single.values()}
    )
    rest = LabelSelector(selector.path, Labels({}, selector.path), type(selector.requirements)(others))
    return matches(rest, workload) is not Match.NO


def _is_excused(graph: Resolver, asked: AskedPods) -> bool:
    """Whether the pods stand in a companion, or the same policy finds them in another unit."""
    found, path = index_input(graph.input), asked.selector.path
    plain = LabelSelector(path, Labels(dict(_plain_labels(asked.selector)), path))
    for workload in found.selected(plain, asked.namespace):
        if same_value(asked.namespace, workload.namespace) is not Match.YES:
            continue
        for unit in found.units_of(workload):
            same = any(defined_as(item) == defined_as(asked.policy) for item in unit.of(type(asked.policy)))
            if may_excuse(unit, graph.unit) and (are_companions(unit, graph.unit) or same):
                return True
    return False
