"""The JSON of `kubeqed check`."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from kubeqed.report.schema.parts import KubernetesObject, PlaceModel, PlaceOrNone, ReportModel, UnitModel


class FactModel(PlaceOrNone):
    """One fact of a proof."""

    text: str


class UnknownModel(PlaceOrNone):
    """Something that the manifests leave open and on which the answer depends."""

    name: str
    text: str


class EvidenceModel(ReportModel):
    """Why a finding is so."""

    verdict: str
    facts: tuple[FactModel, ...]
    unknowns: tuple[UnknownModel, ...]
    witness: dict[str, str] | None


class RelatedModel(PlaceModel):
    """Another place that a finding speaks of."""

    message: str
    object: KubernetesObject | None


class SuppressionModel(ReportModel):
    """Why a finding is not reported: by a comment or an annotation beside it, or by a file of its own."""

    kind: Literal["inSource", "external"]
    reason: str


class FindingModel(PlaceModel):
    """A finding; `fingerprint` survives moved lines. `suppression` is there only with `--show suppressed`."""

    rule: str
    severity: Literal["error", "warning", "note"]
    certainty: Literal["rejected", "proved", "likely", "possible", "posture"]
    message: str
    suggestion: str | None
    units: tuple[str, ...]
    object: KubernetesObject | None
    path: str
    related: tuple[RelatedModel, ...]
    evidence: EvidenceModel | None
    fingerprint: str
    suppression: SuppressionModel | None = None


class NoticeModel(PlaceOrNone):
    """Something that was not analysed."""

    kind: Literal[
        "unreadable",
        "not-read",
        "excluded",
        "policy",
        "configuration",
        "skipped-template",
        "gave-up",
        "internal-error",
        "guessed-join",
        "unmodelled",
    ]
    text: str


class SummaryModel(ReportModel):
    """Counts: what was read, what is shown, what was kept back."""

    files: NonNegativeInt
    documents: NonNegativeInt
    objects: NonNegativeInt
    error: NonNegativeInt
    warning: NonNegativeInt
    note: NonNegativeInt
    hidden: NonNegativeInt
    suppressed: NonNegativeInt
    gave_up: NonNegativeInt


class CheckReport(ReportModel):
    """The output of `kubeqed check --output-format json`."""

    version: Literal[1]
    findings: tuple[FindingModel, ...]
    notices: tuple[NoticeModel, ...]
    units: tuple[UnitModel, ...]
    summary: SummaryModel
