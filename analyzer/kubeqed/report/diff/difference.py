"""A difference as formats see it: entries in order, each with its causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kubeqed.model.units.producer import Producer
from kubeqed.reach.algebra.ports import format_ports
from kubeqed.reach.peer import Group, Peer, parts_about
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.reach.query.diff.causes import Cause, Causes
from kubeqed.reach.query.diff.changes import ChangeKind, CommonNumbering, ConnectionChange, find_changes
from kubeqed.reach.query.diff.doubles import AlikeGoverned, CausedChange
from kubeqed.reach.query.diff.shifts import Shift, shifts
from kubeqed.reach.query.diff.undecided import UncomparedObject, find_uncompared
from kubeqed.reach.query.diff.versions import Versions
from kubeqed.report.diff.caveats import PARTIAL, find_unless_lines, missing_line, unread_lines
from kubeqed.report.reach.caveats import UnlessLine, depending_lines
from kubeqed.report.reach.words import caveat_lines, condition_text, group_text

ORDER = {ChangeKind.CHANGED: 0, ChangeKind.ADDED: 1, ChangeKind.REMOVED: 2}


class DiffEntry(NamedTuple):
    """A change between groups, why, and where to show it.

    `named` are numbers of ports that stand for a name, which only an absent pod can resolve.
    """

    change: ConnectionChange
    sources: Group
    destinations: Group
    causes: tuple[Cause, ...]
    anchor: Cause
    named: Mapping[int, str]


class Difference(NamedTuple):
    """All entries; workloads that only one version has; and what the comparison does not claim.

    `undecided` differs, with an effect that is not known. `unless` may decide otherwise about what changed. `missing` may
    hold or create what was not compared. `partial` says that not all pods that no manifest shows were compared. `caveats`
    are the last three in words, `notes` those of them that stand in no other field, and what else there is to say. `joins` say
    what was joined by guess. `shifts` are said in the notes.
    """

    entries: tuple[DiffEntry, ...] = ()
    added: frozenset[Peer] = frozenset()
    removed: frozenset[Peer] = frozenset()
    undecided: tuple[UncomparedObject, ...] = ()
    unless: tuple[UnlessLine, ...] = ()
    missing: tuple[Producer, ...] = ()
    partial: bool = False
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()

    @property
    def is_as_before(self) -> bool:
        """Whether nothing changed, and nothing was left out that may have."""
        return not (self.entries or self.undecided or self.missing or self.partial or self.shifts)


def find_difference(old: ReachResult, new: ReachResult, about: frozenset[Peer] | None = None) -> Difference:
    """What changed between two versions of a unit; one of the peers `about` is at an end of it, None means all."""
    versions = Versions(old, new)
    common = CommonNumbering(versions)
    causes, doubles = Causes(common), AlikeGoverned(common)
    found = [CausedChange(change, tuple(causes.of(change))) for change in map(doubles.without, find_changes(common))]
    entries = []
    for change, because in doubles.fewer(found):
        groups = common.group(change.sources), common.group(change.destinations)
        anchor = causes.anchor(change, because)
        entries += [DiffEntry(change, *ends, because, anchor, versions.named) for ends in parts_about(*groups, about)]
    was, now = ({one._replace(stopped=False) for one in answer.names.classes} for answer in (old, new))
    ordered = tuple(sorted(entries, key=_order))
    missing = tuple(unread_lines(old.unit, new.unit))
    doubts = find_unless_lines(old, new, [(entry.sources, entry.destinations) for entry in ordered])
    more = [missing_line(missing)] if missing else []
    shifted = tuple(shifts(old, new, about))
    notes = (
        *map(shift_line, shifted),
        *find_caveats(new, ordered),
        *find_depending(old, new, ordered),
        *doubts.absent_lines,
        *([] if versions.exact else [PARTIAL]),
    )
    return Difference(
        ordered,
        frozenset(now - was),
        frozenset(was - now),
        tuple(find_uncompared(old, new)),
        doubts.unless,
        missing,
        not versions.exact,
        notes,
        (*doubts.lines, *more, *notes),
        shifts=shifted,
    )


def find_caveats(answer: ReachResult, entries: Iterable[DiffEntry]) -> Iterator[str]:
    """What the answer about the later version leaves open of workloads and policies that a change is about."""
    entries = list(entries)
    peers = {peer for one in entries for group in (one.sources, one.destinations) for peer in group.workloads}
    concerned: set[object] = {cause.object for one in entries for cause in one.causes}
    concerned |= {one for peer, one in answer.names.workloads.items() if peer._replace(stopped=False) in peers}
    yield from caveat_lines(remark for remark in answer.remarks if remark.object in concerned)


def find_depending(old: ReachResult, new: ReachResult, entries: Iterable[DiffEntry]) -> Iterator[str]:
    """What connections of the ingress controller that changed depend on, as they are now, else as they were."""
    for entry in entries:
        if entry.sources.controller:
            answer = new if entry.change.new else old
            asked = ConnectionQuery(entry.sources, entry.destinations, entry.change.new or entry.change.old)
            yield from depending_lines(answer, asked)


def shift_line(one: Shift) -> str:
    """`depends: {ingress-controller} => shop/web[Pod] : TCP 80, now if it runs as …; before wherever it runs`."""
    condition, everywhere = condition_text(one.condition), "wherever it runs"
    now, before = (everywhere, condition) if one.opens else (condition, everywhere)
    pair = f"{group_text(Group(controller=True))} => {group_text(one.destinations)}"
    return f"depends: {pair} : {format_ports(one.ports)}, now {now}; before {before}"


def merge_differences(several: Iterable[Difference]) -> Difference:
    """The differences of all units as one; a caveat that several have once."""
    found = list(several)
    return Difference(
        tuple(entry for one in found for entry in one.entries),
        frozenset(peer for one in found for peer in one.added),
        frozenset(peer for one in found for peer in one.removed),
        tuple(item for one in found for item in one.undecided),
        tuple(policy for one in found for policy in one.unless),
        tuple(producer for one in found for producer in one.missing),
        any(one.partial for one in found),
        tuple(dict.fromkeys(line for one in found for line in one.notes)),
        tuple(dict.fromkeys(line for one in found for line in one.caveats)),
        shifts=tuple(shift for one in found for shift in one.shifts),
    )


def _order(entry: DiffEntry) -> tuple[object, ...]:
    groups = ((one.controller, one.workloads, one.addresses, one.absent) for one in (entry.sources, entry.destinations))
    return (entry.sources.controller, ORDER[entry.change.kind], *groups, entry.change.old, entry.change.new)
