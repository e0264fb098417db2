"""The whole input: its units, and how the files were divided into them."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice, takewhile
from typing import NamedTuple

from kubeqed.build.kustomize.build import Built
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.built import read_applied
from kubeqed.model.units.clusters import divide_closed_world
from kubeqed.model.units.guessed import guess_units, join_policies
from kubeqed.model.units.kustomize.changed import KustomizeChange, find_changes, find_outside_changes
from kubeqed.model.units.kustomize.kustomization import (
    Kustomization,
    KustomizationReach,
    collect_reached,
    read_kustomizations,
)
from kubeqed.model.units.kustomize.named_parts import set_fragments_apart
from kubeqed.model.units.producer import Producer, find_producers
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.server_facts import ServerFacts
from kubeqed.model.units.unit import DefinedAs, Join, Unit, UnitOrigin, defined_as
from kubeqed.parse import Place, pack
from kubeqed.sources import Paths, Unread, is_below

Files = Mapping[str, Manifest]
Build = Callable[[str], Built]
_NO_REACH = KustomizationReach()
_MOST_UNSEEN = 10


class StatedUnit(NamedTuple):
    """An entry of the configuration's `units:`; `paths` are the real paths of directories or files."""

    paths: tuple[str, ...]
    closed: bool


class Input:
    """All units of a run; objects are shared between the units that reach them.

    `named` are the files given as PATHs, `beyond` those that no PATH names, both as they print.
    """

    def __init__(
        self,
        units: tuple[Unit, ...],
        manifests: tuple[Manifest, ...],
        paths: Paths,
        *,
        named: frozenset[str] = frozenset(),
        beyond: frozenset[str] = frozenset(),
    ) -> None:
        self.units = units
        self.manifests = manifests
        self.paths = paths
        self.named = named
        self.beyond = beyond

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """Every object, once: as it is applied where it is built, else of every file, also of those that are in no unit."""
        built = [unit for unit in self.units if unit.is_built]
        made_of = {file for unit in built for file in unit.files}
        written = (item for one in self.manifests if one.file not in made_of for item in one.objects)
        return tuple(dict.fromkeys((*(item for unit in built for item in unit.objects), *written)))

    @cached_property
    def facts(self) -> tuple[ServerFacts, ...]:
        """What the files say of the API server."""
        return tuple(manifest.facts for manifest in self.manifests)

    @cached_property
    def definitions(self) -> Counter[DefinedAs]:
        """How often each (group, kind, namespace, name) is defined in the input."""
        return Counter(key for item in self.objects if (key := defined_as(item)) is not None)

    def others(self, unit: Unit) -> Iterator[Unit]:
        """The units that may excuse what `unit` lacks."""
        return (other for other in self.units if may_excuse(other, unit))

    def are_beside(self, one: Object, other: Object) -> bool:
        """Whether two objects stand in one directory."""
        return self.directory_of(one.file) == self.directory_of(other.file)

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
        while self._encloses(directory):
            below = tuple(item for item in self._workloads if is_below(self.paths.real(item.file), directory))
            if below:
                return below
            parent = posixpath.dirname(directory) or "."
            if parent == directory:
                break
            directory = parent
        return ()

    def _encloses(self, directory: str) -> bool:
        return any(is_below(directory, self.paths.real(root.path)) for root in self.paths.roots if root.is_directory)

    @cached_property
    def _workloads(self) -> tuple[Workload, ...]:
        return tuple(item for item in self.objects if isinstance(item, Workload))


def may_excuse(other: Unit, unit: Unit) -> bool:
    """Whether what `unit` lacks may stand in `other`: one stated cluster never excuses another."""
    if other is unit or (unit.is_built and not unit.built_from.isdisjoint(other.built_from)):
        return False  # a sound overlay does not excuse a broken one of the same base
    return not (unit.is_cluster and other.is_cluster)


