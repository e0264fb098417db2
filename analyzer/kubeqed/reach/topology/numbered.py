"""The pods that a controller numbers, as far as selectors ask for them by number.

All of few pods are told apart. Of many pods, or where their number is not known, only those that a selector asks
for: the others are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kubeqed.model.kinds.job import COMPLETION_INDEX, Job
from kubeqed.model.kinds.ordinals import Ordinals, split_number
from kubeqed.model.kinds.statefulset import POD_INDEX, POD_NAME
from kubeqed.model.kinds.workload import Pod, Workload
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.tokens import display, encode
from kubeqed.resolve.autoscaling import Autoscalers

NUMBERED = (POD_NAME, POD_INDEX, COMPLETION_INDEX)
"""The labels that tell pods of one workload apart."""

_FEW = 100
_COUNTED = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "VirtualMachine"})


class NumberedPods(NamedTuple):
    """The pods of a workload that are told apart, by number; `others` says that there may be more, all alike."""

    numbers: tuple[int, ...] = ()
    others: bool = True


WHOLE = NumberedPods()


class OrdinalIndex:
    """The pods of a unit by number; `asked` are the values that selectors name of each label."""

    def __init__(self, unit: Unit, asked: Mapping[str, Iterable[str]]) -> None:
        self._scalers = Autoscalers(unit)
        self._asked: dict[tuple[str, str], set[int]] = {}
        for key in NUMBERED:
            for value in asked.get(key, ()):
                before, number = split_number(display(value))
                if number is not None:
                    self._asked.setdefault((key, before), set()).add(number)
        self._values = {key: frozenset(asked.get(key, ())) for key in NUMBERED}

    def ordinals(self, workload: Workload) -> Ordinals | None:
        """The numbers of a workload's pods; where the manifest does not say how many, there is one, as the API has it."""
        ordinals = workload.ordinals
        if ordinals is None:
            return None
        scaled = self._scalers.scaled(workload, ordinals)
        if scaled is ordinals and isinstance(workload.replicas, int) and workload.replicas > 0:
            return ordinals._replace(at_least=workload.replicas, at_most=workload.replicas)
        return scaled

    def division(self, workload: Workload) -> NumberedPods:
        """Which pods of a workload are told apart."""
        ordinals = self.ordinals(workload)
        named = self._list_asked_numbers(ordinals) if ordinals is not None else set()
        if ordinals is None or not named:
            return WHOLE
        count = ordinals.at_most if ordinals.at_most == ordinals.at_least else None
        if isinstance(ordinals.first, int) and count is not None and count <= _FEW:
            return NumberedPods(tuple(range(ordinals.first, ordinals.first + count)), others=False)
        return NumberedPods(tuple(sorted(named)), others=count is None or len(named) < count)

    def is_single(self, workload: Workload) -> bool:
        """Whether there is never more than one pod of a workload at a time."""
        if isinstance(workload, Pod):
            return True
        if isinstance(workload, Job):
            parallel = workload.parallelism
            return parallel is None or (isinstance(parallel, int) and parallel <= 1)
        counted = workload.kind in _COUNTED and isinstance(workload.replicas, int) and workload.replicas == 1
        return counted and not self._scalers.of(workload)

    def _list_asked_numbers(self, ordinals: Ordinals) -> set[int]:
        """The numbers that selectors ask for, of pods that there may be."""
        found = set()
        for key, prefix in ordinals.prefixes.items():
            for number in self._asked.get((key, display(encode(prefix))), ()):
                value = encode(ordinals.labels_of(number)[key])
                if value in self._values[key] and ordinals.has(number) is not False:
                    found.add(number)
        return found
