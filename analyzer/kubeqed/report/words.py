"""The words that several formats share: places, levels, counts, and text that is safe on one line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kubeqed.diagnostic import DEBUG, RENDERED_FROM, Diagnostic, Notice, NoticeKind, Severity, Span, list_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubeqed.parse import Place

_MOST_CHANGED = 3

# What is read by problem matchers and by GitHub says notice where all else says note.
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
SEVERITY_WORDS = {severity: severity.value for severity in Severity}

NOTICE_SEVERITIES = {
    NoticeKind.UNREADABLE: Severity.ERROR,
    NoticeKind.INTERNAL_ERROR: Severity.ERROR,
    NoticeKind.CONFIGURATION: Severity.ERROR,
    NoticeKind.GAVE_UP: Severity.WARNING,
    NoticeKind.NOT_READ: Severity.WARNING,
    NoticeKind.EXCLUDED: Severity.NOTE,
    NoticeKind.POLICY: Severity.WARNING,
    NoticeKind.SKIPPED_TEMPLATE: Severity.NOTE,
    NoticeKind.GUESSED_JOIN: Severity.NOTE,
    NoticeKind.UNMET_POLICIES: Severity.WARNING,
    NoticeKind.UNMODELLED: Severity.WARNING,
}


def escape_text(text: str) -> str:
    """Text of a manifest on one line: no control character, bidirectional mark or lone surrogate gets through."""
    if text.isprintable():
        return text
    return "".join(escape_character(character) for character in text)


def escape_character(character: str) -> str:
    """A character that prints, or its escape; joiners (U+200C, U+200D) belong to words and stay."""
    if character.isprintable() or character in "\u200c\u200d\u3000\u00a0":
        return character
    return character.encode("unicode_escape").decode("ascii")


def place_text(span: Span) -> str:
    """`file:line:column`, as editors and matchers read it."""
    return f"{escape_text(span.file)}:{span.line}:{span.column}"


def changed_text(places: Sequence[Place]) -> str:
    """`, changed at file:line` for lines that set values below a field, of many the first; empty where there are none."""
    lines = [f"{escape_text(one.file)}:{one.span.line}" for one in places]
    return f", changed at {list_text(lines, _MOST_CHANGED, 'lines')}" if lines else ""


def message_text(finding: Diagnostic) -> str:
    """The sentence of a finding, and why it is suppressed if it is."""
    if finding.suppression is None:
        return finding.message
    reason = finding.suppression.reason
    return f"{finding.message} (suppressed{f': {reason}' if reason else ''})"


def sentence_text(finding: Diagnostic) -> str:
    """The sentence of a finding with the template that rendered it, for formats that list no related places."""
    origin = next((one.message for one in finding.related if one.message.startswith(RENDERED_FROM)), None)
    return f"{message_text(finding)} ({origin})" if origin else message_text(finding)


def headline_text(finding: Diagnostic) -> str:
    """The one line that a problem matcher reads."""
    return f"{place_text(finding.span)}: {LEVELS[finding.severity]}: {escape_text(sentence_text(finding))} [{finding.rule}]"


def notice_line(notice: Notice, levels: Mapping[Severity, str] = LEVELS) -> str:
    """A notice in the shape of a finding, so that the same matcher points at it; a traceback below it to debug."""
    start = f"{place_text(notice.span)}: " if notice.span else ""
    level = levels[NOTICE_SEVERITIES[notice.kind]]
    traceback = f"\n{make_encodable(notice.details).rstrip()}" if notice.details and os.environ.get(DEBUG) else ""
    return f"{start}{level}: {escape_text(notice.text)} [{notice.kind.value}]{traceback}"


def count_text(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def make_encodable(text: str) -> str:
    """The same text with lone surrogates (of escapes, of file names) as escapes that JSON knows too."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
