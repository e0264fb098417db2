"""The JSON of `kubeqed cni`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, NonNegativeInt

from kubeqed.report.schema.parts import KubernetesObject, PlaceModel, PlaceOrNone, ReportModel, UnitModel


class CniVersions(ReportModel):
    """One `exact` version, or those `from` one to `before` another; null for a bound that there is not."""

    exact: str | None
    start: str | None = Field(alias="from")
    before: str | None


class CniLostLine(PlaceModel):
    """A line that is not enforced as written, or may not be: `support` says how far it is."""

    object: KubernetesObject
    path: str
    text: str
    support: Literal["none", "partial", "by-version", "unknown"]
    direction: Literal["too-open", "too-strict", "either", "unknown"]
    note: str


class CniChanges(ReportModel):
    """How many connections change in one direction, each between groups of peers; `example` is one of them."""

    connections: NonNegativeInt
    example: str | None


class CniEffectModel(ReportModel):
    """What the losses change; `exact` is false where not all pods that no manifest shows were looked at."""

    exact: bool
    opens: CniChanges
    closes: CniChanges


class CniEntry(ReportModel):
    """A CNI in a band of versions. `chosen`: the user states it, or the unit installs it.

    `effect` is null where nothing is lost, and where the sources do not say what becomes of a lost line.
    """

    name: str
    versions: CniVersions
    chosen: Literal["stated", "installed"] | None
    verdict: Literal["enforced", "may-lose", "loses", "ignored"]
    too_open: bool
    too_strict: bool
    conditions: tuple[str, ...]
    lost: tuple[CniLostLine, ...]
    effect: CniEffectModel | None


class CniUnit(UnitModel):
    """A unit that has policies. `loses` says whether the CNI of the cluster loses some; null where none is known."""

    policies: NonNegativeInt
    loses: bool | None
    cnis: tuple[CniEntry, ...]


class CniNotice(PlaceOrNone):
    """Something that was not read."""

    kind: str
    text: str


class CniReport(ReportModel):
    """What each known CNI makes of the policies of each unit."""

    version: Literal[1]
    units: tuple[CniUnit, ...]
    notices: tuple[CniNotice, ...]
