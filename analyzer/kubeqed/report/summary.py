"""The end of a run in words: what was read, what was found, what stayed hidden or undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.diagnostic import NoticeKind
from kubeqed.report.style import Style
from kubeqed.report.words import NOTICE_SEVERITIES, counted, encodable, listed, notice_line, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.report.report import Options, Report, Summary


def summary_text(report: Report, options: Options) -> str:
    """What goes to standard error: after findings an empty line, then notices, counts and remarks."""
    style = Style(color=options.color)
    lines = [
        *_notices(report, style),
        _headline(report, style),
        *(f"{style('gutter', '=')} {plain(remark)}" for remark in (*_uncounted(report), *report.remarks)),
    ]
    return encodable(("\n" if report.findings else "") + "\n".join(lines) + "\n")


def headline(report: Report) -> str:
    """One sentence: the counts of findings, or that there are none, and what was read."""
    if any(notice.kind is NoticeKind.CONFIGURATION for notice in report.notices):
        return "nothing was checked, because the configuration cannot be used"
    summary = report.summary
    found = found_words(summary)
    hidden = f"; {_hidden(report)}" if summary.hidden else ""
    return f"{found} in {_read(report)}{hidden}"


def found_words(summary: Summary) -> str:
    """`2 errors and 1 warning`, or `no findings`."""
    counts = ((summary.error, "error"), (summary.warning, "warning"), (summary.note, "note"))
    return listed([counted(number, noun) for number, noun in counts if number] or ["no findings"])


def _headline(report: Report, style: Style) -> str:
    summary = report.summary
    worst = "error" if summary.error else "warning" if summary.warning else "note" if summary.note else "help"
    return style(worst, "kubeqed:") + " " + headline(report)


def _hidden(report: Report) -> str:
    return f"{counted(report.summary.hidden, 'note')} hidden; --show {report.show_hidden} shows them"


def _read(report: Report) -> str:
    summary = report.summary
    inside = [counted(summary.documents, "document"), counted(summary.objects, "object")]
    inside += [counted(len(report.units), "unit")] if report.units else []
    return f"{counted(summary.files, 'file')} ({', '.join(inside)})"


def _uncounted(report: Report) -> Iterator[str]:
    """What the headline does not count."""
    summary = report.summary
    if summary.suppressed:
        shown = any(finding.suppression for finding in report.findings)
        advice = "" if shown else "; --show suppressed shows them"
        yield f"{counted(summary.suppressed, 'finding')} suppressed{advice}"
    if summary.gave_up:
        yield f"{counted(summary.gave_up, 'question')} given up: the budget was spent before an answer"


def _notices(report: Report, style: Style) -> Iterator[str]:
    for notice in report.notices:
        yield style.level(NOTICE_SEVERITIES[notice.kind], notice_line(notice))
