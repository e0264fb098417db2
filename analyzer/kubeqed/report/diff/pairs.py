"""The difference pair by pair, in the grammar of netpol-analyzer's diff."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.reach import NAME_OF_CONTROLLER, Group, Peer, format_range
from kubeqed.reach.algebra import format_ports
from kubeqed.reach.differences import ORDER, ChangeKind, DiffEntry, Difference
from kubeqed.report.diff.words import uncompared_lines
from kubeqed.report.reach.exposure import representative_text

Text = tuple[str, Peer | None]


def render_pairs(difference: Difference) -> str:
    """A header and a line for each pair, those of absent pods below a header of their own; nothing when nothing changed."""
    shown = _render_section("Connectivity diff:", difference, absent=False)
    lines = "".join(f"{line}\n" for line in uncompared_lines(difference))
    return shown + _render_section("Exposure diff:", difference, absent=True) + lines


def _render_section(title: str, difference: Difference, *, absent: bool) -> str:
    """The changes of one kind, in the words of netpol-analyzer."""
    lines: dict[tuple[bool, int], list[str]] = {}
    for entry in difference.entries:
        block = (entry.sources.controller, ORDER[entry.change.kind])
        lines.setdefault(block, []).extend(_render_lines(difference, entry, absent))
    written = [line for block in sorted(lines) for line in sorted(lines[block], key=str.encode)]
    return f"{title}\n" + "".join(f"{line}\n" for line in written) if written else ""


def _render_lines(difference: Difference, entry: DiffEntry, absent: bool) -> Iterator[str]:
    """A line for each pair of a change."""
    old, new = (format_ports(one, entry.named) for one in (entry.change.old, entry.change.new))
    targets = [*_name_peers(entry.destinations), *_name_absent(entry.destinations)]
    ends = {*_name_absent(entry.sources), *_name_absent(entry.destinations)}
    for source in (*_name_peers(entry.sources), *_name_absent(entry.sources)):
        for target in targets:
            if (source in ends or target in ends) is absent and (source != target or absent):
                pair = f"source: {source[0]}, destination: {target[0]}"
                info = _describe_workloads(difference, entry.change.kind, source, target)
                yield f"diff-type: {entry.change.kind.value}, {pair}, ref1: {old}, ref2: {new}{info}"


def _name_peers(group: Group) -> Iterator[Text]:
    yield from ((str(shown), shown) for shown in group.workloads)
    yield from ((format_range(one), None) for one in group.addresses)
    if group.controller:
        yield NAME_OF_CONTROLLER, None


def _name_absent(group: Group) -> Iterator[Text]:
    yield from ((representative_text(one), None) for one in group.absent)


def _describe_workloads(difference: Difference, kind: ChangeKind, *pair: Text) -> str:
    lone = difference.added if kind is ChangeKind.ADDED else difference.removed
    names = [text for text, shown in pair if shown in lone]
    verb = "added" if kind is ChangeKind.ADDED else "removed"
    return f", workloads-diff-info: workload {' and '.join(names)} {verb}" if names else ""
