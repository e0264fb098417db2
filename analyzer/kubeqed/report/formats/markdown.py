"""Markdown for a job summary: the counts, a table of findings, what was not analysed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kubeqed.report.limits import worst
from kubeqed.report.paths import shown
from kubeqed.report.summary import headline
from kubeqed.report.words import counted, encodable, message, notice_line, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.diagnostic import Diagnostic
    from kubeqed.report.report import Options, Report

MOST = 500  # a job summary holds 1 MiB
CATALOGUE = "https://github.com/kubeqed/kubeqed/blob/main/rules/README.md"
ICONS = {"error": "🔴", "warning": "🟡", "note": "🔵"}
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&@]|:(?=//)|(?<=www)\.)")


def render(report: Report, options: Options) -> str:
    """A heading, one sentence, a table, remarks."""
    return encodable("".join(line + "\n" for line in _lines(report, options)))


def _lines(report: Report, options: Options) -> Iterator[str]:
    yield "### kubeqed"
    yield ""
    yield _escaped(headline(report))
    yield from _table(report, options)
    if report.notices or report.remarks:
        yield ""
        yield from (f"- {_escaped(notice_line(notice))}" for notice in report.notices)
        yield from (f"- {_escaped(remark)}" for remark in report.remarks)


def _table(report: Report, options: Options) -> Iterator[str]:
    if not report.findings:
        return
    kept = worst(report.findings, MOST)
    yield ""
    yield "| | Place | Finding | Rule |"
    yield "| --- | --- | --- | --- |"
    yield from (_row(finding, options) for finding in kept)
    if len(kept) < len(report.findings):
        yield ""
        yield f"and {counted(len(report.findings) - len(kept), 'milder finding')} that the other formats hold"


def _row(finding: Diagnostic, options: Options) -> str:
    level = finding.severity.value
    place = _escaped(f"{shown(finding.span.file, options.repository_root)}:{finding.span.line}:{finding.span.column}")
    text = _escaped(message(finding)) + (f"<br>help: {_escaped(finding.suggestion)}" if finding.suggestion else "")
    rule = f"[{finding.rule}]({CATALOGUE}#{finding.rule})"
    return f"| {ICONS[level]} {level} | {place} | {text} | {rule} |"


def _escaped(text: str) -> str:
    """Text of a manifest that Markdown shows as it is, and that opens no tag, mention, link or cell."""
    return SPECIAL.sub(r"\\\1", plain(text))
