"""The published JSON, written from the dataclasses by hand; `report/schema/` says the same as a schema."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from kubeqed.report.entries import Object, evidence_json, object_json, place_json
from kubeqed.report.words import make_encodable

if TYPE_CHECKING:
    from kubeqed.diagnostic import Diagnostic, Notice, Related
    from kubeqed.report.report import CheckResult, Options

DOCUMENT = True
VERSION = 1


def render(report: CheckResult, _options: Options) -> str:
    """The whole report as one JSON object; keys stand in the order of the documentation."""
    value = {
        "version": VERSION,
        "findings": [_finding_json(finding) for finding in report.findings],
        "notices": [_notice_json(notice) for notice in report.notices],
        "units": [unit._asdict() for unit in report.units],
        "summary": report.summary._asdict(),
    }
    return make_encodable(dumps(value, ensure_ascii=False, indent=2) + "\n")


def _finding_json(finding: Diagnostic) -> Object:
    """One finding."""
    value = {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "message": finding.message,
        "suggestion": finding.suggestion,
        **place_json(finding.span),
        "units": list(finding.units),
        "object": object_json(finding.object),
        "path": finding.path,
        "related": [_related_json(related) for related in finding.related],
        "evidence": evidence_json(finding.evidence),
        "fingerprint": finding.fingerprint,
    }
    return {**value, "suppression": finding.suppression._asdict()} if finding.suppression else value


def _related_json(related: Related) -> Object:
    return {**place_json(related.span), "message": related.message, "object": object_json(related.object)}


def _notice_json(notice: Notice) -> Object:
    return {"kind": notice.kind.value, **place_json(notice.span), "text": notice.text}
