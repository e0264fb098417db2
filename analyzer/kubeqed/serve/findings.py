"""Findings as diagnostics of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lsprotocol import types

from kubeqed.config import Complaint
from kubeqed.diagnostic import Diagnostic, Severity
from kubeqed.report.catalogue import rule_page
from kubeqed.report.words import escape_text
from kubeqed.serve.columns import Columns

SOURCE = "kubeqed"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


class Translation:
    """Into the words of one client: `lines` gives a file's lines, `uri` the name that the client has for it."""

    def __init__(self, columns: Columns, lines: Callable[[str], Sequence[str]], uri: Callable[[str], str]) -> None:
        self._columns = columns
        self._lines = lines
        self._uri = uri

    def finding(self, finding: Diagnostic) -> types.Diagnostic:
        """A finding, with the places it speaks of."""
        help_text = f"\nhelp: {escape_text(finding.suggestion)}" if finding.suggestion else ""
        return types.Diagnostic(
            range=self._columns.range(finding.span, self._lines(finding.span.file)),
            severity=types.DiagnosticSeverity.Hint if finding.suppression else _SEVERITIES[finding.severity],
            tags=[types.DiagnosticTag.Unnecessary] if finding.suppression else None,
            code=finding.rule,
            code_description=types.CodeDescription(rule_page(finding.rule)),
            source=SOURCE,
            message=escape_text(finding.message) + help_text,
            related_information=[
                types.DiagnosticRelatedInformation(
                    types.Location(
                        self._uri(related.span.file),
                        self._columns.range(related.span, self._lines(related.span.file)),
                    ),
                    escape_text(related.message),
                )
                for related in finding.related
            ],
            data={"certainty": finding.certainty.value, "fingerprint": finding.fingerprint},
        )

    def complaint(self, complaint: Complaint) -> types.Diagnostic:
        """What is wrong with the configuration."""
        return types.Diagnostic(
            range=self._columns.range(complaint.span, self._lines(complaint.span.file)),
            severity=types.DiagnosticSeverity.Error,
            code="configuration",
            source=SOURCE,
            message=escape_text(complaint.message),
        )
