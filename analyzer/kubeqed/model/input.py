"""The whole input: its units, and how the files were divided into them."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from kubeqed.model.changed import Change, changes_of
from kubeqed.model.kustomization import Reach, directory_of, kustomizations, reached_by
from kubeqed.model.object import Object
from kubeqed.model.producer import Producer, producers_of
from kubeqed.model.read import Manifest
from kubeqed.model.unit import DefinedAs, Found, Unit, defined_as
from kubeqed.model.workload import Workload
from kubeqed.parse import Place, pack
from kubeqed.sources import Root

Files = dict[str, Manifest]
_NO_REACH = Reach()


class StatedUnit(NamedTuple):
    """An entry of the configuration's `units:`; `path` as it prints, a directory or a file."""

    path: str
    closed: bool


class Input:
    """All units of a run; objects are shared between the units that reach them. `named` are the files given as PATHs."""

    def __init__(
        self,
        units: tuple[Unit, ...],
        manifests: tuple[Manifest, ...],
        roots: tuple[Root, ...],
        named: frozenset[str] = frozenset(),
    ) -> None:
        self.units = units
        self.manifests = manifests
        self.roots = roots
        self.named = named

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """Every object of every file, once, also of files that are in no unit."""
        return tuple(item for manifest in self.manifests for item in manifest.objects)

    @cached_property
    def definitions(self) -> Counter[DefinedAs]:
        """How often each (group, kind, namespace, name) is defined in the input."""
        return Counter(key for item in self.objects if (key := defined_as(item)) is not None)

    def companions(self, unit: Unit) -> Iterator[Unit]:
        """The units that may share a cluster with `unit`: no object is defined in both."""
        return (other for other in self.units if other is not unit and not other.definitions & unit.definitions)

    def neighbourhood(self, unit: Unit) -> tuple[Workload, ...]:
        """The unit's workloads; when it has none, those below its nearest enclosing directory that has some."""
        if unit.workloads:
            return unit.workloads
        directory = posixpath.normpath(unit.root)
        while self._encloses(directory):
            below = tuple(item for item in self._workloads if _is_below(posixpath.normpath(item.file), directory))
            if below:
                return below
            parent = posixpath.dirname(directory) or "."
            if parent == directory:
                break
            directory = parent
        return ()

    def _encloses(self, directory: str) -> bool:
        return any(_is_below(directory, posixpath.normpath(root.path)) for root in self.roots if root.is_directory)

    @cached_property
    def _workloads(self) -> tuple[Workload, ...]:
        return tuple(item for item in self.objects if isinstance(item, Workload))


def divide(
    manifests: Sequence[Manifest],
    roots: Sequence[Root],
    *,
    stated: Sequence[StatedUnit] = (),
    closed: bool = False,
    charts: Sequence[str] = (),
    within: bool = False,
) -> Input:
    """Divides files into units, in the order of the design: configured, closed world, kustomizations, guessed.

    `charts` are directories that hold a Helm chart, which may create anything in a unit whose root lies above.
    `within` says that the roots are only what is read, so that no file counts as named by the user.
    """
    files = {posixpath.normpath(manifest.file): manifest for manifest in manifests}
    division = _Division(files, charts)
    for unit in stated:
        division.take(unit.path, Found.CONFIGURED, closed=unit.closed)
    if closed:
        for root in roots:
            division.take(root.path, Found.CLOSED, closed=True)
    division.take_kustomizations()
    division.guess(roots)
    named = frozenset(root.path for root in roots if not root.is_directory and not within)
    return Input(tuple(division.units), tuple(manifests), tuple(roots), named)


