"""A difference as formats see it: entries in order, each with its causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.causes import Cause, Causes
from kubeqed.graph.reach.diff import Change, Common, Kind, changes
from kubeqed.graph.reach.doubles import Caused, Doubles
from kubeqed.graph.reach.peer import Group, Peer
from kubeqed.graph.reach.versions import Versions

ORDER = {Kind.CHANGED: 0, Kind.ADDED: 1, Kind.REMOVED: 2}


class Entry(NamedTuple):
    """A change between groups, why, and where to show it.

    `named` are numbers of ports that stand for a name, which only an absent pod can resolve.
    """

    change: Change
    sources: Group
    destinations: Group
    causes: tuple[Cause, ...]
    anchor: Cause
    named: Mapping[int, str]


class Difference(NamedTuple):
    """All entries; workloads that only one version has."""

    entries: tuple[Entry, ...]
    added: frozenset[Peer]
    removed: frozenset[Peer]


def difference(old: Answer, new: Answer) -> Difference:
    """What changed between two versions of a unit."""
    versions = Versions(old, new)
    common = Common(versions)
    causes, doubles = Causes(common), Doubles(common)
    found = [Caused(change, tuple(causes.of(change))) for change in map(doubles.without, changes(common))]
    entries = []
    for change, because in doubles.fewer(found):
        groups = common.group(change.sources), common.group(change.destinations)
        entries.append(Entry(change, *groups, because, causes.anchor(change, because), versions.named))
    was, now = ({one._replace(stopped=False) for one in answer.names.classes} for answer in (old, new))
    return Difference(tuple(sorted(entries, key=_order)), frozenset(now - was), frozenset(was - now))


def _order(entry: Entry) -> tuple[object, ...]:
    groups = ((one.controller, one.workloads, one.addresses, one.absent) for one in (entry.sources, entry.destinations))
    return (entry.sources.controller, ORDER[entry.change.kind], *groups, entry.change.old, entry.change.new)
