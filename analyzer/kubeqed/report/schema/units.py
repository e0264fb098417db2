"""The JSON of `kubeqed units`."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from kubeqed.report.schema.parts import PlaceModel, PlaceOrNone, ReportModel


class UnitsFile(ReportModel):
    """A file, and why it is in the unit, or in none."""

    file: str
    why: str


class UnitsJoin(ReportModel):
    """A directory of policies and no workload that was joined to workloads by guess."""

    root: str
    files: tuple[str, ...]


class UnitsProducer(PlaceModel):
    """Something that may create what the unit lacks."""

    text: str


class UnitsNotice(PlaceOrNone):
    """Something that was not read."""

    kind: str
    text: str


class UnitsEntry(ReportModel):
    """A unit. `complete` says that no object of the cluster is unseen: it is closed, and nothing may create more."""

    root: str
    found: Literal["configured", "closed world", "kustomization", "guessed"]
    why: str
    stated: bool
    stated_at: PlaceModel | None
    world: Literal["open", "closed"]
    complete: bool
    objects: NonNegativeInt
    joins: tuple[UnitsJoin, ...]
    producers: tuple[UnitsProducer, ...]
    files: tuple[UnitsFile, ...]


class UnitsReport(ReportModel):
    """The units of the PATHs; with `--within` those that hold the PATHs, with these files alone."""

    version: Literal[1]
    units: tuple[UnitsEntry, ...]
    without_unit: tuple[UnitsFile, ...]
    notices: tuple[UnitsNotice, ...]
