"""Whether a Gateway admits objects of a namespace: routes at a listener, or sets of listeners.

https://gateway-api.sigs.k8s.io/reference/spec/#routenamespaces
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.gateway import Gateway
from kubeqed.model.kinds.namespace import NAME_LABEL, Namespace
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.values.match import Match, match_all, match_requirement, same_value
from kubeqed.parse import Unknown
from kubeqed.prove.engine.facts import same_namespace
from kubeqed.prove.engine.formula import FALSE, TRUE, And, Fact, Formula, Holds
from kubeqed.resolve import Resolver


class AllowedNamespaces(NamedTuple):
    """What a Gateway says at `path`: `from_` is Same, All, Selector or None."""

    gateway: Gateway
    path: str
    from_: str | Unknown
    selector: LabelSelector | None


def namespace_formula(graph: Resolver, allowed: AllowedNamespaces, item: Object) -> Formula:
    """That a Gateway admits objects of the namespace of one."""
    gateway, path, origin, selector = allowed
    taken = [
        one
        for one in (gateway.namespace, item.namespace)
        if isinstance(one, str) and not graph.is_namespace_stated(one)
    ]
    if taken and same_value(gateway.namespace, item.namespace) is not Match.YES:
        return TRUE  # a chart is installed wherever its user says
    if isinstance(origin, Unknown):
        return Holds(Fact(origin, f"{gateway} {path} is {origin.text}", gateway.at(path)))
    if origin == "Selector":
        found = selects_namespace_of(graph, selector, item)
        return FALSE if found is Match.NO else TRUE  # labels that are not seen are no fault
    same = And((Holds(Fact(True, f"{gateway} {path} is {origin}", gateway.at(path))), same_namespace(gateway, item)))
    return TRUE if origin == "All" else same if origin == "Same" else FALSE


def selects_namespace_of(graph: Resolver, selector: LabelSelector | None, item: Object) -> Match:
    """Whether a selector matches the namespace of an object, as its Namespace is written; undecided where none is."""
    if selector is None or selector.labels.more is not None or selector.requirements.more is not None:
        return Match.UNDECIDED
    named = [one for one in graph.unit.of(Namespace) if same_value(one.name, item.namespace) is Match.YES]
    if len(named) != 1 or named[0].labels.more is not None:
        return Match.UNDECIDED
    return match_all(_list_matches(selector, named[0]))


def _list_matches(selector: LabelSelector, namespace: Object) -> Iterator[Match]:
    labels = {NAME_LABEL: namespace.name, **namespace.labels.entries}
    for key, value in selector.labels.entries.items():
        yield same_value(value, labels.get(key))
    for one in selector.requirements:
        if isinstance(one.key, str) and isinstance(one.operator, str):
            yield match_requirement(one.operator, one.values.items, labels.get(one.key))
        else:
            yield Match.UNDECIDED
