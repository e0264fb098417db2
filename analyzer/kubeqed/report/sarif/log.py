"""The whole log: one run, its tool, its rules, its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sarif_om import (
    ArtifactLocation,
    Run,
    RunAutomationDetails,
    SarifLog,
    Tool,
    ToolComponent,
)

from kubeqed.report.sarif.places import ROOT, build_message, file_uri
from kubeqed.report.sarif.results import LineHashes, build_invocation, build_result, build_suppressions
from kubeqed.report.sarif.rules import build_descriptor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubeqed.diagnostic import Diagnostic
    from kubeqed.report.report import CheckResult, Options

HOME = "https://github.com/kubeqed/kubeqed"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def build_log(report: CheckResult, findings: Sequence[Diagnostic], options: Options) -> SarifLog:
    """A report of these findings, the others counted as left out."""
    names = sorted(report.rules)
    index = {name: number for number, name in enumerate(names)}
    hashes = LineHashes(options.lines)
    results = [build_result(finding, index, hashes, options) for finding in findings]
    if any(finding.suppression for finding in findings):
        for finding, one in zip(findings, results, strict=True):
            one.suppressions = build_suppressions(finding)
    run = Run(
        tool=Tool(driver=_make_driver(report, names)),
        invocations=[build_invocation(report.notices, len(report.findings) - len(findings), options)],
        original_uri_base_ids={ROOT: _make_root(options.repository_root)},
        automation_details=RunAutomationDetails(id=f"kubeqed/{options.category}/" if options.category else "kubeqed/"),
        column_kind="unicodeCodePoints",
        results=results,
    )
    return SarifLog(schema_uri=SCHEMA, version="2.1.0", runs=[run])


def _make_driver(report: CheckResult, names: Sequence[str]) -> ToolComponent:
    return ToolComponent(
        name="kubeqed",
        version=report.version,
        semantic_version=report.version,
        information_uri=HOME,
        rules=[build_descriptor(report.rules[name]) for name in names],
    )


def _make_root(root: str | None) -> ArtifactLocation:
    """Where the repository lies, with the slash that makes it a base; only described when it is not known."""
    uri = f"{file_uri(root).rstrip('/')}/" if root else None
    return ArtifactLocation(uri=uri, description=build_message("The root of the repository."))
