"""Connections pair by pair, for those who ask for pairs: there may be millions."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.reach.algebra.addresses import Range, format_address, intersect
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import PortSet, intersection, union
from kubeqed.reach.peer import Group
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult

Pair = tuple[str, str]


def list_pairs(answer: ReachResult, question: ConnectionQuery, controller: str) -> Iterator[tuple[Pair, PortSet]]:
    """Every pair of different peers with a connection; ranges stay as rules cut them, `controller` names its peer."""
    found: dict[Pair, PortSet] = {}
    about = None if question.about is None else frozenset(map(str, question.about))
    for sources, destinations, ports in answer.rectangles(question):
        targets = list(_texts(answer, destinations, question.destinations))
        for source in _texts(answer, sources, question.sources):
            for target in targets:
                if source != target and (about is None or source in about or target in about):
                    have = found.get((source, target))
                    found[source, target] = ports if have is None else union(have, ports)
    yield from found.items()
    for peer, ports in answer.entering.items():
        left = intersection(ports, question.ports)
        if left and question.asks_of(peer):
            yield (controller, str(peer)), left


def format_range(one: Range) -> str:
    """A range of addresses as a peer."""
    return f"{format_address(one[0])}-{format_address(one[1])}[External]"


def _texts(answer: ReachResult, bits: int, wanted: Group | None) -> Iterator[str]:
    asked = None if wanted is None else frozenset(wanted.workloads)
    for number in list_members(bits):
        if number < len(answer.reach.classes):
            yield from (str(one) for one in answer.names.of(number) if asked is None or one in asked)
        else:
            piece = (answer.reach.index.range_of(number),)
            yield from map(format_range, piece if wanted is None else intersect(piece, wanted.addresses))
