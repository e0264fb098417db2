"""Units: which objects end up in one cluster together, and how that was found.

The order is that of the configuration, a closed world, kustomizations, and a guess over directories.
"""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TypeVar

from kubeqed.model.changed import Change
from kubeqed.model.object import Object
from kubeqed.model.producer import Producer
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown

T = TypeVar("T", bound=Object)

DefinedAs = tuple[str, str, str | None, str]


class Found(Enum):
    """How a unit was found; all but a guess are stated."""

    CONFIGURED = "configured"
    CLOSED = "closed world"
    KUSTOMIZATION = "kustomization"
    GUESSED = "guessed"


class Unit:
    """The objects that end up in one cluster together.

    `root` is the directory or file it was found at. `closed` says that the unit is the whole cluster. `producers` may
    create what the unit lacks. `files` are normalised paths. `transformed` says that a kustomization changes the
    objects, so that a field they lack may be added; `changes` are those that can be told.
    """

    def __init__(
        self,
        root: str,
        found: Found,
        *,
        closed: bool,
        files: tuple[str, ...],
        objects: tuple[Object, ...],
        producers: tuple[Producer, ...],
        transformed: bool = False,
        changes: tuple[Change, ...] = (),
    ) -> None:
        self.root = root
        self.found = found
        self.closed = closed
        self.files = files
        self.objects = objects
        self.producers = producers
        self.transformed = transformed
        self.changes = changes

    @property
    def stated(self) -> bool:
        """Whether somebody said that these objects belong together."""
        return self.found is not Found.GUESSED

    @property
    def holds_all(self) -> bool:
        """Whether no object of the cluster is unseen."""
        return self.closed and not self.producers

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """The objects of a kind, or of the kinds derived from it, in order of file and line."""
        if kind not in self._by_type:
            self._by_type[kind] = tuple(item for item in self.objects if isinstance(item, kind))
        return self._by_type[kind]  # type: ignore[return-value]  # filled by isinstance just above

    @cached_property
    def _by_type(self) -> dict[type[Object], tuple[Object, ...]]:
        return {}

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Everything that makes pods."""
        return self.of(Workload)

    @cached_property
    def definitions(self) -> frozenset[DefinedAs]:
        """What the unit defines: (group, kind, namespace, name) of its objects with a known name."""
        return frozenset(key for item in self.objects if (key := defined_as(item)) is not None)


def defined_as(item: Object) -> DefinedAs | None:
    """(group, kind, namespace, name), namespace None when not set; None for an object whose name is unknown or empty."""
    if (
        not isinstance(item.name, str)
        or not item.name
        or (isinstance(item.namespace, Unknown) and item.namespace.mark is not None)
    ):
        return None
    namespace = item.namespace if isinstance(item.namespace, str) else None
    return item.group, item.kind, namespace, item.name
