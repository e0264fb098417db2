"""Builds the paths that statements name, each once for all who ask the same of it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.build.allowance import Allowance
from kubeqed.build.built import NOTHING_BUILT, Built
from kubeqed.build.directory import Files
from kubeqed.build.gitops.repositories import Repositories
from kubeqed.build.gitops.statement import ObjectLookup, RepositoryPath
from kubeqed.build.kustomize.target import to_plain
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Unbuilt
from kubeqed.diagnostic import FailuresNoted, Notice
from kubeqed.parse import Mark, Place

Identity = tuple[str, int, Mark]  # where an object is written
Name = tuple[str, str, str]  # kind, namespace and name of an object that is looked up


def identity_of(tree: OriginNode) -> Identity:
    """Where an object is written, whatever it came through."""
    return locate_written(tree.place)


def locate_written(place: Place) -> Identity:
    """Where a place is, whatever it came through."""
    return place.file, place.first_line, place.mark


class _Known(NamedTuple):
    """A build, and what was found of the objects that it asked for."""

    found: dict[Name, OriginNode | None]
    built: Built


class PathBuilder:
    """Builds paths of one repository from its files; a build on which kubeqed fails is noted in `failures`."""

    def __init__(self, files: Files, repositories: Repositories, failures: list[Notice]) -> None:
        self._failures = failures
        self._files = files
        self._repositories = repositories
        self._known: dict[tuple[Identity, str, str, str], list[_Known]] = {}

    @property
    def allowance(self) -> Allowance:
        """What the builds of a run may still cost."""
        return self._files.allowance

    def find(self, path: RepositoryPath) -> str | None:
        """The real place of a path of this repository, None for one of another."""
        return self._repositories.find(path)

    def build(self, tree: OriginNode, path: RepositoryPath, real: str, lookup: ObjectLookup) -> Built:
        """What the object `tree` applies of a real directory or file that it names."""
        key = (identity_of(tree), path.path, real, repr(to_plain(tree)))
        for known in self._known.get(key, ()):
            if all(lookup(*name) is found for name, found in known.found.items()):
                return known.built
        asking = _Asking(lookup)
        built = NOTHING_BUILT._replace(unbuilt=(Unbuilt(path.place, f"{path.path}, on which kubeqed failed"),))
        with FailuresNoted(self._failures, f"building {path.path}"):
            built = path.build(self._files, real, asking)
        self._known.setdefault(key, []).append(_Known(asking.found, built))
        return built


class _Asking:
    """A lookup that remembers what it was asked."""

    def __init__(self, lookup: ObjectLookup) -> None:
        self._lookup = lookup
        self.found: dict[Name, OriginNode | None] = {}

    def __call__(self, kind: str, namespace: str, name: str) -> OriginNode | None:
        found = self._lookup(kind, namespace, name)
        self.found[kind, namespace, name] = found
        return found
