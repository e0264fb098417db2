"""What changed between two versions: connections added, removed or changed, as rectangles of one common numbering.

Destinations whose columns are the same before and after are passed over at once; the others are compared cell by cell.
Addresses of both versions are cut together. Pods that no manifest shows take part like others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from kubeqed.reach.algebra.addresses import Range, Ranges, cut_atoms, join_ranges
from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.ports import EMPTY, PortSet
from kubeqed.reach.peer import Group, Peer
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.absent.representatives import Representatives
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.reach.query.diff.versions import Versions

Cells = tuple[tuple[int, PortSet], ...]


class ChangeKind(Enum):
    """How a connection changed."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class ConnectionChange(NamedTuple):
    """Every source and every destination of it had `old` ports and has `new` ones; a peer to itself is left out."""

    sources: int
    destinations: int
    old: PortSet
    new: PortSet

    @property
    def kind(self) -> ChangeKind:
        """Whether there was a connection before, after, or both."""
        if not self.old:
            return ChangeKind.ADDED
        return ChangeKind.CHANGED if self.new else ChangeKind.REMOVED


class CommonNumbering:
    """One numbering for the peers of both versions.

    Workloads come first, then pieces of source and of destination addresses, the controller, and absent pods.
    """

    def __init__(self, versions: Versions) -> None:
        old, new = versions.old, versions.new
        self.versions = versions
        self.shown = sorted({one.identity for answer in (old, new) for one in answer.names.classes})
        self._numbers = {shown: number for number, shown in enumerate(self.shown)}
        self.ipv6 = old.reach.index.ipv6 or new.reach.index.ipv6
        self._sources = _cut_pieces(old, new, "Ingress")
        self._destinations = _cut_pieces(old, new, "Egress")
        self.first_source = len(self.shown)
        self.first_destination = self.first_source + len(self._sources)
        self.controller = self.first_destination + len(self._destinations)
        self.first_absent = self.controller + 1
        self.size = self.first_absent + len(versions.absent)
        self._representatives = Representatives(versions.absent, versions.spaces)

    def number(self, shown: Peer) -> int:
        """The number of a workload."""
        return self._numbers[shown.identity]

    def range_of(self, number: int) -> Range:
        """The range of a piece of addresses."""
        return (*self._sources, *self._destinations)[number - self.first_source]

    def group(self, bits: int) -> Group:
        """The peers of a set."""
        numbers = list(list_members(bits))
        return Group(
            tuple(self.shown[number] for number in numbers if number < self.first_source),
            join_ranges(self.range_of(number) for number in numbers if self.first_source <= number < self.controller),
            controller=bool(bits >> self.controller & 1),
            absent=self._representatives.of(bits >> self.first_absent),
        )

    def numbers(self, answer: ReachResult, class_number: int) -> Iterator[int]:
        """The numbers of the pods of a class, those that manifests show and the absent ones."""
        yield from (self.number(shown) for shown in answer.names.of(class_number))
        yield from (self.first_absent + at for at in self.versions.absent_in(answer, class_number))

    def node(self, answer: ReachResult, number: int) -> int | None:
        """The class of a workload or of an absent pod in one of both answers; None where it is not there."""
        if number >= self.first_absent:
            return self.versions.classes_of(answer)[number - self.first_absent]
        wanted, classes = self.shown[number], answer.names.classes
        return classes.get(wanted, classes.get(wanted._replace(stopped=True)))

    def addresses(self, one: Range, direction: Direction) -> Iterator[int]:
        """The pieces of a range."""
        start, pieces = (
            (self.first_source, self._sources)
            if direction == "Ingress"
            else (self.first_destination, self._destinations)
        )
        return (at for at, piece in enumerate(pieces, start) if one[0] <= piece[0] and piece[1] <= one[1])


