"""The JSON of `kubeqed diff`."""

from __future__ import annotations

from typing import Literal

from kubeqed.report.schema.parts import ChangedPlace, KubernetesObject, PlaceModel, ReportModel
from kubeqed.report.schema.reach import NamedPort, Peer, Ports, ReachNotice, UnlessModel


class DiffCause(ChangedPlace):
    """A field of one version that made a difference."""

    version: Literal["old", "new"]
    text: str
    object: KubernetesObject


class DiffNames(ReportModel):
    """Ports by their names, where the destination is a pod that no manifest shows and only it can resolve them."""

    old: tuple[NamedPort, ...]
    new: tuple[NamedPort, ...]


class DiffChange(ReportModel):
    """Every peer of the sources had `old` ports to every peer of the destinations, and has `new` ones."""

    type: Literal["added", "removed", "changed"]
    source: tuple[str, ...]
    destination: tuple[str, ...]
    old: Ports
    new: Ports
    names: DiffNames = DiffNames(old=(), new=())
    causes: tuple[DiffCause, ...]


class DiffUndecided(PlaceModel):
    """An object that differs, and whose effect on connections is not compared."""

    version: Literal["old", "new"]
    text: str
    object: KubernetesObject


class DiffReport(ReportModel):
    """The output of `kubeqed diff --output-format json`, which is empty when nothing changed.

    `unless` are policies that may decide otherwise about the changes, `notices` what may hold or create more.
    """

    version: Literal[1]
    groups: dict[str, tuple[Peer, ...]]
    changes: tuple[DiffChange, ...]
    undecided: tuple[DiffUndecided, ...]
    unless: tuple[UnlessModel, ...]
    notices: tuple[ReachNotice, ...]
