"""Markdown for a job summary: the counts, a table of findings, what was not analysed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from kubeqed.report.catalogue import rule_page
from kubeqed.report.limits import worst
from kubeqed.report.markdown import escaped, small
from kubeqed.report.paths import from_root, shown
from kubeqed.report.summary import headline
from kubeqed.report.words import counted, encodable, message, notice_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.diagnostic import Diagnostic
    from kubeqed.report.report import CheckResult, Options

MOST = 500  # a job summary holds 1 MiB
UNBROKEN = "\u00a0"
ICONS = {"error": "🔴", "warning": "🟡", "note": "🔵"}


def render(report: CheckResult, options: Options) -> str:
    """A heading, one sentence, a table, remarks."""
    return encodable("".join(line + "\n" for line in _lines(report, options)))


def _lines(report: CheckResult, options: Options) -> Iterator[str]:
    yield "### kubeqed"
    yield ""
    yield escaped(headline(report))
    yield from _table(report, options)
    if report.notices or report.remarks:
        yield ""
        yield from (f"- {escaped(notice_line(notice))}" for notice in report.notices)
        yield from (f"- {escaped(remark)}" for remark in report.remarks)


def _table(report: CheckResult, options: Options) -> Iterator[str]:
    if not report.findings:
        return
    kept = worst(report.findings, MOST)
    yield ""
    yield "| | Finding |"
    yield "| --- | --- |"
    yield from (_row(finding, options) for finding in kept)
    if len(kept) < len(report.findings):
        yield ""
        yield f"and {counted(len(report.findings) - len(kept), 'milder finding')} that the other formats hold"


def _row(finding: Diagnostic, options: Options) -> str:
    level = finding.severity.value
    text = escaped(message(finding)) + (f"<br>help: {escaped(finding.suggestion)}" if finding.suggestion else "")
    below = small(f"{_place(finding, options)} · [{finding.rule}]({rule_page(finding.rule)})")
    return f"| {ICONS[level]}{UNBROKEN}{level} | {text}{below} |"


def _place(finding: Diagnostic, options: Options) -> str:
    """Where the finding is; a link to the line where files have pages."""
    span = finding.span
    text = escaped(f"{shown(span.file, options.repository_root)}:{span.line}:{span.column}")
    inside = from_root(span.file, options.repository_root)
    if options.file_pages is None or inside is None:
        return text
    return f"[{text}]({options.file_pages}/{quote(os.fsencode(inside))}#L{span.line})"
