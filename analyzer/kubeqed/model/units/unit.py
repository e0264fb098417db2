"""Units: which objects end up in one cluster together, and how that was found.

The order is that of the configuration, kustomizations, and a guess over directories; a closed world joins what is left.
"""

from __future__ import annotations

from copy import copy
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.kustomize.changed import KustomizeChange
from kubeqed.model.units.producer import Producer
from kubeqed.parse import Unknown
from kubeqed.sources.chart import lie_in_charts

if TYPE_CHECKING:
    from kubeqed.build.built import Built
    from kubeqed.build.gitops.cluster import Part

T = TypeVar("T", bound=Object)

DefinedAs = tuple[str, str, str | None, str]


class Join(NamedTuple):
    """Policies that were joined to workloads by guess: where they were found, as it prints, and their files."""

    root: str
    files: frozenset[str]


class Variants(NamedTuple):
    """Parts of a closed world that define objects in two ways: where they stand, as it prints, and one such object.

    `objects` says how many there are.
    """

    roots: tuple[str, ...]
    item: Object
    first: Object
    objects: int


class UnitOrigin(Enum):
    """How a unit was found; all but a guess are stated."""

    CONFIGURED = "configured"
    CLOSED = "closed world"
    CLUSTER = "cluster"
    KUSTOMIZATION = "kustomization"
    CHART = "chart"
    VALUED_CHART = "chart at stated values"
    GUESSED = "guessed"


class Unit:
    """The objects that end up in one cluster together.

    `roots` are the directories or files it was found at, as they print, and `places` their real paths. `joins` are the
    parts that hold policies and no workload, and were joined to the others by guess. `closed` says that the unit is the whole cluster. `producers` may
    create what the unit lacks. `files` are named as they print. `kustomized` are the files that a
    kustomization reaches, `transformed` those of them whose objects it changes, so that a field they lack may be added;
    `changes` are those that can be told. `apart` are two definitions of one object for which a larger directory is no unit. `variants` are said with the unit that holds the second of them. `builds`
    are those of its kustomizations, `parts` those that GitOps objects state, with what states each.
    """

    def __init__(
        self,
        roots: tuple[str, ...],
        found: UnitOrigin,
        *,
        places: tuple[str, ...] = (),
        closed: bool,
        files: tuple[str, ...],
        objects: tuple[Object, ...],
        producers: tuple[Producer, ...],
        transformed: frozenset[str] = frozenset(),
        kustomized: frozenset[str] = frozenset(),
        changes: tuple[KustomizeChange, ...] = (),
        joins: tuple[Join, ...] = (),
        apart: tuple[Object, Object] | None = None,
        variants: tuple[Variants, ...] = (),
        builds: tuple[Built, ...] = (),
        parts: tuple[Part, ...] = (),
    ) -> None:
        self.roots = roots
        self.places = places
        self.found = found
        self.closed = closed
        self.files = files
        self.objects = objects
        self.producers = producers
        self.transformed = transformed
        self.kustomized = kustomized
        self.changes = changes
        self.joins = joins
        self.apart = apart
        self.variants = variants
        self.builds = builds
        self.parts = parts

    @property
    def root(self) -> str:
        """What it is called: where it was found."""
        return ", ".join(self.roots)

    def without_joins(self) -> Unit:
        """The unit as it would be if nothing had been joined to it."""
        joined = frozenset[str]().union(*(join.files for join in self.joins))
        roots = {join.root for join in self.joins}
        return Unit(
            tuple(root for root in self.roots if root not in roots),
            self.found,
            places=self.places,
            closed=self.closed,
            files=tuple(file for file in self.files if file not in joined),
            objects=tuple(item for item in self.objects if item.file not in joined),
            producers=self.producers,
            transformed=self.transformed,
            kustomized=self.kustomized,
            changes=self.changes,
        )

    @property
    def stated(self) -> bool:
        """Whether it is stated that these objects belong together."""
        return self.found is not UnitOrigin.GUESSED

    @cached_property
    def laid_over(self) -> frozenset[str]:
        """The files whose objects are laid over those in the cluster, so that they may be parts of them."""
        return frozenset(placed.file for part in self.parts if part.merges for placed in part.built.documents)

    @property
    def is_built(self) -> bool:
        """Whether its objects are those that a build gives, not those that are written."""
        return any(build.documents for build in self.builds)

    @cached_property
    def built_from(self) -> frozenset[str]:
        """The real paths of what its builds read."""
        return frozenset[str]().union(*(build.used for build in self.builds))

    @cached_property
    def rendered_from(self) -> frozenset[str]:
        """The real paths of the files of charts that its builds read."""
        return lie_in_charts(self.built_from)

    @property
    def holds_all(self) -> bool:
        """Whether no object of the cluster is unseen."""
        return self.closed and not self.producers

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """The objects of a kind, or of the kinds derived from it, in order of file and line."""
        if kind not in self._by_type:
            self._by_type[kind] = tuple(item for item in self.objects if isinstance(item, kind))
        return self._by_type[kind]  # type: ignore[return-value]  # filled by isinstance just above

    def holding(self, objects: tuple[Object, ...]) -> Unit:
        """The same unit with other objects."""
        found = copy(self)
        for name in [name for name, value in vars(Unit).items() if isinstance(value, cached_property)]:
            vars(found).pop(name, None)
        found.objects = objects
        return found

    @cached_property
    def _by_type(self) -> dict[type[Object], tuple[Object, ...]]:
        return {}

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Everything that makes pods."""
        return self.of(Workload)

    @cached_property
    def definitions(self) -> dict[DefinedAs, Object]:
        """What the unit defines: its objects with a known name by (group, kind, namespace, name), the first of each."""
        found: dict[DefinedAs, Object] = {}
        for item in self.objects:
            if (key := defined_as(item)) is not None:
                found.setdefault(key, item)
        return found

    @property
    def is_cluster(self) -> bool:
        """Whether it is stated to be a cluster, so that no other unit has a part in it."""
        return self.found in (UnitOrigin.CONFIGURED, UnitOrigin.CLOSED, UnitOrigin.CLUSTER)


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
