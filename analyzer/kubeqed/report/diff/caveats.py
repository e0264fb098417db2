"""What a comparison does not claim, in words: a line for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.reach import Group, UnmodelledPolicy
from kubeqed.reach.algebra import format_ports
from kubeqed.reach.differences import ComparisonLimits, Difference, RegroupedUnit, Shift
from kubeqed.report.reach.caveats import depending_lines, missing_text, unless_lines, unless_text
from kubeqed.report.reach.words import caveat_lines, condition_text, group_text
from kubeqed.report.words import escape_text

PARTIAL = (
    "incomplete: policies may treat pods that no manifest shows in too many ways to compare them all; only some of those"
    " that differing policies select were compared"
)


def limit_lines(difference: Difference) -> tuple[str, ...]:
    """All that the comparison does not claim; what several units have in common once."""
    lines = (
        line for one in difference.limits for line in (*_doubt_lines(one), *_missing_lines(one), *_list_notes(one))
    )
    return (*dict.fromkeys(lines), *map(_regrouped_line, difference.regrouped))


def note_lines(difference: Difference) -> tuple[str, ...]:
    """The same without what a format for tools has fields for: doubts, and what is missing."""
    lines = (line for one in difference.limits for line in _list_notes(one))
    return (*dict.fromkeys(lines), *map(_regrouped_line, difference.regrouped))


def _doubt_lines(one: ComparisonLimits) -> Iterator[str]:
    for version in one.doubts:
        yield from unless_lines([doubt.policy for doubt in version.doubts], version.unit)


def _missing_lines(one: ComparisonLimits) -> Iterator[str]:
    if one.missing:
        yield escape_text(f"incomplete: {missing_text(one.missing)} may hold or create what is not compared")


def _list_notes(one: ComparisonLimits) -> Iterator[str]:
    """What a comparison left out."""
    yield from map(_shift_line, one.shifts)
    yield from caveat_lines(one.caveats)
    for found in one.depending:
        yield from depending_lines(found)
    for version in one.doubts:
        yield from _absent_lines(version.about_absent)
    if one.partial:
        yield PARTIAL


def _shift_line(one: Shift) -> str:
    """`depends: {ingress-controller} => shop/web[Pod] : TCP 80, now if it runs as …; before wherever it runs`."""
    condition, everywhere = condition_text(one.condition), "wherever it runs"
    now, before = (everywhere, condition) if one.opens else (condition, everywhere)
    pair = f"{group_text(Group(controller=True))} => {group_text(one.destinations)}"
    return f"depends: {pair} : {format_ports(one.ports)}, now {now}; before {before}"


def _absent_lines(policies: Iterable[UnmodelledPolicy]) -> Iterator[str]:
    by_kind: dict[str, list[UnmodelledPolicy]] = {}
    for one in policies:
        by_kind.setdefault(one.kind, []).append(one)
    for several in by_kind.values():
        yield escape_text(f"{unless_text(several)} about pods that no manifest shows")


def _regrouped_line(one: RegroupedUnit) -> str:
    version, counterpart, verb = ("NEW", "OLD", "added") if one.is_added else ("OLD", "NEW", "removed")
    return (
        f"note: {counterpart} holds the objects of unit {one.root} of {version} in other units, so that its"
        f" connections count as {verb}; state the cluster's files under units: in kubeqed.yaml"
    )
