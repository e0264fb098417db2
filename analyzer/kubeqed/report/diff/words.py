"""How changes, their causes and what is not compared are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.diagnostic import list_text
from kubeqed.reach.algebra import format_ports
from kubeqed.reach.differences import Cause, ChangeKind, DiffEntry, Difference, UncomparedObject
from kubeqed.report.diff.caveats import limit_lines
from kubeqed.report.reach.words import MOST_NAMES
from kubeqed.report.words import changed_text, escape_text

MOST_UNDECIDED = 12


def uncompared_lines(difference: Difference) -> Iterator[str]:
    """`? CiliumNetworkPolicy shop/db changed: …` for what is not compared; then what the comparison does not claim."""
    shown = difference.undecided if len(difference.undecided) <= MOST_UNDECIDED else ()
    yield from (f"? {undecided_text(one)}" for one in shown)
    if not shown:
        yield from (f"? {line}" for line in counted_undecided(difference.undecided))
    yield from limit_lines(difference)
    yield from difference.joins if not difference.is_as_before else ()


def undecided_text(one: UncomparedObject) -> str:
    """What is not compared, and where it stands."""
    span = one.object.at(one.path).span
    return escape_text(f"{one.text} ({span.file}:{span.line})")


def counted_undecided(several: Iterable[UncomparedObject]) -> Iterator[str]:
    """A line for each kind of object and consequence, with the names."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in several:
        consequence = one.text.partition(": ")[2]
        groups.setdefault((one.object.kind, consequence), []).append(str(one.object).partition(" ")[2])
    for (kind, consequence), names in groups.items():
        yield escape_text(f"{len(names)} {kind} ({list_text(names, MOST_NAMES)}): {consequence}")


def ports_text(entry: DiffEntry) -> str:
    """The ports of an entry, both versions' where it changed."""
    change = entry.change
    if change.kind is ChangeKind.CHANGED:
        return f"{format_ports(change.old, entry.named)} -> {format_ports(change.new, entry.named)}"
    return format_ports(change.new or change.old, entry.named)


def cause_text(cause: Cause) -> str:
    """`file:line: what it says`, marked by the version it stands in; with the lines of patches that set a part of it."""
    span = cause.object.at(cause.path).span
    changed = changed_text(cause.object.changed_at(cause.path))
    return escape_text(f"{'+' if cause.is_new else '-'} {span.file}:{span.line}{changed}: {cause.text}")
