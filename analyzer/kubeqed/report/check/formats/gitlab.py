"""GitLab Code Quality: a JSON list, shown in the merge request."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING

from kubeqed.diagnostic import Severity
from kubeqed.report.paths import shown_path
from kubeqed.report.words import make_encodable, message_text

if TYPE_CHECKING:
    from kubeqed.diagnostic import Diagnostic
    from kubeqed.report.entries import Object
    from kubeqed.report.report import CheckResult, Options

DOCUMENT = True
TELLS_NOTICES = False
SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: CheckResult, options: Options) -> str:
    """One entry for each finding, each with a fingerprint of its own."""
    seen: Counter[str] = Counter()
    entries = []
    for finding in report.findings:
        path = shown_path(finding.span.file, options.repository_root)
        name = f"{finding.fingerprint or finding.rule}\0{path}"
        seen[name] += 1
        entries.append(_finding_json(finding, path, f"{name}\0{seen[name]}"))
    return make_encodable(dumps(entries, ensure_ascii=False, indent=2) + "\n")


def _finding_json(finding: Diagnostic, path: str, name: str) -> Object:
    span = finding.span
    return {
        "description": message_text(finding),
        "check_name": finding.rule,
        "fingerprint": sha256(name.encode("utf-8", "backslashreplace")).hexdigest(),
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": path,
            "positions": {
                "begin": {"line": span.line, "column": span.column},
                "end": {"line": span.end_line, "column": span.end_column},
            },
        },
    }
