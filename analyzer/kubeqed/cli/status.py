"""Exit statuses."""

from __future__ import annotations

from kubeqed.diagnostic import NoticeKind, Severity
from kubeqed.report import Report

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
FAILING = frozenset({NoticeKind.UNREADABLE, NoticeKind.INTERNAL_ERROR, NoticeKind.GAVE_UP})


def status(report: Report, fail_on: Severity | None) -> int:
    """3 when something could not be read or decided, 1 when a finding that is heard is at or above `fail_on`, else 0."""
    if any(notice.kind in FAILING for notice in report.notices):
        return FAILED
    heard = [finding for finding in report.findings if finding.suppression is None]
    failing = fail_on is not None and any(finding.severity.rank >= fail_on.rank for finding in heard)
    return FINDINGS if failing else CLEAN
