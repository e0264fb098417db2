"""Whether each object is defined once among the objects that end up in one cluster together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.model.object import Object
from kubeqed.model.unit import DefinedAs, defined_as


class DefinedAgain(NamedTuple):
    """An object, and the definition of the same one that stands before it."""

    item: Object
    first: Object


def defined_again(graph: Graph) -> Iterator[DefinedAgain]:
    """The objects that are defined before, in source order.

    Hooks are made and deleted at other times than the rest. What a kustomization gathers from several directories may
    get other names or namespaces on the way, so there only one directory is looked at; in a guessed unit, one file.
    """
    seen: dict[tuple[DefinedAs, str], Object] = {}
    for item in graph.unit.objects:
        key = defined_as(item)
        if key is None or _is_hook(item):
            continue
        first = seen.setdefault((key, _part(graph, item)), item)
        if first is not item:
            yield DefinedAgain(item, first)


def _part(graph: Graph, item: Object) -> str:
    """The part of the unit in which the object must be the only one of its name."""
    if item.file in graph.unit.kustomized:
        return graph.input.directory_of(item.file)
    return "" if graph.unit.stated else item.file


def _is_hook(item: Object) -> bool:
    return any(key in ("helm.sh/hook", "argocd.argoproj.io/hook") for key in item.annotations.entries)
