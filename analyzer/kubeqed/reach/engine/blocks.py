"""Blocks of connections: every source of one reaches every destination of it, on the same ports.

A destination's column is the partition of all sources by the ports on which they reach it: what its ingress accepts,
met with what their egress sends there. Destinations of one signature (the same ingress, named by the same egress
areas) have the same column, so there are as many columns as signatures, not as pods. Rectangles do not overlap: a pair
of peers is in at most one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.ports import PortSet, intersection, union
from kubeqed.reach.engine.allowed import PeersAndPorts

Column = dict[PortSet, int]


class Sender(NamedTuple):
    """Classes that may all send to `area` by their egress alone."""

    classes: int
    area: PeersAndPorts


class Block(NamedTuple):
    """Every one of the sources reaches every one of the destinations on exactly these ports."""

    sources: int
    destinations: int
    ports: PortSet


class ConnectionBlocks:
    """Rectangles from what each node accepts and what each sends.

    `accepts` is indexed by destination; `profile` numbers equal entries of it equally.
    """

    def __init__(
        self, accepts: Sequence[tuple[PeersAndPorts, ...]], profile: Sequence[int], senders: Sequence[Sender], size: int
    ) -> None:
        self._accepts = accepts
        self._profile = profile
        self._senders = senders
        self._size = size

    def rectangles(self, sources: int, destinations: int) -> list[Block]:
        """All that some of `sources` may send to some of `destinations`."""
        found: dict[tuple[int, PortSet], int] = {}
        for group, column in self._build_columns(sources, destinations):
            for ports, senders in column.items():
                key = (senders, ports)
                found[key] = found.get(key, 0) | group
        return [Block(senders, group, ports) for (senders, ports), group in found.items()]

    def _build_columns(self, sources: int, destinations: int) -> Iterator[tuple[int, Column]]:
        """The destinations by signature, each group with the one column that its members share."""
        usual, naming = self._find_naming_senders(destinations)
        # Two destinations with equal ingress still differ if some sender's egress names only one of them. Both
        # together are the signature; one column serves all destinations that share it.
        groups: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        for number in list_members(destinations):
            groups.setdefault((self._profile[number], tuple(naming.get(number, ()))), []).append(number)
        for (_, named), numbers in groups.items():
            sent = [self._senders[at] for at in (*usual, *named)]
            column = _build_column(self._accepts[numbers[0]], sent, sources)
            if column:
                yield bits_of(numbers, self._size), column

    def _find_naming_senders(self, destinations: int) -> tuple[list[int], dict[int, list[int]]]:
        """Which senders name all of the destinations, and for each destination which others name it."""
        usual: list[int] = []
        naming: dict[int, list[int]] = {}
        for at, sender in enumerate(self._senders):
            named = sender.area.peers & destinations
            # Most senders may send anywhere. Keeping them apart leaves the signatures short: only restricted senders
            # are in them.
            if named == destinations:
                usual.append(at)
                continue
            for number in list_members(named):
                naming.setdefault(number, []).append(at)
        return usual, naming


def group_senders(sends: Sequence[tuple[PeersAndPorts, ...]], size: int) -> list[Sender]:
    """Who sends where, classes with the same area together; `sends` is indexed by class."""
    once: dict[int, tuple[PeersAndPorts, list[int]]] = {}  # to hash an area costs its size, so each is hashed once
    for number, areas in enumerate(sends):
        for area in areas:
            once.setdefault(id(area), (area, []))[1].append(number)
    by_area: dict[PeersAndPorts, list[int]] = {}
    for area, numbers in once.values():
        by_area.setdefault(area, []).extend(numbers)
    return [Sender(bits_of(numbers, size), area) for area, numbers in by_area.items()]


def _build_column(accepts: tuple[PeersAndPorts, ...], senders: Sequence[Sender], sources: int) -> Column:
    """The partition of the sources by the ports on which they get through; those that do not are left out."""
    cells: Column = {}
    for peers, open_ports in accepts:
        welcome = peers & sources
        for classes, area in senders if welcome else ():
            through = welcome & classes
            if through:
                ports = intersection(open_ports, area.ports)
                if ports:
                    _add_ports(cells, through, ports)
    return cells


def _add_ports(cells: Column, through: int, ports: PortSet) -> None:
    """Give `ports` to the sources `through`, beside what they have."""
    # Cells stay disjoint: sources that already have ports move to the cell of the union, and a cell that loses all
    # its sources goes. `new` waits until the loop ends, or a source could be moved twice.
    new: Column = {}
    for have, bits in list(cells.items()):
        both = bits & through
        if not both:
            continue
        through &= ~both
        more = union(have, ports)
        if more != have:
            rest = bits & ~both
            if rest:
                cells[have] = rest
            else:
                del cells[have]
            new[more] = new.get(more, 0) | both
    if through:
        new[ports] = new.get(ports, 0) | through
    for have, bits in new.items():
        cells[have] = cells.get(have, 0) | bits
