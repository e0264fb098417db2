"""The workloads of a namespace by what a slip would have changed: those that no Service selects, and all of them.

Built once for each unit, since every selector that selects nothing asks. The indexes are made when first needed: most units have
no such selector.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import sameness_key
from kubeqed.parse import Unknown
from kubeqed.resolve.edit_distance import without_role
from kubeqed.resolve.near_words import NearWords
from kubeqed.resolve.resolver import Resolver


class NearbyWorkloads:
    """Workloads of one namespace, in source order."""

    def __init__(self) -> None:
        self.workloads: list[Workload] = []

    def near(self, asked: Mapping[str, str | Unknown]) -> Iterator[Workload]:
        """Those that may differ from the labels asked for by a slip, or have one on themselves; some may not."""
        found: set[Workload] = set()
        for key, value in asked.items():
            token = sameness_key(value)
            found.update(self._pairs_by_own_labels.get((key, token), ()))
            if not isinstance(value, str):
                continue
            # A slip in the value keeps the key, and a slip in the key keeps the value. So two small indexes suffice,
            # and no workload is compared that shares neither.
            for other in self._near_values[key].find_alike(value) if key in self._near_values else ():
                found.update(self._label_sets[key, other])
            for other in self._near_keys[value].find_alike(key) if value in self._near_keys else ():
                found.update(self._label_sets[other, value])
        return iter(sorted(found, key=self._order.__getitem__))

    def namesakes(self, service: Service) -> list[Workload]:
        """Those whose name is that of the Service but for what says the kind."""
        return self._by_role.get(without_role(service.name), []) if isinstance(service.name, str) else []

    def sharing_keys(self, service: Service) -> list[Workload]:
        """Those whose labels have all keys of the selector."""
        keys = service.selector.labels.entries.keys()
        return [item for held, items in self._by_keys.items() if keys <= held for item in items] if keys else []

    @cached_property
    def _order(self) -> dict[Workload, int]:
        return {item: index for index, item in enumerate(self.workloads)}

    @cached_property
    def _label_sets(self) -> dict[tuple[str, str], list[Workload]]:
        found: dict[tuple[str, str], list[Workload]] = defaultdict(list)
        for item in self.workloads:
            for key, value in item.template.labels.entries.items():
                if isinstance(value, str):
                    found[key, value].append(item)
        return found

    @cached_property
    def _near_values(self) -> dict[str, NearWords]:
        values: dict[str, list[str]] = defaultdict(list)
        for key, value in self._label_sets:
            values[key].append(value)
        return {key: NearWords(words) for key, words in values.items()}

    @cached_property
    def _near_keys(self) -> dict[str, NearWords]:
        keys: dict[str, list[str]] = defaultdict(list)
        for key, value in self._label_sets:
            keys[value].append(key)
        return {value: NearWords(words) for value, words in keys.items()}

    @cached_property
    def _pairs_by_own_labels(self) -> dict[tuple[str, object], list[Workload]]:
        """By the labels that workloads have on themselves and not on their pods."""
        found: dict[tuple[str, object], list[Workload]] = defaultdict(list)
        for item in self.workloads:
            for key, value in item.labels.entries.items():
                if key not in item.template.labels.entries:
                    found[key, sameness_key(value)].append(item)
        return found

    @cached_property
    def _by_role(self) -> dict[str, list[Workload]]:
        found: dict[str, list[Workload]] = defaultdict(list)
        for item in self.workloads:
            if isinstance(item.name, str):
                found[without_role(item.name)].append(item)
        return found

    @cached_property
    def _by_keys(self) -> dict[frozenset[str], list[Workload]]:
        found: dict[frozenset[str], list[Workload]] = defaultdict(list)
        for item in self.workloads:
            found[frozenset(item.template.labels.entries)].append(item)
        return found


_NONE = NearbyWorkloads()


def find_unclaimed_namesake(graph: Resolver, service: Service) -> NearbyWorkloads:
    """The unclaimed workloads of the Service's namespace, in the unit or, when it has none, around it."""
    return _by_namespace(graph).get(sameness_key(service.namespace), _NONE)


def find_workloads_beside(graph: Resolver, namespace: str | Unknown | None) -> NearbyWorkloads:
    """The workloads of a namespace, in the unit or, when it has none, around it."""
    return _all_by_namespace(graph).get(sameness_key(namespace), _NONE)


@lru_cache(maxsize=2)  # asked for each Service of a unit
def _by_namespace(graph: Resolver) -> dict[object, NearbyWorkloads]:
    return _group_workloads(item for item in graph.input.neighbourhood(graph.unit) if not graph.services_of(item))


@lru_cache(maxsize=2)  # asked for each policy of a unit
def _all_by_namespace(graph: Resolver) -> dict[object, NearbyWorkloads]:
    return _group_workloads(graph.input.neighbourhood(graph.unit))


def _group_workloads(workloads: Iterable[Workload]) -> dict[object, NearbyWorkloads]:
    found: dict[object, NearbyWorkloads] = defaultdict(NearbyWorkloads)
    for item in workloads:
        found[sameness_key(item.namespace)].workloads.append(item)
    return found
