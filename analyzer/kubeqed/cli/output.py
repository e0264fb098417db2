"""Findings to standard output or files, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import NamedTuple, TextIO

from kubeqed.app.check.run import Analysis
from kubeqed.app.check.shown import ListFilter
from kubeqed.cli.options import Output
from kubeqed.cli.streams import OutputError, write_err, write_file, write_out
from kubeqed.cli.terminal import terminal_width
from kubeqed.diagnostic import FailuresNoted, Notice
from kubeqed.report import (
    CheckResult,
    Options,
    failure_text,
    is_document,
    renderer,
    statistics_text,
    summary_text,
    tells_notices,
)
from kubeqed.report.escape import escape
from kubeqed.sources import real_path, repository_of, repository_root

COLORS = ("auto", "always", "never")


class Printing(NamedTuple):
    """How a report is printed: `only` narrows the formats for people, `quiet` leaves the summary out."""

    only: ListFilter = ListFilter()
    evidence: bool = False
    category: str | None = None
    color: str = "auto"
    quiet: bool = False
    statistics: bool = False


def print_report(analysis: Analysis, outputs: Sequence[Output], printing: Printing) -> CheckResult:
    """Writes the report in each format to its place, and the summary in words; the report, with what failed meanwhile.

    The OutputError of a place that takes nothing is raised at the end.
    """
    failures: list[Notice] = []
    unwritten = None
    for output in outputs:
        try:
            _write_report(_render_report(analysis, output, printing, failures), output.file)
        except OutputError as error:
            unwritten = unwritten or error
    report = analysis.report._replace(notices=(*analysis.report.notices, *failures))
    narrowed = printing.only.narrowed(report)
    told = report if all(is_document(output.format) for output in outputs) else narrowed
    _tell_summary(told, report, _make_options(analysis, sys.stderr, printing), printing)
    if unwritten:
        raise unwritten
    return report


def _render_report(analysis: Analysis, output: Output, printing: Printing, failures: list[Notice]) -> str:
    """The report in one format; where that fails, people get the line of each finding."""
    options = _make_options(analysis, sys.stdout, printing, to_file=output.file is not None)
    report = analysis.report if is_document(output.format) else printing.only.narrowed(analysis.report)
    with FailuresNoted(failures, f"writing the format {output.format}"):
        return escape(renderer(output.format)(report, options), output.format, color=options.color)
    return "" if is_document(output.format) else escape(renderer("concise")(report, options), "concise")


def print_refusal(report: CheckResult, outputs: Iterable[Output]) -> None:
    """Writes the report of a run in which nothing was analysed to those files that can say so.

    What people read is on standard error already, and a place that takes nothing is no news then.
    """
    root = repository_root(next((notice.span.file for notice in report.notices if notice.span), os.curdir))
    options = Options(lines=lambda _: (), repository_root=root, file_pages=_file_pages(root))
    for output in outputs:
        if output.file is not None and tells_notices(output.format):
            with suppress(OutputError):
                _write_report(escape(renderer(output.format)(report, options), output.format), output.file)


def _tell_summary(told: CheckResult, whole: CheckResult, options: Options, printing: Printing) -> None:
    text = failure_text(told, options) if printing.quiet else summary_text(told, options)
    statistics = statistics_text(whole) if printing.statistics else ""
    write_err(f"{text}{statistics}", nl=False, color=options.color)


def _write_report(text: str, file: str | None) -> None:
    if file is None:
        write_out(text)
    else:
        write_file(file, text, parents=True)


def _make_options(analysis: Analysis, stream: TextIO, printing: Printing, *, to_file: bool = False) -> Options:
    root = repository_of(analysis.input.paths)
    return Options(
        lines=cache(analysis.lines),
        visible_lines=cache(analysis.visible_lines),
        color=not to_file and wants_color(stream, printing.color),
        evidence=printing.evidence,
        repository_root=root,
        file_pages=_file_pages(root),
        category=printing.category,
        width=terminal_width(stream, 120),
    )


def _file_pages(root: str | None) -> str | None:
    """Where GitHub shows the files that a workflow has checked out; None elsewhere, and for another repository's."""
    stated = [os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA", "WORKSPACE")]
    if root is None or not all(stated):
        return None
    server, repository, commit, workspace = map(str, stated)
    ours = real_path(workspace) == real_path(root)
    return f"{server}/{repository}/blob/{commit}" if ours else None


def wants_color(stream: TextIO, stated: str = "auto") -> bool:
    """What is stated; if nothing is, https://no-color.org and https://force-color.org, else whether it is a terminal."""
    if stated != "auto":
        return stated == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()
