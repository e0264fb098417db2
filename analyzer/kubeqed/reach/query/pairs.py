"""Connections pair by pair, for those who ask for pairs: there may be millions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from kubeqed.reach.algebra.addresses import Range, format_address, intersect
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import EMPTY, PortSet, intersection, union
from kubeqed.reach.peer import NAME_OF_CONTROLLER, Group
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult

T = TypeVar("T")


class PairConnection(NamedTuple):
    """One peer may send to another; both by name, a range of addresses as `FIRST-LAST[External]`."""

    source: str
    destination: str
    ports: PortSet


def list_pairs(answer: ReachResult, question: ConnectionQuery) -> Iterator[PairConnection]:
    """Every pair of different peers with a connection; ranges stay as rules cut them."""
    found: dict[tuple[str, str], PortSet] = {}
    about = None if question.about is None else frozenset(map(str, question.about))
    for sources, destinations, ports in answer.rectangles(question):
        targets = list(_name_peers(answer, destinations, question.destinations))
        for source in _name_peers(answer, sources, question.sources):
            for target in targets:
                if source != target and (about is None or source in about or target in about):
                    have = found.get((source, target))
                    found[source, target] = ports if have is None else union(have, ports)
    for pair, ports in found.items():
        yield PairConnection(*pair, ports)
    for peer, ports in answer.entering.items():
        left = intersection(ports, question.ports)
        if left and question.asks_of(peer):
            yield PairConnection(NAME_OF_CONTROLLER, str(peer), left)


class ExternalConnection(NamedTuple):
    """A workload may send to addresses, or receive from them; both by name, as in a pair."""

    workload: str
    addresses: str
    ports: PortSet


def list_external(answer: ReachResult, question: ConnectionQuery, direction: Direction) -> Iterator[ExternalConnection]:
    """The connections of workloads with addresses, which are destinations for Egress, sources for Ingress."""
    pods = (1 << len(answer.reach.classes)) - 1
    about = None if question.about is None else frozenset(map(str, question.about))
    own, other = _in_order(direction, question.sources, question.destinations)
    found: dict[tuple[str, str], PortSet] = {}
    for block in answer.rectangles(question):
        inside, outside = _in_order(direction, block.sources, block.destinations)
        ranges = list(_name_peers(answer, outside & ~pods, other))
        for workload in _name_peers(answer, inside & pods, own) if ranges else ():
            if about is None or workload in about:
                for one in ranges:
                    found[workload, one] = union(found.get((workload, one), EMPTY), block.ports)
    return (ExternalConnection(*pair, ports) for pair, ports in found.items())


def _in_order(direction: Direction, source: T, destination: T) -> tuple[T, T]:
    """The side that a direction is about, and the other one."""
    return (source, destination) if direction == "Egress" else (destination, source)


def format_range(one: Range) -> str:
    """A range of addresses as a peer."""
    return f"{format_address(one[0])}-{format_address(one[1])}[External]"


def _name_peers(answer: ReachResult, bits: int, wanted: Group | None) -> Iterator[str]:
    """The peers of a set as texts, as far as they are asked for."""
    asked = None if wanted is None else frozenset(wanted.workloads)
    for number in list_members(bits):
        if number < len(answer.reach.classes):
            yield from (str(one) for one in answer.names.of(number) if asked is None or one in asked)
        else:
            piece = (answer.reach.index.range_of(number),)
            yield from map(format_range, piece if wanted is None else intersect(piece, wanted.addresses))
