"""Units that are not stated but guessed from directories: the files that lie together and define nothing twice.

A directory of policies and no workload is then joined to the workloads beside it. How far that may go was measured; see
the design, section 2, Units.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.repeats import Definitions, find_clashing, first_definitions, first_repetition

Files = Mapping[str, Manifest]
Apart = tuple[Object, Object] | None

_POLICIES = frozenset(
    [("networking.k8s.io", "NetworkPolicy")]
    + [
        ("policy.networking.k8s.io", kind)
        for kind in ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")
    ]
)


class Guess:
    """A guessed unit: the real directories or files that it was found at, and its files by real path.

    `joined` are those of `places` that hold policies and no workload, each with its files. `apart` are two definitions of
    one object for which a larger directory is no unit.
    """

    def __init__(
        self, places: tuple[str, ...], files: Files, joined: Mapping[str, Files] | None = None, apart: Apart = None
    ) -> None:
        self.places = places
        self.files = files
        self.joined = joined or {}
        self.apart = apart

    @property
    def parent(self) -> str:
        """The directory that holds it."""
        return posixpath.pardir if self.places[0] == posixpath.curdir else posixpath.dirname(self.places[0])

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """Its objects, in the order of its files."""
        return tuple(_list_objects(self.files.values()))

    @cached_property
    def definitions(self) -> Definitions:
        """What it defines."""
        return first_definitions(self.objects)

    @cached_property
    def has_workloads(self) -> bool:
        """Whether anything in it makes pods."""
        return any(isinstance(item, Workload) for item in self.objects)

    @cached_property
    def has_policies_alone(self) -> bool:
        """Whether it holds policies, and no pod that they could govern."""
        return not self.has_workloads and any((item.group, item.kind) in _POLICIES for item in self.objects)

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that its objects name."""
        return frozenset(item.namespace for item in self.objects if isinstance(item.namespace, str))


def guess_units(directory: str, files: Files) -> list[Guess]:
    """The units of the files, by real path, at or below a real directory."""
    return [Guess((place,), inside, apart=apart) for place, inside, apart in _divide_directory(directory, files)]


def join_policies(parts: list[Guess]) -> list[Guess]:
    """The units with policies alone joined to those with workloads beside them."""
    for policies in sorted((part for part in parts if part.has_policies_alone), key=_find_place):
        beside = (one for one in parts if one.has_workloads and one.parent == policies.parent)
        union = _find_companions(policies, sorted(beside, key=_find_place))
        if any(policies.namespaces & one.namespaces for one in union):
            parts = _replace_units(parts, policies, union)
    return parts


def _divide_directory(directory: str, files: Files, apart: Apart = None) -> Iterator[tuple[str, Files, Apart]]:
    """(place, files, why it is no larger) of the units below a directory, before any is joined."""
    if not files:
        return
    # One object defined twice below a directory means that variants stand side by side (staging and production, say),
    # which are never applied to one cluster.
    repetition = first_repetition(_list_objects(files.values()))
    if repetition is None:
        yield directory, files, apart
        return
    own = {path: files[path] for path in files if (posixpath.dirname(path) or posixpath.curdir) == directory}
    own_repetition = first_repetition(_list_objects(own.values()))
    # The directory's own files are a unit by themselves, and each subdirectory is looked at in turn. If even the own
    # files repeat, nothing says which of them go together, so each is a unit alone: a false error costs more than a
    # missed one.
    if own and own_repetition is None:
        yield directory, own, repetition
    else:
        yield from ((path, {path: manifest}, own_repetition) for path, manifest in own.items())
    below: dict[str, dict[str, Manifest]] = {}
    start = "" if directory == posixpath.curdir else directory.rstrip("/") + "/"
    for path, manifest in files.items():
        if path not in own:
            below.setdefault(start + path[len(start) :].split("/")[0], {})[path] = manifest
    for place, inside in below.items():
        yield from _divide_directory(place, inside, repetition)


def _find_companions(policies: Guess, candidates: Iterable[Guess]) -> list[Guess]:
    """The candidates that may share a cluster with the policies and with what comes before them."""
    union: list[Guess] = []
    defined = policies.definitions
    for one in candidates:
        # Taken in the order of paths, so that the same tree gives the same units in every run.
        if not any(find_clashing(one.definitions, defined)):
            union.append(one)
            defined = defined | one.definitions
    return union


def _replace_units(parts: list[Guess], policies: Guess, union: list[Guess]) -> list[Guess]:
    """The units with some of them, and the policies, made one."""
    several = [one for one in parts if one is policies or one in union]
    places = sorted(place for one in several for place in one.places)
    joined = {place: files for one in several for place, files in one.joined.items()}
    joined |= {policies.places[0]: policies.files}
    files = {path: manifest for one in several for path, manifest in one.files.items()}
    whole = Guess(tuple(places), files, joined, several[0].apart)
    return [whole if one is several[0] else one for one in parts if one is several[0] or one not in several]


def _find_place(part: Guess) -> str:
    return part.places[0]


def _list_objects(manifests: Iterable[Manifest]) -> Iterator[Object]:
    return (item for manifest in manifests for item in manifest.objects)
