"""The JSON of `kubeqed check`."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt

from kubeqed.report.schema.parts import KubernetesObject, Model, Place, PlaceOrNone, Unit


class Fact(PlaceOrNone):
    """One fact of a proof."""

    text: str


class Unknown(PlaceOrNone):
    """Something that the manifests leave open and on which the answer depends."""

    name: str
    text: str


class Evidence(Model):
    """Why a finding is so."""

    verdict: str
    facts: tuple[Fact, ...]
    unknowns: tuple[Unknown, ...]
    witness: dict[str, str] | None


class Related(Place):
    """Another place that a finding speaks of."""

    message: str
    object: KubernetesObject | None


class Suppression(Model):
    """Why a finding is not heard: by a comment or an annotation beside it, or by a file of its own."""

    kind: Literal["inSource", "external"]
    reason: str


class Finding(Place):
    """A finding; `fingerprint` survives moved lines. `suppression` is there only with `--show suppressed`."""

    rule: str
    severity: Literal["error", "warning", "note"]
    certainty: Literal["rejected", "proved", "likely", "possible", "posture"]
    message: str
    suggestion: str | None
    unit: str
    object: KubernetesObject | None
    path: str
    related: tuple[Related, ...]
    evidence: Evidence | None
    fingerprint: str
    suppression: Suppression | None = None


class Notice(PlaceOrNone):
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
    ]
    text: str


class Summary(Model):
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


class CheckReport(Model):
    """The output of `kubeqed check --output-format json`."""

    version: Literal[1]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    units: tuple[Unit, ...]
    summary: Summary
