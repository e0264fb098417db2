"""How files are divided into units: the configuration first, then kustomizations as they are built, then a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain

from kubeqed.build.built import Built
from kubeqed.model.cluster import StatedChart
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.built import Applied, Builds, list_given_up, read_applied
from kubeqed.model.units.charts import (
    ChartTrial,
    make_chart_unit,
    make_trial,
    make_valued_units,
    may_be_given_values,
    outermost,
)
from kubeqed.model.units.clusters import divide_closed_world
from kubeqed.model.units.gitops.clusters import find_stated_clusters, make_unit, may_state
from kubeqed.model.units.guessed import guess_units, join_policies
from kubeqed.model.units.input import Input, StatedUnit
from kubeqed.model.units.kustomize.changed import KustomizeChange, find_changes, find_outside_changes
from kubeqed.model.units.kustomize.kustomization import (
    Kustomization,
    KustomizationReach,
    collect_reached,
    read_kustomizations,
)
from kubeqed.model.units.kustomize.named_parts import set_fragments_apart
from kubeqed.model.units.producer import Producer, UnseenParts, chart_producer, find_producers, unread_producer
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.unit import Join, Unit, UnitOrigin, defined_as
from kubeqed.sources import Paths, Unread, is_below

Files = Mapping[str, Manifest]
_NO_REACH = KustomizationReach()


def divide(
    manifests: Sequence[Manifest],
    paths: Paths,
    *,
    stated: Sequence[StatedUnit] = (),
    closed: bool = False,
    charts: Sequence[str] = (),
    valued: Sequence[StatedChart] = (),
    unread: Sequence[Unread] = (),
    within: bool = False,
    beyond: Collection[str] = (),
    build: Builds | None = None,
) -> Input:
    """Divides files into units, configured ones first, then kustomizations, then guessed ones; a closed world puts together what is left.

    `charts` are directories that hold a Helm chart, `valued` those with the values that the configuration states, and `unread` files and directories that were not read: they may
    create anything in a unit whose root lies above. `within` says that the roots are only what is read, so that no file
    counts as named by the user. `beyond` are the files that no PATH names, read because the stated unit of one that is
    named holds them. `build` builds the kustomization of a real directory; without it kustomizations only say what belongs together.
    """
    unseen = {paths.real(item.path): unread_producer(item) for item in unread} | {
        paths.real(it): chart_producer(it) for it in charts
    }
    manifests = set_fragments_apart(manifests, paths)
    division = _Division(manifests, paths, unseen, build)
    for unit in stated:
        division.take(unit.paths, UnitOrigin.CONFIGURED, closed=unit.closed)
    outer = outermost([paths.real(it) for it in charts])
    division.take_clusters(outer)
    division.take_kustomizations()
    division.take_valued_charts(valued)
    division.take_charts(outer)
    division.guess(beyond, joins=not closed)
    if closed:
        division.close()
    named = frozenset(root.path for root in paths.roots if not root.is_directory and not within)
    return Input(
        tuple(division.units),
        tuple(manifests),
        paths,
        named=named,
        beyond=frozenset(beyond),
        trials=tuple(division.trials),
        untried=division.untried,
    )


class _Division:
    """Files that no unit has taken yet, by real path, and the units so far."""

    def __init__(
        self, manifests: Sequence[Manifest], paths: Paths, unseen: Mapping[str, Producer], build: Builds | None
    ) -> None:
        self.files = {paths.real(manifest.file): manifest for manifest in manifests}
        self.left = dict(self.files)
        self.paths = paths
        self._unseen = UnseenParts(unseen)
        self.units: list[Unit] = []
        self.trials: list[ChartTrial] = []
        self.untried = 0
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
            self._add_unit(places, found, paths, closed=closed, builds=builds)
            return
        unseen = (collect_reached(item, by_directory, self.files)[0].producers for item in by_directory.values())
        reach = KustomizationReach(producers=tuple(dict.fromkeys(chain.from_iterable(unseen))))
        changes = (change for item in by_directory.values() for change in find_changes(item, self.files))
        self._add_unit(places, found, paths, closed=closed, reach=reach, changes=tuple(changes))

    def _builds_of(self, by_directory: Mapping[str, Kustomization]) -> tuple[Built, ...]:
        """The builds of one cluster; none where one fails, or two of them define an object and so are variants."""
        _, named = self._find_reach(by_directory)
        builds = [self._find_built(item) for directory, item in by_directory.items() if directory not in named]
        found = tuple(one for one in builds if one is not None and one.documents)
        defined = Counter(
            key
            for one in found
            for item in read_applied(one, self.files).objects
            if (key := defined_as(item)) is not None
        )
        return found if len(found) == len(builds) and all(count == 1 for count in defined.values()) else ()

    def _find_reach(
        self, by_directory: Mapping[str, Kustomization]
    ) -> tuple[dict[str, tuple[KustomizationReach, frozenset[str]]], set[str]]:
        """What each kustomization reaches, and those that another one names."""
        reached = {one: collect_reached(item, by_directory, self.files) for one, item in by_directory.items()}
        return reached, {other for one, (_, visited) in reached.items() for other in visited if other != one}

    def _find_built(self, kustomization: Kustomization) -> Built | None:
        """What a kustomization applies; None for a Component, which is built only as a part of one."""
        kind = kustomization.root.get("kind")
        if self._build is None or (isinstance(kind, str) and kind == "Component"):
            return None
        return self._build(kustomization.directory)

    def take_clusters(self, charts: Sequence[str]) -> None:
        """Makes a unit of each cluster that GitOps objects state, those that `charts` print among them."""
        written = [path for path, manifest in self.left.items() if may_state(manifest)]
        if self._build is None or not (written or charts):
            return
        by_directory = read_kustomizations(self.left, self.paths.follow)
        builds = self._builds_that_reach(written, by_directory) | self._build.stating_charts(charts)
        clusters = [
            cluster
            for search in self._build.search_roots(written, builds)
            for cluster in find_stated_clusters(search, self.files)
        ]
        self._unseen.note_rendered(part.built for cluster in clusters for part in cluster.parts)
        units = [make_unit(one, self.files, self.paths.printed, self._unseen.producers) for one in clusters]
        self.units += units
        used = frozenset[str]().union(*(unit.built_from for unit in units), *(one.written for one in clusters))
        patches = (path for item in by_directory.values() if item.file in used for path in item.changing())
        for path in (*used, *patches):
            self.left.pop(path, None)

    def _builds_that_reach(self, paths: Sequence[str], by_directory: Mapping[str, Kustomization]) -> dict[str, Built]:
        """The builds of the kustomizations that no other names and that reach some files, by their own files."""
        reached, named = self._find_reach(by_directory)
        wanted = (
            item
            for one, item in by_directory.items()
            if one not in named and not frozenset(paths).isdisjoint(reached[one][0].files)
        )
        builds = {item.file: self._find_built(item) for item in wanted}
        return {file: built for file, built in builds.items() if built is not None and built.documents}

    def take_kustomizations(self) -> None:
        """Makes a unit of each kustomization that no other one names; patches are no objects by themselves."""
        by_directory = read_kustomizations(self.left, self.paths.follow)
        reached, named = self._find_reach(by_directory)
        patches = {path for item in by_directory.values() for path in item.changing()}
        used = {path for what, _ in reached.values() for path in what.files}
        changes = {directory: tuple(find_changes(item, self.files)) for directory, item in by_directory.items()}
        covered: set[str] = set()
        for directory in (*sorted(set(by_directory) - named), *sorted(named)):  # named last: some name each other
            if directory in covered:
                continue
            what, visited = reached[directory]
            covered |= visited
            built = self._find_built(by_directory[directory])
            builds = () if built is None else (built,)
            if built is not None and built.documents:
                used |= built.used
                self._add_unit((directory,), UnitOrigin.KUSTOMIZATION, (), builds=builds)
                continue
            outside = find_outside_changes(by_directory[directory])
            made = (*outside, *chain.from_iterable(changes[other] for other in sorted(visited)))
            self._add_unit((directory,), UnitOrigin.KUSTOMIZATION, what.files, reach=what, changes=made, builds=builds)
        for path in (*patches, *used, *(item.file for item in by_directory.values())):
            self.left.pop(path, None)

    def take_valued_charts(self, several: Sequence[StatedChart]) -> None:
        """Makes a unit of each chart at the values that the configuration states."""
        if self._build is not None:
            for unit in make_valued_units(several, self._build, self._unseen, self.paths.printed):
                self.units.append(unit)
                self.left = {path: one for path, one in self.left.items() if path not in unit.built_from}

    def take_charts(self, directories: Sequence[str]) -> None:
        """Makes a unit of each chart that nothing states values for, at its default values; others that are tried are no units."""
        if self._build is None or not directories:
            return
        given = may_be_given_values(self.files)
        for directory in [one for one in directories if not self._unseen.is_rendered(one)]:
            built, trials, left = self._build.chart_with_switches(directory)
            self.untried += left
            for path in built.used:
                self.left.pop(path, None)
            if built.documents or built.refusals or built.unbuilt:
                unseen, printed = self._unseen.producers([directory], directories), self.paths.printed(directory)
                self.units.append(make_chart_unit(directory, built, printed, unseen, given=given))
                self.trials += (make_trial(directory, one, printed, unseen, given=given) for one in trials)

    def guess(self, beyond: Collection[str], *, joins: bool) -> None:
        """Guesses units from the files left, the PATHs being one input; `joins` says whether some are joined."""
        named = {path: manifest for path, manifest in self.left.items() if manifest.file not in beyond}
        parts = guess_units(self.paths.common, named)
        for unit in join_policies(parts) if joins else parts:
            self._add_unit(unit.places, UnitOrigin.GUESSED, list(unit.files), joined=unit.joined, apart=unit.apart)

    def close(self) -> None:
        """Puts together what may share a cluster, but for the units of the configuration."""
        configured = [unit for unit in self.units if unit.found is UnitOrigin.CONFIGURED]
        parts = [unit for unit in self.units if unit.found is not UnitOrigin.CONFIGURED]
        order = {manifest.file: number for number, manifest in enumerate(self.files.values())}
        self.units = [*configured, *divide_closed_world(parts, order, (self._print_place(self.paths.common),))]

    def _add_unit(
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
        """Adds a unit of the files at `paths` as they are written, and of what `builds` make of others."""
        made = tuple(one for one in builds if one.documents)
        self._unseen.note_rendered(made)
        used = frozenset[str]().union(*(one.used for one in made))
        manifests = [self.files[path] for path in paths if path not in used]
        applied = [read_applied(one, self.files) for one in made]
        for path in paths if found is not UnitOrigin.KUSTOMIZATION else ():
            self.left.pop(path, None)
        built_of = {one.file: one for each in applied for one in each.manifests}.values()
        all_files = tuple(manifest.file for manifest in (*built_of, *manifests))
        lacking = places if any(one.lacks_change for one in made) else ()
        self.units.append(
            Unit(
                tuple(map(self._name_of(found), places)),
                found,
                places=places,
                closed=closed,
                files=all_files,
                objects=tuple(chain(*(one.objects for one in applied), *(one.objects for one in manifests))),
                producers=(*reach.producers, *list_given_up(builds), *self._find_producers(applied, manifests, places)),
                transformed=frozenset(all_files if reach.transformed or lacking else ()),
                kustomized=frozenset(all_files if found is UnitOrigin.KUSTOMIZATION else ()),
                changes=(*changes, *(KustomizeChange(self._print_place(place)) for place in lacking)),
                joins=tuple(self._make_join(place, files) for place, files in sorted((joined or {}).items())),
                apart=apart,
                builds=builds,
            )
        )

    def _name_of(self, found: UnitOrigin) -> Callable[[str], str]:
        """What a place is called: a stated unit is called by where that is, also above the PATHs."""
        stated = found in (UnitOrigin.CONFIGURED, UnitOrigin.KUSTOMIZATION)
        return self.paths.printed if stated else self._print_place

    def _find_producers(
        self, applied: Sequence[Applied], manifests: Sequence[Manifest], places: Sequence[str]
    ) -> Iterator[Producer]:
        """What may create more: of builds, of the files as they are written, and of what was not read."""
        yield from chain.from_iterable(one.producers for one in applied)
        yield from (producer for manifest in manifests for producer in find_producers(manifest))
        yield from self._unseen.producers(places)

    def _make_join(self, place: str, files: Files) -> Join:
        return Join(self._print_place(place), frozenset(manifest.file for manifest in files.values()))

    def _print_place(self, place: str) -> str:
        """How a place prints: above the PATHs, as what they have in common of it."""
        return self.paths.printed(self.paths.narrowed(place))
