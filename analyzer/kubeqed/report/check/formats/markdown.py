"""Markdown for a job summary: the counts, a table of findings, what was not analysed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from kubeqed.report.catalogue import rule_page
from kubeqed.report.limits import worst_severity
from kubeqed.report.markdown import escape_markdown, shrink
from kubeqed.report.paths import from_root, shown_path
from kubeqed.report.summary import write_headline
from kubeqed.report.words import SEVERITY_WORDS, count_text, make_encodable, notice_line, sentence_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.diagnostic import Diagnostic
    from kubeqed.report.report import CheckResult, Options

MOST = 500  # a job summary holds 1 MiB
UNBROKEN = "\u00a0"
ICONS = {"error": "🔴", "warning": "🟡", "note": "🔵"}


def render(report: CheckResult, options: Options) -> str:
    """A heading, one sentence, a table, caveats."""
    return make_encodable("".join(line + "\n" for line in _render_lines(report, options)))


def _render_lines(report: CheckResult, options: Options) -> Iterator[str]:
    yield "### kubeqed"
    yield ""
    yield escape_markdown(write_headline(report))
    yield from _render_table(report, options)
    if report.notices or report.caveats:
        yield ""
        yield from (f"- {escape_markdown(notice_line(notice, SEVERITY_WORDS))}" for notice in report.notices)
        yield from (f"- {escape_markdown(caveat)}" for caveat in report.caveats)


def _render_table(report: CheckResult, options: Options) -> Iterator[str]:
    """The findings, the worst first, as many as a page takes."""
    if not report.findings:
        return
    kept = worst_severity(report.findings, MOST)
    yield ""
    yield "| | Finding |"
    yield "| --- | --- |"
    yield from (_render_row(finding, options) for finding in kept)
    if len(kept) < len(report.findings):
        yield ""
        yield f"and {count_text(len(report.findings) - len(kept), 'milder finding')} that the other formats hold"


def _render_row(finding: Diagnostic, options: Options) -> str:
    """A row of the table."""
    level = finding.severity.value
    text = escape_markdown(sentence_text(finding)) + (
        f"<br>help: {escape_markdown(finding.suggestion)}" if finding.suggestion else ""
    )
    below = shrink(f"{_render_place(finding, options)} · [{finding.rule}]({rule_page(finding.rule)})")
    return f"| {ICONS[level]}{UNBROKEN}{level} | {text}{below} |"


def _render_place(finding: Diagnostic, options: Options) -> str:
    """Where the finding is; a link to the line where files have pages."""
    span = finding.span
    text = escape_markdown(f"{shown_path(span.file, options.repository_root)}:{span.line}:{span.column}")
    inside = from_root(span.file, options.repository_root)
    if options.file_pages is None or inside is None:
        return text
    return f"[{text}]({options.file_pages}/{quote(os.fsencode(inside))}#L{span.line})"
