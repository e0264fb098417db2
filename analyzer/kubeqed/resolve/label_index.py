"""Workloads by namespace and by the labels of their pods, so that a selector looks at few of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from kubeqed.model.kinds.ordinals import before_number
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import sameness_key
from kubeqed.parse import Unknown

_ANY = object()
_OPEN = object()
_NUMBER = object()  # stands for the number of a pod

_Key = tuple[object, object, object]


class LabelIndex:
    """An index over workloads; asking it never leaves out one that a selector matches, or may match.

    The keys of its table are a namespace, "" for an unknown one, and `_ANY`; a label; its value, and for an unknown one
    `_OPEN` too, and `_ANY`. A label that ends with the number of a pod stands under what is before the number. Workloads
    on which a template may put any label stand under `_OPEN` for both.
    """

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self.workloads = list(workloads)
        self._order = {workload: index for index, workload in enumerate(self.workloads)}
        self._with: dict[_Key, list[Workload]] = defaultdict(list)
        for workload in self.workloads:
            self._add_workload(workload)

    def certain(self, selector: LabelSelector, namespace: str | Unknown | None) -> Iterator[Workload]:
        """The workloads that have the very value of one entry of a plain selector, in order; others match it not surely."""
        entries = selector.labels.entries.items()
        return self._choose_fewest([self._find_having(namespace, key, _list_values(value)) for key, value in entries])

    def possible(self, selector: LabelSelector, namespace: str | Unknown | None) -> Iterator[Workload]:
        """The workloads that a plain selector may match, in order; those that one entry of it leaves."""
        found = []
        for key, value in selector.labels.entries.items():
            values = (_ANY,) if isinstance(value, Unknown) else (*_list_values(value), _OPEN)
            found.append(self._find_having(namespace, key, values) + self._find_having(namespace, _OPEN, (_OPEN,)))
        return self._choose_fewest(found) if found else iter(self.workloads)

    def _find_having(
        self, namespace: str | Unknown | None, key: object, values: Sequence[object]
    ) -> list[list[Workload]]:
        """The workloads that have the label, surely or maybe, in lists by how the value is known."""
        within = (namespace, "") if isinstance(namespace, str) else (_ANY,)
        lists = (self._with.get((one, key, value), []) for one in within for value in values)
        return [items for items in lists if items]

    def _choose_fewest(self, found: list[list[list[Workload]]]) -> Iterator[Workload]:
        """The workloads of the entry that leaves the fewest."""
        lists = min(found, key=lambda lists: sum(map(len, lists)), default=[])
        return merge(*lists, key=self._order.__getitem__) if len(lists) > 1 else iter(lists[0] if lists else ())

    def _add_workload(self, workload: Workload) -> None:
        """Enters a workload under each of its labels."""
        own = workload.namespace if isinstance(workload.namespace, str) else ""
        for key, *values in _list_entries(workload):
            for value in values:
                self._with[own, key, value].append(workload)
                self._with[_ANY, key, value].append(workload)


def _list_values(value: str | Unknown) -> tuple[object, ...]:
    """Under what a label with this very value stands."""
    return sameness_key(value), (sameness_key(before_number(value)), _NUMBER)


def _list_entries(workload: Workload) -> Iterator[tuple[object, ...]]:
    """Each label with all that its value stands under."""
    if workload.template.labels.more is not None:
        yield _OPEN, _OPEN
        return
    ordinals = workload.ordinals
    prefixes = {} if ordinals is None else ordinals.prefixes
    for key, value in {**workload.template.labels.entries, **workload.added}.items():
        if key in prefixes:
            named = (sameness_key(prefixes[key]), _NUMBER)
            yield (key, named, _ANY) if isinstance(prefixes[key], str) else (key, named, _OPEN, _ANY)
        else:
            yield (key, value.term, _OPEN, _ANY) if isinstance(value, Unknown) else (key, value, _ANY)
