"""Workloads by namespace and by the labels of their pods, so that a selector looks at few of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kubeqed.model.ordinals import split_number
from kubeqed.model.selector import Selector
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown

_ANY = None
_OPEN = None
_NUMBER = "#"  # no label value holds it


class LabelIndex:
    """An index over workloads; asking it never leaves out one that a selector may match.

    The keys of its table are a namespace, or `_ANY` for all of them, a label and its value; both are `_OPEN` for
    workloads on which a template may put any label. A label that ends with the number of a pod stands under what is
    before the number, as `db-#`.
    """

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self.workloads = list(workloads)
        self._order = {workload: index for index, workload in enumerate(self.workloads)}
        self._wearing: dict[tuple[str | None, str | None, str | None], list[Workload]] = defaultdict(list)
        for workload in self.workloads:
            self._add(workload)

    def within_reach(self, selector: Selector, namespace: str | Unknown | None) -> list[Workload]:
        """The workloads that one entry of a plain selector leaves, in order; the entry that leaves fewest."""
        entries = [(key, value) for key, value in selector.labels.entries.items() if isinstance(value, str)]
        if not entries:
            return self.workloads
        within = (namespace, "") if isinstance(namespace, str) else (_ANY,)
        found = min((self._worn(within, key, value) for key, value in entries), key=len)
        return sorted({*found, *self._worn(within, _OPEN, _OPEN)}, key=self._order.__getitem__)

    def _worn(self, within: tuple[str | None, ...], key: str | None, value: str | None) -> list[Workload]:
        exact = (item for namespace in within for item in self._wearing.get((namespace, key, value), ()))
        if key is _OPEN:
            return list(exact)
        others = (_OPEN, split_number(value or "")[0] + _NUMBER)
        rest = (self._wearing.get((namespace, key, other), ()) for namespace in within for other in others)
        return [*exact, *(item for items in rest for item in items)]

    def _add(self, workload: Workload) -> None:
        """Adds a workload under its namespace, or under "" when that is unknown, and under all namespaces."""
        own = workload.namespace if isinstance(workload.namespace, str) else ""
        for entry in self._entries(workload):
            self._wearing[(own, *entry)].append(workload)
            self._wearing[(_ANY, *entry)].append(workload)

    def _entries(self, workload: Workload) -> list[tuple[str | None, str | None]]:
        if workload.template.labels.more is not None:
            return [(_OPEN, _OPEN)]
        labels = {**workload.template.labels.entries, **workload.added}
        ordinals = workload.ordinals
        for key, prefix in ordinals.prefixes.items() if ordinals is not None else ():
            labels[key] = prefix if isinstance(prefix, Unknown) else prefix + _NUMBER
        return [(key, _OPEN if isinstance(value, Unknown) else value) for key, value in labels.items()]
