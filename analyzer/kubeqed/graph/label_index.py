"""Workloads by the labels of their pods, so that a selector looks at few of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kubeqed.model.selector import Selector
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown


class LabelIndex:
    """An index over workloads; asking it never leaves out one that a selector may match."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self.workloads = list(workloads)
        self._order = {workload: index for index, workload in enumerate(self.workloads)}
        self._wearing: dict[tuple[str, str], list[Workload]] = defaultdict(list)
        self._open_key: dict[str, list[Workload]] = defaultdict(list)
        self._open: list[Workload] = []
        for workload in self.workloads:
            self._add(workload)

    def within_reach(self, selector: Selector) -> list[Workload]:
        """The workloads that one entry of a plain selector leaves, in order; the entry that leaves fewest."""
        entries = [(key, value) for key, value in selector.labels.entries.items() if isinstance(value, str)]
        if not entries:
            return self.workloads
        found = min(([*self._wearing.get(entry, ()), *self._open_key.get(entry[0], ())] for entry in entries), key=len)
        return sorted([*found, *self._open], key=self._order.__getitem__)

    def _add(self, workload: Workload) -> None:
        if workload.template.labels.more is not None:
            self._open.append(workload)
            return
        for key, value in {**workload.added, **workload.template.labels.entries}.items():
            if isinstance(value, Unknown):
                self._open_key[key].append(workload)
            else:
                self._wearing[key, value].append(workload)
