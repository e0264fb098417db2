"""Which CNIs and policy engines the manifests of a unit install.

Evidence counts in the order of the data: what only adds policies to another network, then a DaemonSet by namespace and
name, an image, a ConfigMap. That a custom resource of a CNI's API group is used is weak: it may quieten, never accuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.cni.capabilities import Marks, Role, Version, all_marks, load_profile, parse_version
from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.unmodelled import UnmodelledObject
from kubeqed.model.kinds.workload import DaemonSet, Workload
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.known import is_one_of
from kubeqed.parse import Place, Unknown
from kubeqed.resolve.cni.settings import CniSetting, container_images, surest_setting

_EVERYWHERE = "kube-system"


class Strength(IntEnum):
    """How good evidence is, the best first."""

    CHAINED = 0
    DAEMONSET = 1
    IMAGE = 2
    RESOURCE = 2
    CONFIGMAP = 3
    GROUP = 4


class Detected(NamedTuple):
    """A CNI or a policy engine that the manifests install.

    `profiles` is what it may be, one unless the manifests leave that open. `version` is None unless an image tag says
    it. `item` is the object that shows it; `workloads` are its own. `off` is a setting that stops enforcement, or may.
    """

    profiles: tuple[str, ...]
    role: Role
    strength: Strength
    version: Version | None
    item: Object
    path: str
    workloads: tuple[Workload, ...]
    off: CniSetting | None

    @property
    def weak(self) -> bool:
        """Whether nothing but the use of its custom resources speaks for it."""
        return self.strength is Strength.GROUP

    @property
    def place(self) -> Place:
        """Where it shows."""
        return self.item.at(self.path)


class _Evidence(NamedTuple):
    strength: Strength
    item: Object
    path: str


@lru_cache(maxsize=4)  # asked once for each policy
def detect_cnis(unit: Unit) -> tuple[Detected, ...]:
    """What the unit installs, the best evidence first; weak evidence only where nothing else speaks for a CNI."""
    found = _by_workload(unit)
    _add_configmaps(unit, found)
    for marks in all_marks():
        if (resource := surest_setting(unit, marks.resources, ())) is not None:
            found.setdefault(marks, []).append(_Evidence(Strength.RESOURCE, resource.item, "metadata.name"))
    for marks in all_marks():
        if marks not in found and (item := _user_of(unit, marks)) is not None:
            found[marks] = [_Evidence(Strength.GROUP, item, "apiVersion")]
    detected = [_make_detected(unit, marks, found[marks]) for marks in all_marks() if marks in found]
    return tuple(sorted(detected, key=lambda item: item.strength))


def _by_workload(unit: Unit) -> dict[Marks, list[_Evidence]]:
    found: dict[Marks, list[_Evidence]] = {}
    for workload in unit.workloads:
        named = _find_namesakes(workload) if isinstance(workload, DaemonSet) else ()
        fits = _rate_images(tuple(map(container_images, workload.template.all_containers())))
        if named or fits:
            best = max(all_marks(), key=lambda marks: (marks in named, fits.get(marks, (0, 0))))
            strength = Strength.DAEMONSET if best in named else Strength.IMAGE
            found.setdefault(best, []).append(_Evidence(strength, workload, "metadata.name"))
    return found


def _find_namesakes(workload: DaemonSet) -> list[Marks]:
    return [marks for marks in all_marks() if any(_is_called(workload, *names) for names in marks.daemonsets)]


@lru_cache(maxsize=4096)  # most workloads share their images with others
def _rate_images(images: tuple[str, ...]) -> dict[Marks, tuple[int, int]]:
    """The CNIs that the images of a workload fit: by how many of them, by how much of their names."""
    fits = {}
    for marks in all_marks():
        fitting = [parts for parts in marks.images if all(any(part in image for image in images) for part in parts)]
        if fitting:
            fits[marks] = max((len(parts), sum(map(len, parts))) for parts in fitting)
    return fits


def _is_called(item: Object, namespace: str, pattern: str) -> bool:
    if not isinstance(item.name, str) or not fnmatchcase(item.name, pattern):
        return False
    return isinstance(item.namespace, Unknown) or item.namespace == namespace


def _add_configmaps(unit: Unit, found: dict[Marks, list[_Evidence]]) -> None:
    """A ConfigMap speaks for the CNI whose workload stands beside it, else for the first that reads its name."""
    for configmap in unit.of(ConfigMap):
        readers = [marks for marks in all_marks() if is_one_of(configmap.name, marks.configmaps)]
        beside = [marks for marks in readers if marks in found]
        alone = [marks for marks in readers if _is_home(configmap, marks)]
        for marks in (beside or alone)[:1]:
            found.setdefault(marks, []).append(_Evidence(Strength.CONFIGMAP, configmap, "metadata.name"))


def _is_home(configmap: ConfigMap, marks: Marks) -> bool:
    homes = {_EVERYWHERE, *(namespace for namespace, _ in marks.daemonsets)}
    return isinstance(configmap.namespace, Unknown) or configmap.namespace in homes


def _user_of(unit: Unit, marks: Marks) -> UnmodelledObject | None:
    return next((item for item in unit.of(UnmodelledObject) if item.group in marks.groups), None)


def _make_detected(unit: Unit, marks: Marks, evidence: list[_Evidence]) -> Detected:
    """What the evidence of a CNI comes to: its profiles, how sure that is, and its version."""
    best = min(evidence, key=lambda item: item.strength)
    workloads = tuple(item.item for item in evidence if isinstance(item.item, Workload))
    profiles = _choose_profiles(unit, marks, workloads)
    chained = best.strength is not Strength.GROUP and surest_setting(unit, marks.chained, workloads) is not None
    role = load_profile(profiles[0]).role
    off = surest_setting(unit, load_profile(profiles[0]).off, workloads) if len(profiles) == 1 else None
    return Detected(
        profiles,
        Role.ADD_ON if chained else role,
        Strength.CHAINED if chained else best.strength,
        _find_version(marks, workloads),
        best.item,
        best.path,
        workloads,
        off,
    )


def _choose_profiles(unit: Unit, marks: Marks, workloads: tuple[Workload, ...]) -> tuple[str, ...]:
    """The profile that settings choose, or the default of what is installed; all of them where neither tells."""
    settings = [(name, surest_setting(unit, (setting,), workloads)) for name, setting in marks.choose]
    chosen = [name for name, seen in settings if seen is not None and seen.on is True]
    undecided = any(seen is not None and seen.on is not True for _, seen in settings)
    if chosen:
        return (chosen[0],)
    return (marks.default,) if marks.default and workloads and not undecided else marks.profiles


def _find_version(marks: Marks, workloads: tuple[Workload, ...]) -> Version | None:
    """The version that the tags agree on."""
    tags = {
        tag
        for workload in workloads
        for container in workload.template.all_containers()
        for tag in _read_tags(container.image, marks.versions)
    }
    versions = {parse_version(tag) for tag in tags}
    return versions.pop() if len(versions) == 1 else None


def _read_tags(image: str | Unknown | None, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(image, str) and any(name in image for name in names):
        reference = image.split("@")[0]
        if ":" in reference.rpartition("/")[2]:
            yield reference.rpartition(":")[2]