def find_changes(common: CommonNumbering) -> list[ConnectionChange]:
    """All that changed."""
    before, after = (_collect_columns(answer, common) for answer in (common.versions.old, common.versions.new))
    groups: dict[tuple[Cells, Cells], list[int]] = {}
    for destination in sorted({*before, *after}):
        pair = (_sort_cells(before.get(destination, {})), _sort_cells(after.get(destination, {})))
        if pair[0] != pair[1]:
            groups.setdefault(pair, []).append(destination)
    found: dict[tuple[int, PortSet, PortSet], int] = {}
    for (before_cells, after_cells), destinations in groups.items():
        for sources, old_ports, new_ports in _compare_cells(before_cells, after_cells):
            key = (sources, old_ports, new_ports)
            found[key] = found.get(key, 0) | bits_of(destinations, common.size)
    all_of_them = (ConnectionChange(sources, group, was, now) for (sources, was, now), group in found.items())
    listed = (drop_itself(change, common.first_absent) for change in all_of_them)
    return [change for change in listed if change.sources and change.destinations]


def drop_itself(change: ConnectionChange, first_absent: int) -> ConnectionChange:
    """The change without a lone peer's connection to itself, which is no answer; absent pods are several."""
    shown = (1 << first_absent) - 1
    if change.destinations & (change.destinations - 1) == 0:
        return change._replace(sources=change.sources & ~(change.destinations & shown))
    if change.sources & (change.sources - 1) == 0:
        return change._replace(destinations=change.destinations & ~(change.sources & shown))
    return change


def _compare_cells(was: Cells, now: Cells) -> Iterator[tuple[int, PortSet, PortSet]]:
    """(sources, ports before, ports after) where they differ, each combination of ports once."""
    found: dict[tuple[PortSet, PortSet], int] = {}
    had = have = 0
    for sources, ports in was:
        had |= sources
        for others, others_ports in now:
            if ports != others_ports and sources & others:
                key = (ports, others_ports)
                found[key] = found.get(key, 0) | (sources & others)
    for sources, _ in now:
        have |= sources
    for sources, ports in was:
        found[ports, EMPTY] = found.get((ports, EMPTY), 0) | (sources & ~have)
    for sources, ports in now:
        found[EMPTY, ports] = found.get((EMPTY, ports), 0) | (sources & ~had)
    return ((sources, old, new) for (old, new), sources in found.items() if sources)


def _collect_columns(answer: ReachResult, common: CommonNumbering) -> dict[int, dict[PortSet, int]]:
    """For each destination the sources by ports, in the common numbering."""
    columns: dict[int, dict[PortSet, int]] = {}
    known: dict[tuple[int, Direction], int] = {}

    def translated(bits: int, direction: Direction) -> int:
        if (bits, direction) not in known:
            known[bits, direction] = bits_of(_list_numbers(answer, common, bits, direction), common.size)
        return known[bits, direction]

    for sources, destinations, ports in answer.rectangles(ConnectionQuery(ipv6=common.ipv6)):
        senders = translated(sources, "Ingress")
        for number in list_members(translated(destinations, "Egress")):
            column = columns.setdefault(number, {})
            column[ports] = column.get(ports, 0) | senders
    for shown, verdict in answer.verdicts.items():
        column, ports = columns.setdefault(common.number(shown), {}), verdict.possible
        column[ports] = column.get(ports, 0) | 1 << common.controller
    return columns


def _list_numbers(answer: ReachResult, common: CommonNumbering, bits: int, direction: Direction) -> Iterable[int]:
    """The common numbers of the nodes of a set."""
    for number in list_members(bits):
        if number < len(answer.reach.classes):
            yield from common.numbers(answer, number)
        else:
            yield from common.addresses(answer.reach.index.range_of(number), direction)


def _sort_cells(column: dict[PortSet, int]) -> Cells:
    return tuple(sorted((sources, ports) for ports, sources in column.items()))


def _cut_pieces(old: ReachResult, new: ReachResult, direction: Direction) -> Ranges:
    """The address pieces of both versions cut by each other."""
    cuts = [
        tuple(answer.reach.index.range_of(number) for number in answer.reach.index.numbers(direction))
        for answer in (old, new)
    ]
    wholes = {whole for cut in cuts for whole in join_ranges(cut)}
    return cut_atoms(cuts, sorted(wholes))
