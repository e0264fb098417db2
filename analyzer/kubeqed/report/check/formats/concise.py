"""One line for each finding, as problem matchers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.report.words import headline_text, make_encodable

if TYPE_CHECKING:
    from kubeqed.report.report import CheckResult, Options

TELLS_NOTICES = False


def render(report: CheckResult, _options: Options) -> str:
    """`path:line:col: error|warning|notice: message [rule-id]`, a line each."""
    return make_encodable("".join(headline_text(finding) + "\n" for finding in report.findings))
