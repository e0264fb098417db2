"""The JSON of `kubeqed plan`."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from kubeqed.report.schema.parts import PlaceOrNone, ReportModel


class PlannedPool(ReportModel):
    """A pool: `addresses` of its subnet, upgrade included, and the prefix of a node's block of the range of pods."""

    name: str
    nodes: NonNegativeInt
    surge: NonNegativeInt
    max_pods: NonNegativeInt
    addresses: NonNegativeInt | None
    node_mask: NonNegativeInt | None


class PlannedRange(PlaceOrNone):
    """A range or a limit, what is needed of it, and what would do."""

    subject: str
    counted: str
    needed: NonNegativeInt
    available: NonNegativeInt
    short: bool
    reason: str
    least: str | None
    pools: tuple[str, ...]


class PlanReport(ReportModel):
    """The output of `kubeqed plan --output-format json`."""

    version: Literal[1]
    provider: str | None
    network_mode: str | None
    network_mode_stated: bool
    pools: tuple[PlannedPool, ...]
    ranges: tuple[PlannedRange, ...]
