"""The namespaces of a unit: those that it declares, those that its objects are in, and what is known of their labels."""

from __future__ import annotations

from functools import lru_cache

from kubeqed.model.kinds.namespace import NAME_LABEL, Namespace
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.label_match import match_condition
from kubeqed.model.unmodelled.condition import condition_of_selector
from kubeqed.model.values.known import UNKNOWN
from kubeqed.model.values.match import Match
from kubeqed.parse import Unknown
from kubeqed.resolve.resolver import Resolver


@lru_cache(maxsize=2)  # asked for each peer of each policy
def declared_namespaces(graph: Resolver) -> dict[str, Namespace]:
    """The Namespaces of a unit by name."""
    return {item.name: item for item in graph.unit.of(Namespace) if isinstance(item.name, str)}


@lru_cache(maxsize=2)
def known_namespaces(graph: Resolver) -> frozenset[str]:
    """The names of the namespaces that a unit declares or in which it has pods."""
    used = (item.namespace for item in graph.unit.workloads)
    return frozenset(declared_namespaces(graph)) | {name for name in used if isinstance(name, str)}


def match_namespace(graph: Resolver, selector: LabelSelector, namespace: str | Unknown | None) -> Match:
    """Whether a selector matches a namespace; of one that is declared nowhere only the name is known."""
    return match_condition(condition_of_selector(selector), lambda key: namespace_label(graph, namespace, key))


def namespace_label(graph: Resolver, namespace: str | Unknown | None, key: str) -> str | Unknown | None:
    """The value of a label of a namespace; None when it is absent."""
    if key == NAME_LABEL:
        return UNKNOWN if namespace is None else namespace
    declared = declared_namespaces(graph).get(namespace) if isinstance(namespace, str) else None
    if declared is None:
        return UNKNOWN
    return declared.labels.entries.get(key, declared.labels.more)
