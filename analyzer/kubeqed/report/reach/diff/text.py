"""A line for each change, and the lines of policies that caused it below."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.graph.reach import ports
from kubeqed.graph.reach.causes import Cause
from kubeqed.graph.reach.diff import Kind
from kubeqed.report.reach.diff.difference import Difference, Entry
from kubeqed.report.reach.words import group_text
from kubeqed.report.words import plain

SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}


def render(difference: Difference) -> str:
    """`+ sources => destinations : TCP 80`; nothing when nothing changed."""
    return "".join(f"{line}\n" for entry in difference.entries for line in _lines(entry))


def ports_text(entry: Entry) -> str:
    """The ports of an entry, both versions' where it changed."""
    change = entry.change
    if change.kind is Kind.CHANGED:
        return f"{ports.text(change.old, entry.named)} -> {ports.text(change.new, entry.named)}"
    return ports.text(change.new or change.old, entry.named)


def cause_text(cause: Cause) -> str:
    """`file:line: what it says`, marked by the version it stands in."""
    span = cause.object.at(cause.path).span
    return plain(f"{'+' if cause.is_new else '-'} {span.file}:{span.line}: {cause.text}")


def _lines(entry: Entry) -> Iterator[str]:
    pair = f"{group_text(entry.sources)} => {group_text(entry.destinations)}"
    yield f"{SIGNS[entry.change.kind]} {pair} : {ports_text(entry)}"
    yield from (f"    {cause_text(cause)}" for cause in entry.causes)
