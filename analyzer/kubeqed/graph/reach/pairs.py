"""Connections pair by pair, in the words of netpol-analyzer's list, for those who come from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.graph.reach.addresses import Range, shown
from kubeqed.graph.reach.bits import members
from kubeqed.graph.reach.ports import PortSet, union
from kubeqed.graph.reach.quotient import Rectangle
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.shown import Names

Pair = tuple[str, str]


def pairs_of(reach: Reachability, names: Names, rectangles: Iterable[Rectangle]) -> dict[Pair, PortSet]:
    """Every pair of different peers with a connection. Ranges stay as rules cut them."""
    found: dict[Pair, PortSet] = {}
    for sources, destinations, ports in rectangles:
        targets = list(_texts(reach, names, destinations))
        for source in _texts(reach, names, sources):
            for target in targets:
                if source != target:
                    have = found.get((source, target))
                    found[source, target] = ports if have is None else union(have, ports)
    return found


def range_text(one: Range) -> str:
    """A range of addresses as a peer."""
    return f"{shown(one[0])}-{shown(one[1])}[External]"


def _texts(reach: Reachability, names: Names, bits: int) -> Iterator[str]:
    for number in members(bits):
        if number < len(reach.classes):
            yield from (str(one) for one in names.of(number))
        else:
            yield range_text(reach.index.range_of(number))
