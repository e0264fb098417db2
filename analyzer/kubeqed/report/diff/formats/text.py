"""A line for each change, and the lines of policies that caused it below."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.reach.differences import ChangeKind, DiffEntry, Difference
from kubeqed.report.diff.pairs import render_pairs
from kubeqed.report.diff.words import cause_text, ports_text, uncompared_lines
from kubeqed.report.reach.words import group_text
from kubeqed.report.report import Options

EXPANDS = True

SIGNS = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~"}


def render(difference: Difference, options: Options) -> str:
    """`+ sources => destinations : TCP 80`, or a line for each pair; nothing when nothing changed."""
    if options.expand:
        return render_pairs(difference)
    lines = [line for entry in difference.entries for line in _render_lines(entry)]
    return "".join(f"{line}\n" for line in [*lines, *uncompared_lines(difference)])


def _render_lines(entry: DiffEntry) -> Iterator[str]:
    pair = f"{group_text(entry.sources)} => {group_text(entry.destinations)}"
    yield f"{SIGNS[entry.change.kind]} {pair} : {ports_text(entry)}"
    yield from (f"    {cause_text(cause)}" for cause in entry.causes)
