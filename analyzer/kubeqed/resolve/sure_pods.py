"""The pods that selectors surely mean: a policy is asked for its pods by many questions, and many policies write one selector."""

from __future__ import annotations

from functools import lru_cache

from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, sameness_key
from kubeqed.parse import Unknown
from kubeqed.resolve.namespaces import match_namespace
from kubeqed.resolve.resolver import Resolver

_ByNamespace = dict[object, tuple[Workload, ...]]


class SurePods:
    """The workloads of a unit whose pods a selector surely matches, in source order; each selector is looked at once."""

    def __init__(self, graph: Resolver) -> None:
        self._graph = graph
        self._by_namespace: dict[object, _ByNamespace] = {}
        self._chosen: dict[object, tuple[Workload, ...]] = {}

    def in_namespace(self, selector: LabelSelector, namespace: str | Unknown | None) -> tuple[Workload, ...]:
        """Those in one namespace."""
        return self._divide_pods(selector).get(sameness_key(namespace), ())

    def in_namespaces(self, selector: LabelSelector, namespaces: LabelSelector) -> tuple[Workload, ...]:
        """Those in the namespaces that another selector surely matches."""
        key = (selector.sameness_key(), namespaces.sameness_key())
        if key not in self._chosen:
            chosen = {
                one
                for one, pods in self._divide_pods(selector).items()
                if match_namespace(self._graph, namespaces, pods[0].namespace) is Match.YES
            }
            meant = self._graph.match_workloads(selector)
            self._chosen[key] = tuple(
                item for item, match in meant if match is Match.YES and sameness_key(item.namespace) in chosen
            )
        return self._chosen[key]

    def _divide_pods(self, selector: LabelSelector) -> _ByNamespace:
        key = selector.sameness_key()
        if key not in self._by_namespace:
            found: dict[object, list[Workload]] = {}
            for item, match in self._graph.match_workloads(selector):
                if match is Match.YES:
                    found.setdefault(sameness_key(item.namespace), []).append(item)
            self._by_namespace[key] = {one: tuple(pods) for one, pods in found.items()}
        return self._by_namespace[key]


@lru_cache(maxsize=2)
def sure_pods(graph: Resolver) -> SurePods:
    """The pods that the selectors of a unit surely mean."""
    return SurePods(graph)
