"""Whether each object is defined once among the objects that end up in one cluster together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.unit import DefinedAs, defined_as
from kubeqed.model.values.stand_in import is_word
from kubeqed.resolve import Resolver

# Hooks, and where Config Sync makes an object: https://cloud.google.com/kubernetes-engine/config-sync/docs/how-to/namespace-scoped-objects
_LEFT_OUT = frozenset(
    ["helm.sh/hook", "argocd.argoproj.io/hook", "configsync.gke.io/cluster-name-selector"]
    + [f"configmanagement.gke.io/{what}-selector" for what in ("namespace", "cluster")]
)


class DefinedAgain(NamedTuple):
    """An object, and the definition of the same one that stands before it.

    `more` is how many more objects its `directories`, which look like variants, define again; `others` are some of them,
    one for each further directory.
    """

    item: Object
    first: Object
    directories: tuple[str, ...] = ()
    more: int = 0
    others: tuple[Object, ...] = ()


def find_repeated_objects(graph: Resolver) -> Iterator[DefinedAgain]:
    """The objects that are defined before, in source order; those of directories that look like variants as one.

    Hooks are made and deleted at other times than the rest, and what an annotation chooses namespaces or clusters for may be made in
    others. What a kustomization gathers from several directories may
    get other names or namespaces on the way, so there only one directory is looked at; in a guessed unit, one file.
    """
    variants: dict[frozenset[str], list[DefinedAgain]] = {}
    for found in _list_definitions(graph):
        places = frozenset(graph.input.directory_of(one.file) for one in (found.first, found.item))
        if len(places) == 1:
            yield found
        else:
            _add_definition(variants, places, found)
    yield from map(_as_one, variants.values())


def _as_one(several: list[DefinedAgain]) -> DefinedAgain:
    first, *others = several
    places = {_find_directory(one): one for one in (*(one.item for one in reversed(others)), *first[:2])}
    further = tuple(one for one in places.values() if one not in first[:2])
    more = len({id(one.first) for one in several}) - 1
    return DefinedAgain(first.item, first.first, tuple(sorted(places)), more, further)


def _find_directory(item: Object) -> str:
    return item.file.rpartition("/")[0] or "."


def _add_definition(
    variants: dict[frozenset[str], list[DefinedAgain]], directories: frozenset[str], found: DefinedAgain
) -> None:
    """Puts a definition to those of the directories that share one with its own."""
    met = [one for one in variants if one & directories]
    several = [again for one in met for again in variants.pop(one)]
    variants[directories.union(*met)] = [*several, found]


def _list_definitions(graph: Resolver) -> Iterator[DefinedAgain]:
    """The objects that are defined again, each with the definition before it."""
    seen: dict[tuple[DefinedAs, str], Object] = {}
    for item in graph.unit.objects:
        key = defined_as(item)
        is_form = is_word(
            item.namespace if isinstance(item.namespace, str) else None
        )  # whose name is to be filled in too
        if key is None or is_form or not _LEFT_OUT.isdisjoint(item.annotations.entries):
            continue
        first = seen.setdefault((key, _find_part(graph, item)), item)
        if first is not item:
            yield DefinedAgain(item, first)


def _find_part(graph: Resolver, item: Object) -> str:
    """The part of the unit in which the object must be the only one of its name."""
    if item.file in graph.unit.kustomized:
        return graph.input.directory_of(item.file)
    return "" if graph.unit.stated else item.file
