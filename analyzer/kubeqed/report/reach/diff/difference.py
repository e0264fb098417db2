"""A difference as formats see it: entries in order, each with its causes."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.causes import Cause, Causes
from kubeqed.graph.reach.diff import Change, Common, Kind, changes
from kubeqed.graph.reach.peer import Group, Peer

ORDER = {Kind.CHANGED: 0, Kind.ADDED: 1, Kind.REMOVED: 2}


class Entry(NamedTuple):
    """A change between groups, why, and where to show it."""

    change: Change
    sources: Group
    destinations: Group
    causes: tuple[Cause, ...]
    anchor: Cause


class Difference(NamedTuple):
    """All entries; workloads that only one version has."""

    entries: tuple[Entry, ...]
    added: frozenset[Peer]
    removed: frozenset[Peer]


def difference(old: Answer, new: Answer) -> Difference:
    """What changed between two versions of a unit."""
    common = Common(old, new)
    causes = Causes(old, new, common)
    entries = []
    for change in changes(old, new, common):
        because = tuple(causes.of(change))
        groups = common.group(change.sources), common.group(change.destinations)
        entries.append(Entry(change, *groups, because, causes.anchor(change, because)))
    was, now = ({one._replace(stopped=False) for one in answer.names.classes} for answer in (old, new))
    return Difference(tuple(sorted(entries, key=_order)), frozenset(now - was), frozenset(was - now))


def _order(entry: Entry) -> tuple[object, ...]:
    groups = ((group.controller, group.workloads, group.addresses) for group in (entry.sources, entry.destinations))
    return (entry.sources.controller, ORDER[entry.change.kind], *groups, entry.change.old, entry.change.new)
