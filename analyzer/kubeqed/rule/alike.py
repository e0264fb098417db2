"""One mistake is one finding: what is said of several items of one list, in the same words, is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.late_pattern import compile_late
from kubeqed.rule.finding import Finding

_INDEX = compile_late(r"\[\d+\]")


def merge_alike(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those that differ in nothing but the index of an item as one: the first, with the others' places."""
    found: dict[object, list[Finding]] = {}
    for finding in findings:
        key = finding.at.object, _INDEX.sub("[]", finding.at.path), _INDEX.sub("[]", finding.message)
        found.setdefault((finding.at.file, key), []).append(finding)
    for first, *others in found.values():
        related = (*first.related, *((other.at, "and here") for other in others))
        yield first._replace(related=related, edit=None if others else first.edit)
