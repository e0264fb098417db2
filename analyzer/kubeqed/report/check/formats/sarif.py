"""SARIF 2.1.0, for GitHub code scanning and other viewers."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from kubeqed.report.limits import MOST_RESULTS, cut_to_fit, worst_severity
from kubeqed.report.sarif.log import build_log
from kubeqed.report.sarif.serializer import to_json
from kubeqed.report.words import make_encodable

if TYPE_CHECKING:
    from kubeqed.report.report import CheckResult, Options

DOCUMENT = True


def render(report: CheckResult, options: Options) -> str:
    """One log with one run; when it exceeds GitHub's limits, the worst findings that fit."""
    findings = worst_severity(report.findings, MOST_RESULTS)
    while True:
        value = to_json(build_log(report, findings, options))
        text = make_encodable(dumps(value, ensure_ascii=False, indent=2) + "\n")
        most = cut_to_fit(len(findings), text)
        if most == len(findings):
            return text
        findings = worst_severity(findings, most)