class _Division:
    """Files that no unit has taken yet, and the units so far."""

    def __init__(self, files: Files, charts: Sequence[str]) -> None:
        self.files = files
        self.left = dict(files)
        self.charts = charts
        self.units: list[Unit] = []

    def take(self, root: str, found: Found, *, closed: bool) -> None:
        """Makes one unit of all files left at or below `root`; patches are no objects by themselves."""
        inside = {path: self.left.pop(path) for path in list(self.left) if _is_below(path, posixpath.normpath(root))}
        by_directory = kustomizations(inside)
        patches = {path for item in by_directory.values() for path in item.patches()}
        unseen = (reached_by(item, by_directory, self.files)[0].producers for item in by_directory.values())
        reach = Reach(producers=tuple(dict.fromkeys(chain.from_iterable(unseen))))
        changes = (change for item in by_directory.values() for change in changes_of(item, self.files))
        paths = [path for path in inside if path not in patches]
        self._add(root, found, paths, closed=closed, reach=reach, changes=tuple(changes))

    def take_kustomizations(self) -> None:
        """Makes a unit of each kustomization that no other one names; patches are no objects by themselves."""
        by_directory = kustomizations(self.left)
        reached = {directory: reached_by(item, by_directory, self.files) for directory, item in by_directory.items()}
        named = {other for directory, (_, visited) in reached.items() for other in visited if other != directory}
        patches = {path for item in by_directory.values() for path in item.patches()}
        used = {path for what, _ in reached.values() for path in what.files}
        changes = {directory: tuple(changes_of(item, self.files)) for directory, item in by_directory.items()}
        covered: set[str] = set()
        for directory in (*sorted(set(by_directory) - named), *sorted(named)):  # named last: some name each other
            if directory not in covered:
                what, visited = reached[directory]
                covered |= visited
                made = tuple(chain.from_iterable(changes[other] for other in sorted(visited)))
                self._add(directory, Found.KUSTOMIZATION, what.files, reach=what, changes=made)
        for path in (*patches, *used, *(item.file for item in by_directory.values())):
            self.left.pop(path, None)

    def guess(self, roots: Sequence[Root]) -> None:
        """Guesses units from the files left below each directory, and among the given files of one directory."""
        bases = dict.fromkeys(posixpath.normpath(root.path) for root in roots)
        directories = {posixpath.normpath(root.path) for root in roots if root.is_directory}
        for base in bases:
            if any(_is_below(base, other) for other in directories - {base}):
                continue  # that directory holds it
            if base in directories:
                directory, inside = base, [path for path in self.left if _is_below(path, base)]
            else:
                directory = directory_of(base)
                inside = [path for path in self.left if directory_of(path) == directory]
            for name, paths in _guess(directory, inside, self.left):
                self._add(name, Found.GUESSED, paths)

    def _add(
        self,
        root: str,
        found: Found,
        paths: Sequence[str],
        *,
        closed: bool = False,
        reach: Reach = _NO_REACH,
        changes: tuple[Change, ...] = (),
    ) -> None:
        manifests = [self.files[path] for path in paths]
        for path in paths if found is not Found.KUSTOMIZATION else ():
            self.left.pop(path, None)
        seen = (
            *reach.producers,
            *(producer for manifest in manifests for producer in producers_of(manifest)),
            *(_chart(path) for path in self.charts if _is_below(posixpath.normpath(path), posixpath.normpath(root))),
        )
        self.units.append(
            Unit(
                root,
                found,
                closed=closed,
                files=tuple(paths),
                objects=tuple(item for manifest in manifests for item in manifest.objects),
                producers=seen,
                transformed=reach.transformed,
                changes=changes,
            )
        )


def _chart(directory: str) -> Producer:
    file = posixpath.join(directory, "Chart.yaml")
    return Producer(f"the chart {directory}", Place(file, 0, pack(0, 0, 1)))


def _guess(directory: str, paths: list[str], files: Mapping[str, Manifest]) -> Iterator[tuple[str, list[str]]]:
    """(root, paths) of the units below a directory."""
    if not paths:
        return
    if not _repeats(paths, files):
        yield directory, paths
        return
    own = [path for path in paths if directory_of(path) == directory]
    if own and not _repeats(own, files):
        yield directory, own
    else:
        yield from ((path, [path]) for path in own)
    below: dict[str, list[str]] = {}
    for path in paths:
        if path not in own:
            rest = path if directory == "." else path[len(directory) :].lstrip("/")
            below.setdefault(posixpath.join(directory if directory != "." else "", rest.split("/")[0]), []).append(path)
    for name, inside in below.items():
        yield from _guess(name, inside, files)


def _repeats(paths: Sequence[str], files: Mapping[str, Manifest]) -> bool:
    """Whether the files define an object twice."""
    seen = set()
    for path in paths:
        for item in files[path].objects:
            key = defined_as(item)
            if key is not None and key in seen:
                return True
            seen.add(key)
    return False


def _is_below(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies below it; both normalised."""
    if directory == ".":
        return not path.startswith("/") and path.split("/", maxsplit=1)[0] != ".."
    return path == directory or path.startswith(directory.rstrip("/") + "/")