def divide(
    manifests: Sequence[Manifest],
    paths: Paths,
    *,
    stated: Sequence[StatedUnit] = (),
    closed: bool = False,
    charts: Sequence[str] = (),
    unread: Sequence[Unread] = (),
    within: bool = False,
    beyond: Collection[str] = (),
    build: Build | None = None,
) -> Input:
    """Divides files into units, configured ones first, then kustomizations, then guessed ones; a closed world puts together what is left.

    `charts` are directories that hold a Helm chart, and `unread` files and directories that were not read: they may
    create anything in a unit whose root lies above. `within` says that the roots are only what is read, so that no file
    counts as named by the user. `beyond` are the files that no PATH names, read because the stated unit of one that is
    named holds them. `build` builds the kustomization of a real directory; without it kustomizations only say what belongs together.
    """
    unseen = {paths.real(item.path): _not_read(item) for item in unread} | {paths.real(it): _chart(it) for it in charts}
    manifests = set_fragments_apart(manifests, paths)
    division = _Division(manifests, paths, unseen, build)
    for unit in stated:
        division.take(unit.paths, UnitOrigin.CONFIGURED, closed=unit.closed)
    division.take_kustomizations()
    division.guess(beyond, joins=not closed)
    if closed:
        division.close()
    named = frozenset(root.path for root in paths.roots if not root.is_directory and not within)
    return Input(tuple(division.units), tuple(manifests), paths, named=named, beyond=frozenset(beyond))


