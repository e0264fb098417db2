"""GitHub workflow commands: an annotation beside the line for every finding.

GitHub keeps ten annotations of each level for a step and drops the others silently, so the rest is counted here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kubeqed.report.limits import worst_first
from kubeqed.report.paths import shown_path
from kubeqed.report.words import LEVELS, NOTICE_SEVERITIES, count_text, make_encodable, sentence_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.diagnostic import Diagnostic, Notice, Span
    from kubeqed.report.report import CheckResult, Options

MOST = 10  # of a level, for a step
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = {**DATA, ":": "%3A", ",": "%2C"}


def render(report: CheckResult, options: Options) -> str:
    """Workflow commands, at most ten of a level, then a line that counts the others."""
    commands = [_notice_command(notice, options) for notice in report.notices]
    commands += [_finding_command(finding, options) for finding in worst_first(report.findings)]
    return make_encodable("".join(line + "\n" for line in _cap_commands(commands)))


def _cap_commands(commands: list[tuple[str, str]]) -> Iterator[str]:
    """The first ten commands of each level."""
    levels: Counter[str] = Counter()
    for level, command in commands:
        levels[level] += 1
        if levels[level] <= MOST:
            yield command
    for level, number in sorted(levels.items()):
        if number > MOST:
            yield f"kubeqed: {count_text(number - MOST, f'more {level}')} without annotation; GitHub shows {MOST} of a level"


def _finding_command(finding: Diagnostic, options: Options) -> tuple[str, str]:
    """The annotation of a finding, and its level."""
    level = LEVELS[finding.severity]
    text = sentence_text(finding) + (f"\nhelp: {finding.suggestion}" if finding.suggestion else "")
    return level, _render_command(
        level, {**_place_properties(finding.span, options), "title": f"kubeqed {finding.rule}"}, text
    )


def _notice_command(notice: Notice, options: Options) -> tuple[str, str]:
    level = LEVELS[NOTICE_SEVERITIES[notice.kind]]
    place = _place_properties(notice.span, options) if notice.span else {}
    return level, _render_command(level, {**place, "title": f"kubeqed {notice.kind.value}"}, notice.text)


def _place_properties(span: Span, options: Options) -> dict[str, str]:
    numbers = {"line": span.line, "endLine": span.end_line, "col": span.column, "endColumn": span.end_column}
    return {"file": shown_path(span.file, options.repository_root), **{name: str(at) for name, at in numbers.items()}}


def _render_command(level: str, properties: dict[str, str], text: str) -> str:
    listed = ",".join(f"{name}={_escape_with(value, PROPERTY)}" for name, value in properties.items())
    return f"::{level} {listed}::{_escape_with(text, DATA)}"


def _escape_with(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
