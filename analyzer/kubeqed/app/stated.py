"""Kustomizations and GitOps objects state units: what reaches the PATHs is read whole, wherever it stands in the repository."""

from __future__ import annotations

from kubeqed.config import Settings
from kubeqed.model.file_names import is_kustomization
from kubeqed.model.units.gitops.paths import find_stated
from kubeqed.model.units.kustomize.kustomization import directory_of
from kubeqed.model.units.kustomize.reaching import find_connected, may_name
from kubeqed.sources import Around, Collected, is_below

_SUFFIXES = (".yaml", ".yml")


def add_stated_units(around: Around, settings: Settings, *, upwards: bool) -> Collected:
    """What was collected, and what belongs to the same kustomizations and clusters.

    `upwards` says that those count that reach a file of it, not only those that it holds and what they reach.
    """
    collected, paths = around.collected, around.paths
    held = {paths.real(file.path): file.content for file in collected.files}
    configured = [place for unit in settings.units for place in unit.paths]

    def may_count(path: str) -> bool:
        return is_kustomization(path) and not any(is_below(path, place) for place in configured)

    contents = {path: content for path, content in held.items() if may_count(path)}
    contents |= around.contents(filter(may_count, around.files))
    directories = {directory_of(path) for path in contents}
    charts = {paths.real(one) for one in collected.charts}

    def is_there(path: str) -> bool:
        return path in directories or path in held or path in around.files

    named = {directory_of(path): may_name(path, content, is_there, paths.follow) for path, content in contents.items()}
    others = around.contents(path for path in around.files if path.endswith(_SUFFIXES))
    named |= find_stated({**held, **dict(others)}, around.roots, directories | charts, (*held, *around.files))
    found = find_connected(named, held.keys() | charts, upwards=upwards)
    wanted = {path for directory in found for path in (named[directory].file, *named[directory].paths)}
    return around.with_files([path for path in around.files if path in wanted], found)
