"""Findings as results, and notices as notifications."""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from sarif_om import Exception as SarifException
from sarif_om import Invocation, Notification, ReportingDescriptorReference, Result, Suppression

from kubeqed.diagnostic import Diagnostic, Notice, NoticeKind, list_some
from kubeqed.report.entries import evidence_json, object_json
from kubeqed.report.fingerprint import line_hashes
from kubeqed.report.sarif.flows import build_code_flows
from kubeqed.report.sarif.places import (
    MOST_LINKS,
    build_location,
    build_logical_location,
    build_message,
    escape_links,
    link,
)
from kubeqed.report.words import NOTICE_SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kubeqed.report.report import Options


class LineHashes:
    """The hashes of the lines of every file asked for, each file hashed once."""

    def __init__(self, lines: Callable[[str], Sequence[str]]) -> None:
        self._lines = lines
        self._files: dict[str, list[str]] = {}

    def of(self, file: str, line: int) -> str | None:
        """The hash of a line; None where there is no such line."""
        if file not in self._files:
            lines = self._lines(file)
            self._files[file] = line_hashes(lines) if lines else []
        hashes = self._files[file]
        return hashes[line - 1] if 1 <= line <= len(hashes) else None


def build_result(finding: Diagnostic, index: Mapping[str, int], hashes: LineHashes, options: Options) -> Result:
    """One finding."""
    root = options.repository_root
    place = build_location(finding.span, root)
    if finding.object:
        place.logical_locations = [build_logical_location(finding.object, finding.path)]
    related = []
    for number, other in enumerate(finding.related[:MOST_LINKS], 1):
        there = build_location(other.span, root)
        there.id, there.message = number, build_message(_end_sentence(escape_links(other.message)))
        related.append(there)
    return Result(
        rule_id=finding.rule,
        rule_index=index.get(finding.rule, -1),
        level=finding.severity.value,
        message=build_message(_make_message(finding)),
        locations=[place],
        related_locations=related or None,
        code_flows=build_code_flows(finding, root),
        partial_fingerprints=_make_fingerprints(finding, hashes) or None,
        properties=_make_properties(finding),
    )


def build_suppressions(finding: Diagnostic) -> list[Suppression]:
    """Why a finding is not reported, empty for one that is: the standard wants a list on all results of a run or on none."""
    if finding.suppression is None:
        return []
    kind, reason = finding.suppression
    return [Suppression(kind=kind, state="accepted", justification=reason or None)]


def _make_message(finding: Diagnostic) -> str:
    """The sentence, the advice, and a link to every related place."""
    sentences = [_end_sentence(escape_links(finding.message))]
    if finding.suggestion:
        sentences.append(f"Help: {_end_sentence(escape_links(finding.suggestion))}")
    links = [link(other.message, number) for number, other in enumerate(finding.related[:MOST_LINKS], 1)]
    if links:
        sentences.append(f"See: {list_some(links, MOST_LINKS, count=len(finding.related))}.")
    return " ".join(sentences)


def _make_fingerprints(finding: Diagnostic, hashes: LineHashes) -> dict[str, str]:
    line = hashes.of(finding.span.file, finding.span.line)
    found = {"primaryLocationLineHash": line, "kubeqed/v1": finding.fingerprint}
    return {name: value for name, value in found.items() if value}


def _make_properties(finding: Diagnostic) -> dict[str, Any]:
    properties = {
        "units": list(finding.units),
        "certainty": finding.certainty.value,
        "object": object_json(finding.object),
        "path": finding.path,
        "suggestion": finding.suggestion,
        "evidence": evidence_json(finding.evidence),
    }
    return {name: value for name, value in properties.items() if value not in (None, "")}


_FAILURES = frozenset({NoticeKind.INTERNAL_ERROR, NoticeKind.CONFIGURATION})


def build_invocation(notices: Sequence[Notice], left_out: int, options: Options) -> Invocation:
    """How the run went: what was not analysed, and how many findings a limit kept out of this file."""
    notifications = [_make_notification(notice, options) for notice in notices]
    if left_out:
        text = f"{left_out:,} of the milder findings are left out, to keep within the limits of GitHub code scanning."
        notifications.append(Notification(message=build_message(text), level="warning"))
    return Invocation(
        execution_successful=_FAILURES.isdisjoint(notice.kind for notice in notices),
        tool_execution_notifications=notifications or None,
    )


def _make_notification(notice: Notice, options: Options) -> Notification:
    return Notification(
        message=build_message(_end_sentence(escape_links(notice.text))),
        level=NOTICE_SEVERITIES[notice.kind].value,
        descriptor=ReportingDescriptorReference(id=notice.kind.value),
        locations=[build_location(notice.span, options.repository_root)] if notice.span else None,
        exception=_make_exception(notice.details) if notice.details else None,
        properties={"traceback": notice.details} if notice.details else None,
    )


def _make_exception(traceback: str) -> SarifException:
    """What stands below the frames of a traceback: what was raised, and its message, which may have several lines."""
    lines = traceback.strip().split("\n")
    frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    below = dropwhile(lambda line: line.startswith("  "), lines[frames[-1] if frames else 0 :])
    kind, _, text = "\n".join(below).partition(": ")
    return SarifException(kind=kind, message=text or kind)


def _end_sentence(text: str) -> str:
    return f"{text.rstrip().removesuffix('.')}."
