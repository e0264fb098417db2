"""The JSON of `kubeqed charts`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import NonNegativeInt

from kubeqed.report.schema.parts import PlaceModel, PlaceOrNone, ReportModel


class ChartPropertyEntry(PlaceOrNone):
    """The verdict on a property of an object; `values` is a values file that breaks it, and `message` says how."""

    kind: str
    property: str
    verdict: Literal["proved", "refuted", "depends"]
    values: dict[str, Any] | None
    message: str | None
    depends: tuple[str, ...]


class ChartLeft(PlaceModel):
    """A template, or a part of one, that was not followed."""

    reason: str


class ChartEntry(ReportModel):
    """A chart by the file that describes it; `granted` is what the proofs take for granted of its values."""

    chart: str
    properties: tuple[ChartPropertyEntry, ...]
    left: tuple[ChartLeft, ...]
    granted: tuple[str, ...]


class ChartsReport(ReportModel):
    """The output of `kubeqed charts --output-format json`."""

    version: Literal[1]
    charts: tuple[ChartEntry, ...]
    summary: dict[Literal["proved", "refuted", "depends"], NonNegativeInt]
