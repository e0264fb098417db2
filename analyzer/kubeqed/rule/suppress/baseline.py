"""The baseline: findings that were there when it was written, so that only new ones are reported.

A finding is known by its file and its fingerprint (rule, object, path of the field), which survive moved lines; the
second of the same in one file is `#2`.
"""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from kubeqed.diagnostic import Certainty, Diagnostic, Suppression
from kubeqed.parse import Place
from kubeqed.rule.finding import Finding
from kubeqed.rule.suppress.ignores import relative_to_configuration
from kubeqed.rule.suppress.suppression import EXTERNAL, UNEXPLAINED, UNUSED, RunFacts
from kubeqed.sources import Paths, is_below

DEFAULT_FILE = "kubeqed-baseline.json"
VERSION = 1


class BaselineFinding(NamedTuple):
    """A finding as a baseline knows it; `file` is relative to the baseline's directory."""

    file: str
    fingerprint: str


class BaselineEntry(NamedTuple):
    """A line of the baseline."""

    known: BaselineFinding
    rule: str
    reason: str


class Baseline(NamedTuple):
    """A baseline as read; `place` tells where the entry with an index stands, and is asked only when one is not needed."""

    directory: str
    entries: tuple[BaselineEntry, ...]
    place: Callable[[int], Place]


class BaselineSource:
    """A baseline in use."""

    def __init__(self, baseline: Baseline, paths: Paths) -> None:
        self._baseline = baseline
        self._entries = {entry.known: entry for entry in baseline.entries}
        self._relative = relative_to_configuration(baseline.directory, paths)
        self._name = fingerprint_namer(self._relative)
        self._used: set[BaselineFinding] = set()
        self._read = [self._relative(root.path) for root in paths.roots if root.is_directory]

    def find_suppression(self, finding: Diagnostic) -> Suppression | None:
        """What excuses a finding that nothing else does; each is to be asked for once, in order."""
        if finding.suppression is not None:
            return None
        known = self._name(finding)
        entry = self._entries.get(known)
        if entry is None:
            return None
        self._used.add(known)
        return Suppression(EXTERNAL, entry.reason)

    def complaints(self, facts: RunFacts) -> Iterator[tuple[str, Finding]]:
        """Entries whose finding is gone, where what they speak of was read."""
        unread = [self._relative(path) for path in facts.unread]
        for index, entry in enumerate(self._baseline.entries):
            gone = entry.known not in self._used and entry.rule not in facts.silent
            gone = gone and not any(is_below(entry.known.file, path) for path in unread)
            if gone and any(is_below(entry.known.file, directory) for directory in self._read):
                message = f"the baseline lists a finding of {entry.rule} in {entry.known.file} that is gone"
                yield UNUSED, Finding(self._baseline.place(index), message, at_most=Certainty.POSTURE)


def fingerprint_namer(relative: Callable[[str], str]) -> Callable[[Diagnostic], BaselineFinding]:
    """A function from findings, in order, to what a baseline knows them by that sees files so."""
    seen: Counter[BaselineFinding] = Counter()

    def name(finding: Diagnostic) -> BaselineFinding:
        file = relative(finding.span.file)
        known = BaselineFinding(file, f"{finding.rule} {finding.object or file} {finding.path}".rstrip())
        seen[known] += 1
        return known if seen[known] == 1 else BaselineFinding(file, f"{known.fingerprint} #{seen[known]}")

    return name


def write_baseline(
    found: Iterable[Diagnostic], path: str, paths: Paths, reason: str, reasons: Mapping[BaselineFinding, str]
) -> str:
    """The text of a baseline at `path` with these findings, in order; `reasons` are those that some have already."""
    from json import dumps

    name = fingerprint_namer(relative_to_configuration(os.path.dirname(path) or os.curdir, paths))
    entries = [
        {"rule": item.rule, "file": known.file, "fingerprint": known.fingerprint, "reason": reasons.get(known, reason)}
        for item, known in ((item, name(item)) for item in found if item.rule not in (UNUSED, UNEXPLAINED))
    ]
    entries.sort(key=lambda entry: (entry["file"], entry["fingerprint"]))
    return dumps({"version": VERSION, "findings": entries}, indent=2, ensure_ascii=False) + "\n"
