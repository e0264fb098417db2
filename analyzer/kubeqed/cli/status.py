"""Exit statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.diagnostic import FAILURES, Severity

if TYPE_CHECKING:
    from kubeqed.report import CheckResult

CLEAN, FINDINGS, USAGE, FAILED = 0, 1, 2, 3


def status(report: CheckResult, fail_on: Severity | None) -> int:
    """3 when something could not be read or decided, 1 when a finding is at or above `fail_on` and not suppressed, else 0.

    What is not shown is a note, and a run that fails on notes shows them all.
    """
    if any(notice.kind in FAILURES for notice in report.notices):
        return FAILED
    counting = [finding for finding in report.findings if finding.suppression is None]
    failing = fail_on is not None and any(finding.severity.rank >= fail_on.rank for finding in counting)
    return FINDINGS if failing else CLEAN
