"""What all units of an input have in common: which names and labels stand anywhere, and in which units."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.input import Input
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.match import Match
from kubeqed.parse import Unknown
from kubeqed.resolve.label_index import LabelIndex
from kubeqed.resolve.selection import selects


class InputIndex:
    """Indexes over every object of an input, made when they are first asked for."""

    def __init__(self, whole: Input) -> None:
        self._input = whole

    def holds(self, kind: tuple[str, str], name: str | Unknown) -> bool:
        """Whether an object of the kind has the very name, in whatever namespace."""
        return isinstance(name, str) and (*kind, name) in self._names

    def has_label(self, key: str, value: str) -> bool:
        """Whether the template of a workload has the very label."""
        return (key, value) in self._pod_labels

    def selected(self, selector: LabelSelector, namespace: str | Unknown | None = None) -> Iterator[Workload]:
        """The workloads that surely have the labels which a plain selector asks for, of any namespace when none is given."""
        within = self._labels.certain(selector, namespace)
        return (item for item in within if selects(selector, item, item.ordinals) is Match.YES)

    def units_of(self, item: Object) -> list[Unit]:
        """The units that hold an object."""
        return self._units.get(item, [])

    @cached_property
    def _names(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((group, kind, name) for group, kind, _, name in self._input.definitions)

    @cached_property
    def _pod_labels(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (key, value)
            for item in self._workloads
            for key, value in item.template.labels.entries.items()
            if isinstance(value, str)
        )

    @cached_property
    def _labels(self) -> LabelIndex:
        return LabelIndex(self._workloads)

    @cached_property
    def _workloads(self) -> list[Workload]:
        return [item for item in self._input.objects if isinstance(item, Workload)]

    @cached_property
    def _units(self) -> dict[Object, list[Unit]]:
        found: dict[Object, list[Unit]] = {}
        for unit in self._input.units:
            for item in unit.objects:
                found.setdefault(item, []).append(unit)
        return found


@lru_cache(maxsize=1)  # one input a run
def index_input(found: Input) -> InputIndex:
    """The indexes of an input."""
    return InputIndex(found)
