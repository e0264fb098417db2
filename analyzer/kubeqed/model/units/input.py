"""The whole input: its units, and what they say of one another."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.charts import ChartTrial
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.server_facts import ServerFacts
from kubeqed.model.units.unit import DefinedAs, Unit, UnitOrigin, defined_as
from kubeqed.sources import Paths, is_below, list_places_above


class StatedUnit(NamedTuple):
    """An entry of the configuration's `units:`; `paths` are the real paths of directories or files."""

    paths: tuple[str, ...]
    closed: bool


class Input:
    """All units of a run; objects are shared between the units that reach them.

    `named` are the files given as PATHs, `beyond` those that no PATH names, both as they print. `trials` are charts with a switch changed, which are judged and belong to no unit,
    `untried` says how many switches were too many.
    """

    def __init__(
        self,
        units: tuple[Unit, ...],
        manifests: tuple[Manifest, ...],
        paths: Paths,
        *,
        named: frozenset[str] = frozenset(),
        beyond: frozenset[str] = frozenset(),
        trials: tuple[ChartTrial, ...] = (),
        untried: int = 0,
    ) -> None:
        self.units = units
        self.manifests = manifests
        self.paths = paths
        self.named = named
        self.beyond = beyond
        self.trials = trials
        self.untried = untried

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """Every object, once: as it is applied where it is built, else of every file, also of those that are in no unit."""
        built = [unit for unit in self.units if unit.is_built]
        made_of = {file for unit in built for file in unit.files}
        written = (item for one in self.manifests if one.file not in made_of for item in one.objects)
        return tuple(dict.fromkeys((*(item for unit in built for item in unit.objects), *written)))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of all objects."""
        return frozenset(item.kind for item in self.objects)

    @property
    def judged(self) -> tuple[Unit, ...]:
        """The units, and the charts with a switch changed."""
        return (*self.units, *(one.unit for one in self.trials))

    @cached_property
    def facts(self) -> tuple[ServerFacts, ...]:
        """What the files say of the API server."""
        return tuple(manifest.facts for manifest in self.manifests)

    @cached_property
    def definitions(self) -> Counter[DefinedAs]:
        """How often each (group, kind, namespace, name) is defined in the input."""
        return Counter(key for item in self.objects if (key := defined_as(item)) is not None)

    @cached_property
    def laid_over(self) -> frozenset[str]:
        """The files whose objects some cluster lays over those that it has, so that they may be parts of them anywhere."""
        return frozenset[str]().union(*(unit.laid_over for unit in self.units))

    def others(self, unit: Unit) -> Iterator[Unit]:
        """The units that may excuse what `unit` lacks."""
        return (other for other in self.units if may_excuse(other, unit))

    def are_neighbours(self, one: Object, other: Object) -> bool:
        """Whether two objects stand in one directory, in a directory and its parent, or in two directories of one parent."""
        first, second = self.directory_of(one.file), self.directory_of(other.file)
        parents = posixpath.dirname(first), posixpath.dirname(second)
        return first == second or first == parents[1] or second == parents[0] or parents[0] == parents[1]

    def directory_of(self, file: str) -> str:
        """The real directory of a file, by the name that it prints under."""
        return posixpath.dirname(self.paths.real(file))

    def neighbourhood(self, unit: Unit) -> tuple[Workload, ...]:
        """The unit's workloads; when it has none, those below its nearest enclosing directory that has some."""
        if unit.workloads:
            return unit.workloads
        directory = unit.places[0]
        while self._encloses_directory(directory):
            if directory in self._workloads_below:
                return tuple(self._workloads_below[directory])
            parent = posixpath.dirname(directory) or "."
            if parent == directory:
                break
            directory = parent
        return ()

    def _encloses_directory(self, directory: str) -> bool:
        return any(is_below(directory, self.paths.real(root.path)) for root in self.paths.roots if root.is_directory)

    @cached_property
    def _workloads_below(self) -> dict[str, list[Workload]]:
        """The workloads of each file, and of all that is below each directory."""
        found: dict[str, list[Workload]] = {}
        for item in self._workloads:
            for place in list_places_above(self.paths.real(item.file)):
                found.setdefault(place, []).append(item)
        return found

    @property
    def _workloads(self) -> tuple[Workload, ...]:
        """Those beside which others may be meant to run; what a chart applies is installed without its neighbours."""
        charts = (unit for unit in self.units if unit.found in (UnitOrigin.CHART, UnitOrigin.VALUED_CHART))
        of_charts = frozenset(item for unit in charts for item in unit.workloads)
        return tuple(item for item in self.objects if isinstance(item, Workload) and item not in of_charts)


def may_excuse(other: Unit, unit: Unit) -> bool:
    """Whether what `unit` lacks may stand in `other`: one stated cluster never excuses another."""
    if other is unit or (unit.is_built and not unit.built_from.isdisjoint(other.built_from)):
        return False  # a sound overlay does not excuse a broken one of the same base
    return not (unit.is_cluster and other.is_cluster)
