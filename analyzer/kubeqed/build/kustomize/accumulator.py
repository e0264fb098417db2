"""What a build gathers on its way, and what builds of the same files have read and gathered before."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from kubeqed.build.directory import Files
from kubeqed.build.kustomize.config import NOTHING
from kubeqed.build.kustomize.kustomization import DecodedKustomization
from kubeqed.build.kustomize.notes import Notes
from kubeqed.build.kustomize.resources.resource_map import ResourceMap
from kubeqed.build.kustomize.transformers.variables import Variables


class Accumulator:
    """What a build has gathered so far: resources, the fields that its transformers change, and variables."""

    def __init__(self) -> None:
        self.resources = ResourceMap()
        self.config = NOTHING
        self.variables: Variables = {}

    def copy(self) -> Accumulator:
        """The same, to be changed on its own."""
        copied = Accumulator()
        copied.resources = self.resources.copy()
        copied.config, copied.variables = self.config, dict(self.variables)
        return copied


class Base(NamedTuple):
    """What the kustomization of a directory makes for whoever names it, if nothing of it was left out."""

    gathered: Accumulator
    notes: Notes

    def is_above(self, above: tuple[str, ...]) -> bool:
        """Whether it leads back to one of the directories that lead to it."""
        return any(leads_back(one, above) for one in self.notes.entered)


class EarlierBuilds:
    """The kustomizations that builds of the same files have read, and the bases that they have gathered, by directory."""

    def __init__(self) -> None:
        self.kustomizations: dict[str, DecodedKustomization] = {}
        self.bases: dict[str, Base] = {}


_EARLIER: WeakKeyDictionary[Files, EarlierBuilds] = WeakKeyDictionary()


def earlier_builds(files: Files) -> EarlierBuilds:
    """What builds of these files have read and gathered; it lasts as long as the files."""
    return _EARLIER.setdefault(files, EarlierBuilds())


def leads_back(directory: str, above: tuple[str, ...]) -> bool:
    """Whether a directory is or holds one of those that lead to it."""
    return any(one == directory or one.startswith(f"{directory.rstrip('/')}/") for one in above)