class _Division:
    """Files that no unit has taken yet, by real path, and the units so far."""

    def __init__(
        self, manifests: Sequence[Manifest], paths: Paths, unseen: Mapping[str, Producer], build: Build | None
    ) -> None:
        self.files = {paths.real(manifest.file): manifest for manifest in manifests}
        self.left = dict(self.files)
        self.paths = paths
        self.unseen = unseen
        self.unseen_paths = sorted(unseen)
        self.units: list[Unit] = []
        self._build = build

    def take(self, places: tuple[str, ...], found: UnitOrigin, *, closed: bool) -> None:
        """Makes one unit of all files left at or below `places`; patches are no objects by themselves."""
        taken = [path for path in self.left if any(is_below(path, place) for place in places)]
        inside = {path: self.left.pop(path) for path in taken}
        by_directory = read_kustomizations(inside, self.paths.follow)
        patches = {path for item in by_directory.values() for path in item.changing()}
        builds = self._builds_of(by_directory)
        paths = [path for path in inside if path not in patches]
        if builds:
            self._add(places, found, paths, closed=closed, builds=builds)
            return
        unseen = (collect_reached(item, by_directory, self.files)[0].producers for item in by_directory.values())
        reach = KustomizationReach(producers=tuple(dict.fromkeys(chain.from_iterable(unseen))))
        changes = (change for item in by_directory.values() for change in find_changes(item, self.files))
        self._add(places, found, paths, closed=closed, reach=reach, changes=tuple(changes))

    def _builds_of(self, by_directory: Mapping[str, Kustomization]) -> tuple[Built, ...]:
        """The builds of one cluster; none where one fails, or two of them define an object and so are variants."""
        reached = {one: collect_reached(item, by_directory, self.files)[1] for one, item in by_directory.items()}
        named = {other for directory, visited in reached.items() for other in visited if other != directory}
        builds = [self._built(item) for directory, item in by_directory.items() if directory not in named]
        found = tuple(one for one in builds if one is not None and one.documents)
        defined = Counter(
            key
            for one in found
            for item in read_applied(one, self.files).objects
            if (key := defined_as(item)) is not None
        )
        return found if len(found) == len(builds) and all(count == 1 for count in defined.values()) else ()

    def _built(self, kustomization: Kustomization) -> Built | None:
        """What a kustomization applies; None for a Component, which is built only as a part of one."""
        kind = kustomization.root.get("kind")
        if self._build is None or (isinstance(kind, str) and kind == "Component"):
            return None
        return self._build(kustomization.directory)

    def take_kustomizations(self) -> None:
        """Makes a unit of each kustomization that no other one names; patches are no objects by themselves."""
        by_directory = read_kustomizations(self.left, self.paths.follow)
        reached = {
            directory: collect_reached(item, by_directory, self.files) for directory, item in by_directory.items()
        }
        named = {other for directory, (_, visited) in reached.items() for other in visited if other != directory}
        patches = {path for item in by_directory.values() for path in item.changing()}
        used = {path for what, _ in reached.values() for path in what.files}
        changes = {directory: tuple(find_changes(item, self.files)) for directory, item in by_directory.items()}
        covered: set[str] = set()
        for directory in (*sorted(set(by_directory) - named), *sorted(named)):  # named last: some name each other
            if directory in covered:
                continue
            what, visited = reached[directory]
            covered |= visited
            built = self._built(by_directory[directory])
            builds = () if built is None else (built,)
            if built is not None and built.documents:
                used |= built.used
                self._add((directory,), UnitOrigin.KUSTOMIZATION, (), builds=builds)
                continue
            outside = find_outside_changes(by_directory[directory])
            made = (*outside, *chain.from_iterable(changes[other] for other in sorted(visited)))
            self._add((directory,), UnitOrigin.KUSTOMIZATION, what.files, reach=what, changes=made, builds=builds)
        for path in (*patches, *used, *(item.file for item in by_directory.values())):
            self.left.pop(path, None)

    def guess(self, beyond: Collection[str], *, joins: bool) -> None:
        """Guesses units from the files left, the PATHs being one input; `joins` says whether some are joined."""
        named = {path: manifest for path, manifest in self.left.items() if manifest.file not in beyond}
        parts = guess_units(self.paths.common, named)
        for unit in join_policies(parts) if joins else parts:
            self._add(unit.places, UnitOrigin.GUESSED, list(unit.files), joined=unit.joined, apart=unit.apart)

    def close(self) -> None:
        """Puts together what may share a cluster, but for the units of the configuration."""
        configured = [unit for unit in self.units if unit.found is UnitOrigin.CONFIGURED]
        parts = [unit for unit in self.units if unit.found is not UnitOrigin.CONFIGURED]
        order = {manifest.file: number for number, manifest in enumerate(self.files.values())}
        self.units = [*configured, *divide_closed_world(parts, order, (self._printed(self.paths.common),))]

    def _add(
        self,
        places: tuple[str, ...],
        found: UnitOrigin,
        paths: Sequence[str],
        *,
        closed: bool = False,
        reach: KustomizationReach = _NO_REACH,
        changes: tuple[KustomizeChange, ...] = (),
        joined: Mapping[str, Files] | None = None,
        apart: tuple[Object, Object] | None = None,
        builds: tuple[Built, ...] = (),
    ) -> None:
        made = tuple(one for one in builds if one.documents)
        used = frozenset[str]().union(*(one.used for one in made))
        manifests = [self.files[path] for path in paths if path not in used]
        lacks_change = any(one.lacks_change for one in made)
        applied = [read_applied(one, self.files) for one in made]
        for path in paths if found is not UnitOrigin.KUSTOMIZATION else ():
            self.left.pop(path, None)
        seen = (
            *reach.producers,
            *chain.from_iterable(one.producers for one in applied),
            *(producer for manifest in manifests for producer in find_producers(manifest)),
            *dict.fromkeys(self.unseen[path] for place in places for path in self._unseen_below(place)),
        )
        objects = tuple(item for manifest in manifests for item in manifest.objects)
        built_of = {one.file: one for each in applied for one in each.manifests}.values()
        all_files = frozenset(manifest.file for manifest in (*built_of, *manifests))
        stated = found in (
            UnitOrigin.CONFIGURED,
            UnitOrigin.KUSTOMIZATION,
        )  # called by where that is, also above the PATHs
        self.units.append(
            Unit(
                tuple(map(self.paths.printed if stated else self._printed, places)),
                found,
                places=places,
                closed=closed,
                files=tuple(manifest.file for manifest in (*built_of, *manifests)),
                objects=(*chain.from_iterable(one.objects for one in applied), *objects),
                producers=seen,
                transformed=all_files if reach.transformed or lacks_change else frozenset(),
                kustomized=all_files if found is UnitOrigin.KUSTOMIZATION else frozenset(),
                changes=(*changes, *(KustomizeChange(self._printed(one)) for one in places if lacks_change)),
                joins=tuple(self._join(place, files) for place, files in sorted((joined or {}).items())),
                apart=apart,
                builds=builds,
            )
        )

    def _join(self, place: str, files: Files) -> Join:
        return Join(self._printed(place), frozenset(manifest.file for manifest in files.values()))

    def _printed(self, place: str) -> str:
        """How a place prints: above the PATHs, as what they have in common of it."""
        return self.paths.printed(self.paths.narrowed(place))

    def _unseen_below(self, place: str) -> Iterator[str]:
        """The first paths at or below a place that was not read: one is as good as thousands."""
        start = "" if place == posixpath.curdir else place
        first = bisect_left(self.unseen_paths, start)
        near = takewhile(lambda path: path.startswith(start), islice(self.unseen_paths, first, None))
        return islice((path for path in near if is_below(path, place)), _MOST_UNSEEN)


def _not_read(unread: Unread) -> Producer:
    return Producer(f"{unread.path}, which was not read", Place(unread.path, 0, pack(0, 0, 1)))


def _chart(directory: str) -> Producer:
    file = posixpath.join(directory, "Chart.yaml")
    return Producer(f"the chart {directory}", Place(file, 0, pack(0, 0, 1)))
