"""The end of a run in words: what was read, what was found, what stayed hidden or undecided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kubeqed.diagnostic import FAILURES, NoticeKind, Severity, list_text
from kubeqed.report.style import Style
from kubeqed.report.words import NOTICE_SEVERITIES, count_text, escape_text, make_encodable, notice_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.report.report import CheckResult, Options


def summary_text(report: CheckResult, options: Options) -> str:
    """What goes to standard error: after findings an empty line, then notices, counts and caveats."""
    style = Style(color=options.color)
    lines = [
        *_list_notices(report, style),
        _headline_text(report, style),
        *(f"{style('gutter', '=')} {escape_text(caveat)}" for caveat in (*_list_uncounted(report), *report.caveats)),
    ]
    return make_encodable(("\n" if report.findings else "") + "\n".join(lines) + "\n")


def failure_text(report: CheckResult, options: Options) -> str:
    """What goes to standard error even when no summary is wanted: why the run could not do everything."""
    failures = report._replace(notices=tuple(notice for notice in report.notices if notice.kind in FAILURES))
    return make_encodable("".join(f"{line}\n" for line in _list_notices(failures, Style(color=options.color))))


def statistics_text(report: CheckResult) -> str:
    """A line for each rule that found something: how often, with which severity, the most first."""
    counts = Counter((finding.severity, finding.rule) for finding in report.findings if finding.suppression is None)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], -item[0][0].rank, item[0][1]))
    width = max((len(f"{count:,}") for count in counts.values()), default=0)
    return "".join(f"{count:>{width},}  {severity.value:7}  {rule}\n" for (severity, rule), count in ordered)


def write_headline(report: CheckResult) -> str:
    """One sentence: the counts of findings, or that there are none, and what was read."""
    if any(notice.kind is NoticeKind.CONFIGURATION for notice in report.notices):
        return "nothing was checked, because the configuration cannot be used"
    summary = report.summary
    failed = any(notice.kind in FAILURES for notice in report.notices)
    if not summary.files:
        return f"nothing was checked{': nothing could be read' if failed else ''}"
    nothing = "no findings" if summary.objects else "nothing was checked"
    parts = [
        f"{_severities_text(summary.error, summary.warning, summary.note) or nothing} in {_input_text(report)}",
        "not everything could be read or decided" if failed else "",
        _left_out(report),
        _hidden_text(report) if summary.hidden else "",
    ]
    return "; ".join(filter(None, parts))


def _severities_text(error: int, warning: int, note: int) -> str:
    """`2 errors and 1 warning`; empty for none."""
    counts = ((error, "error"), (warning, "warning"), (note, "note"))
    return list_text([count_text(number, noun) for number, noun in counts if number])


def _left_out(report: CheckResult) -> str:
    levels = [report.left_out.get(severity, 0) for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)]
    return f"{_severities_text(*levels)} left out by --only" if any(levels) else ""


def _headline_text(report: CheckResult, style: Style) -> str:
    summary = report.summary
    worst = "error" if summary.error else "warning" if summary.warning else "note" if summary.note else "help"
    unsure = worst == "help" and (not summary.objects or any(notice.kind in FAILURES for notice in report.notices))
    return style("warning" if unsure else worst, "kubeqed:") + " " + write_headline(report)


def _hidden_text(report: CheckResult) -> str:
    return f"{count_text(report.summary.hidden, 'note')} hidden; --show {report.show_hidden} shows them"


def _input_text(report: CheckResult) -> str:
    summary = report.summary
    inside = [count_text(summary.documents, "document"), count_text(summary.objects, "object")]
    inside += [count_text(len(report.units), "unit")] if report.units else []
    return f"{count_text(summary.files, 'file')} ({', '.join(inside)})"


def _list_uncounted(report: CheckResult) -> Iterator[str]:
    """What the headline does not count."""
    summary = report.summary
    if summary.suppressed:
        shown = any(finding.suppression for finding in report.findings)
        advice = "" if shown else "; --show suppressed shows them"
        yield f"{count_text(summary.suppressed, 'finding')} suppressed{advice}"
    if summary.gave_up:
        yield f"{count_text(summary.gave_up, 'question')} given up: the budget was spent before an answer"


def _list_notices(report: CheckResult, style: Style) -> Iterator[str]:
    for notice in report.notices:
        yield style.level(NOTICE_SEVERITIES[notice.kind], notice_line(notice))
