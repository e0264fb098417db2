"""JUnit XML: errors and warnings are failures, notes pass with their text, what is suppressed is skipped.

Notices of failure are errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kubeqed.diagnostic import Severity
from kubeqed.report.paths import shown_path
from kubeqed.report.words import NOTICE_SEVERITIES, escape_text, headline_text, make_encodable, notice_line

if TYPE_CHECKING:
    from kubeqed.diagnostic import Diagnostic, Notice
    from kubeqed.report.report import CheckResult, Options

DOCUMENT = True


def render(report: CheckResult, options: Options) -> str:
    """One suite; a run without findings is one passing test, because many readers refuse an empty suite."""
    suite = Element("testsuite", name="kubeqed")
    for finding in report.findings:
        _add_finding(suite, finding, options)
    for notice in report.notices:
        _add_notice(suite, notice, options)
    if not len(suite):
        SubElement(suite, "testcase", name="no findings", classname="kubeqed")
    counts = {"tests": len(suite), "failures": len(suite.findall("*/failure")), "errors": len(suite.findall("*/error"))}
    counts["skipped"] = len(suite.findall("*/skipped"))
    root = Element("testsuites", name="kubeqed")
    root.append(suite)
    for element in (root, suite):
        element.attrib.update({name: str(number) for name, number in counts.items()})
    indent(root)
    return make_encodable('<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n")


def _add_finding(suite: Element, finding: Diagnostic, options: Options) -> None:
    span = finding.span
    path = escape_text(shown_path(span.file, options.repository_root))
    case = SubElement(
        suite,
        "testcase",
        name=f"{finding.rule} {span.line}:{span.column}",
        classname=path,
        file=path,
        line=str(span.line),
    )
    text = headline_text(finding) + (f"\nhelp: {escape_text(finding.suggestion)}" if finding.suggestion else "")
    if finding.suppression:
        SubElement(case, "skipped", message=text)
    elif finding.severity is Severity.NOTE:
        SubElement(case, "system-out").text = text
    else:
        SubElement(case, "failure", type=finding.severity.value, message=escape_text(finding.message)).text = text


def _add_notice(suite: Element, notice: Notice, options: Options) -> None:
    path = escape_text(shown_path(notice.span.file, options.repository_root)) if notice.span else "kubeqed"
    case = SubElement(suite, "testcase", name=notice.kind.value, classname=path)
    if NOTICE_SEVERITIES[notice.kind] is Severity.ERROR:
        SubElement(case, "error", type=notice.kind.value, message=escape_text(notice.text)).text = notice_line(notice)
    else:
        SubElement(case, "skipped", message=escape_text(notice.text))
