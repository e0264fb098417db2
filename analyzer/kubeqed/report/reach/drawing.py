"""Connections as a drawing: a box for each peer, workloads framed by namespace, and arrows between boxes and frames.

A connection between many peers goes through a box with its ports, so that the arrows stay few. Above sixty workloads a
box is a namespace, and the drawing says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import chain
from typing import NamedTuple

from kubeqed.diagnostic import more_text
from kubeqed.reach import NAME_OF_CONTROLLER, Connection, Group, Peer
from kubeqed.reach.algebra import PortSet, Ranges, format_ports, split_apart, union_of
from kubeqed.report.reach.words import addresses_text, workload_text
from kubeqed.report.words import count_text

MOST_WORKLOADS = 60
MOST_BLOCKS = 12
FEW = 3  # arrows that need no box of ports

Spot = str  # what an arrow starts and ends at: the name of a box or of a frame


class Box(NamedTuple):
    """A box with the lines of its label; one of ports stands on the way of a connection."""

    name: Spot
    lines: tuple[str, ...]
    ports: bool = False


class DrawingFrame(NamedTuple):
    """Boxes with a title around them."""

    name: Spot
    title: str
    boxes: tuple[Box, ...]


class Heads(Enum):
    """At which ends of a line there is the head of an arrow; none on the way to a box of ports."""

    NONE = "none"
    ONE = "one"
    BOTH = "both"


class Arrow(NamedTuple):
    """A line from one spot to another."""

    source: Spot
    destination: Spot
    text: str = ""
    heads: Heads = Heads.ONE


class Drawing(NamedTuple):
    """What is drawn of one unit; `note` says what was left out, empty where everything is drawn."""

    frames: tuple[DrawingFrame, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    note: str = ""


def make_drawing(connections: Sequence[Connection]) -> Drawing:
    """What to draw of the connections of one unit."""
    groups = [group for one in connections for group in (one.sources, one.destinations)]
    spaces: dict[str, list[Peer]] = defaultdict(list)
    for peer in sorted({peer for group in groups for peer in group.workloads}):
        spaces[peer.namespace].append(peer)
    outside = Outside(groups)
    if sum(map(len, spaces.values())) > MOST_WORKLOADS:
        return _of_namespaces(connections, spaces, outside)
    return _of_workloads(connections, spaces, outside)


class Outside:
    """The boxes of addresses, one for each set that connections tell apart, and of the ingress controller."""

    def __init__(self, groups: Iterable[Group]) -> None:
        groups = list(groups)
        sets = list(dict.fromkeys(group.addresses for group in groups if group.addresses))
        self._numbers = {ranges: at for at, ranges in enumerate(sets)}
        self._pieces = split_apart(sets)
        self._controller = any(group.controller for group in groups)

    @property
    def boxes(self) -> list[Box]:
        """The boxes."""
        found = [Box("controller", (NAME_OF_CONTROLLER,))] if self._controller else []
        return found + [Box(f"a{at}", _list_blocks(ranges)) for at, (ranges, _) in enumerate(self._pieces, 1)]

    def spots(self, group: Group) -> Iterator[Spot]:
        """The boxes that a group takes part with."""
        if group.controller:
            yield "controller"
        number = self._numbers.get(group.addresses)
        yield from (f"a{at}" for at, (_, holding) in enumerate(self._pieces, 1) if number in holding)


class Flow(NamedTuple):
    """From each of some spots to each of others; never from a spot to itself."""

    sources: tuple[Spot, ...]
    destinations: tuple[Spot, ...]
    text: str


def _of_workloads(connections: Iterable[Connection], spaces: dict[str, list[Peer]], outside: Outside) -> Drawing:
    boxes = {peer: Box(f"w{at}", (_shorten_peer(peer),)) for at, peer in enumerate(chain(*spaces.values()), 1)}
    frames = {name: f"n{at}" for at, name in enumerate(spaces, 1)}
    members = {frames[name]: [boxes[peer].name for peer in peers] for name, peers in spaces.items()}
    among: dict[Spot, list[str]] = defaultdict(list)

    def spots(group: Group, other: Group) -> tuple[Spot, ...]:
        lone = other.workloads if other.size == 1 < group.size else ()  # which is left out where it meets itself
        held = frozenset((*group.workloads, *lone))
        whole = [name for name, peers in spaces.items() if len(peers) > 1 and held.issuperset(peers)]
        rest = [boxes[peer].name for peer in group.workloads if peer.namespace not in whole]
        return (*outside.spots(group), *(frames[name] for name in whole), *rest)

    flows = []
    for one in connections:
        flow = Flow(spots(one.sources, one.destinations), spots(one.destinations, one.sources), format_ports(one.ports))
        for frame in {*flow.sources} & {*flow.destinations} & {*members}:
            among[frame].append(flow.text)
        flows.append(flow)
    framed = [
        DrawingFrame(frames[name], _make_title(name, among[frames[name]]), tuple(boxes[peer] for peer in peers))
        for name, peers in spaces.items()
    ]
    on_the_way, arrows = _draw_flows(flows, members)
    return Drawing(tuple(framed), (*outside.boxes, *on_the_way), arrows)


def _of_namespaces(connections: Iterable[Connection], spaces: dict[str, list[Peer]], outside: Outside) -> Drawing:
    names = {name: f"n{at}" for at, name in enumerate(spaces, 1)}
    sizes = {names[name]: len(peers) for name, peers in spaces.items()}
    cells = _count_pairs(connections, names, outside)
    texts = {pair: _ports_text(found, _all_pairs(*pair, sizes)) for pair, found in cells.items()}
    together: dict[tuple[frozenset[Spot], str], list[Spot]] = defaultdict(list)
    for (source, said), several in _by_text(texts).items():
        together[frozenset(several), said].append(source)
    flows = [Flow(tuple(sources), tuple(sorted(found)), said) for (found, said), sources in together.items()]
    on_the_way, arrows = _draw_flows(flows, {})
    boxes = [
        Box(
            names[name], (name, count_text(len(peers), "workload"), *_list_among(texts.get((names[name], names[name]))))
        )
        for name, peers in spaces.items()
    ]
    count = sum(sizes.values())
    note = f"{count:,} workloads are too many for one drawing: a box is a namespace; --namespace NAME draws one in full"
    return Drawing((), (*outside.boxes, *boxes, *on_the_way), arrows, note)


def _count_pairs(
    connections: Iterable[Connection], names: dict[str, Spot], outside: Outside
) -> dict[tuple[Spot, Spot], dict[PortSet, int]]:
    """For each pair of boxes, how many pairs of peers have which ports."""

    def counts(group: Group) -> dict[Spot, int]:
        found: dict[Spot, int] = defaultdict(int)
        for spot in (*outside.spots(group), *(names[peer.namespace] for peer in group.workloads)):
            found[spot] += 1
        return found

    cells: dict[tuple[Spot, Spot], dict[PortSet, int]] = defaultdict(lambda: defaultdict(int))
    for one in connections:
        sources, destinations = counts(one.sources), counts(one.destinations)
        themselves = counts(Group(tuple({*one.sources.workloads} & {*one.destinations.workloads})))
        for source, many in sources.items():
            for destination, more in destinations.items():
                pairs = many * more - (themselves.get(source, 0) if source == destination else 0)
                if pairs:
                    cells[source, destination][one.ports] += pairs
    return cells


def _all_pairs(source: Spot, destination: Spot, sizes: dict[Spot, int]) -> int:
    many = sizes.get(source, 1)
    return many * sizes.get(destination, 1) - (many if source == destination else 0)


def _ports_text(found: dict[PortSet, int], every: int) -> str:
    """The ports that every pair has, else what some have."""
    together = format_ports(union_of(found))
    return together if len(found) == 1 and sum(found.values()) == every else f"some: {together}"


def _by_text(texts: dict[tuple[Spot, Spot], str]) -> dict[tuple[Spot, str], list[Spot]]:
    found: dict[tuple[Spot, str], list[Spot]] = defaultdict(list)
    for (source, destination), said in texts.items():
        found[source, said].append(destination)
    return found


def _draw_flows(flows: Iterable[Flow], members: dict[Spot, list[Spot]]) -> tuple[tuple[Box, ...], tuple[Arrow, ...]]:
    """The arrows of all flows, and the boxes of ports that stand on the way of those between many."""
    on_the_way: list[Box] = []
    direct: dict[tuple[Spot, Spot], str] = {}
    arrows: list[Arrow] = []
    for flow in flows:
        pairs = list(_list_arrows(flow, members))
        ends = len(flow.sources) + len(flow.destinations)
        if len(pairs) > max(ends, FEW):
            box = Box(f"p{len(on_the_way) + 1}", (flow.text,), ports=True)
            on_the_way.append(box)
            arrows += [Arrow(source, box.name, heads=Heads.NONE) for source in flow.sources]
            arrows += [Arrow(box.name, destination) for destination in flow.destinations]
        else:
            direct.update((pair, flow.text) for pair in pairs)
    return tuple(on_the_way), (*_both_ways(direct), *arrows)


def _list_arrows(flow: Flow, members: dict[Spot, list[Spot]]) -> Iterator[tuple[Spot, Spot]]:
    """The arrows of a flow one by one; from a box to its own frame, to each of the others in it."""
    for source in flow.sources:
        for destination in flow.destinations:
            if source in members.get(destination, ()):
                yield from ((source, one) for one in members[destination] if one != source)
            elif destination in members.get(source, ()):
                yield from ((one, destination) for one in members[source] if one != destination)
            elif source != destination:
                yield source, destination


def _both_ways(direct: dict[tuple[Spot, Spot], str]) -> Iterator[Arrow]:
    for (source, destination), said in direct.items():
        both = direct.get((destination, source)) == said
        if not both or source < destination:
            yield Arrow(source, destination, said, Heads.BOTH if both else Heads.ONE)


def _make_title(namespace: str, among: Iterable[str]) -> str:
    return ", ".join([namespace, *(f"among themselves: {said}" for said in among)])


def _list_among(said: str | None) -> list[str]:
    return [f"among themselves: {said}"] if said else []


def _shorten_peer(peer: Peer) -> str:
    """A workload inside the frame of its namespace."""
    return workload_text(peer).removeprefix(f"{peer.namespace}/")


def _list_blocks(ranges: Ranges) -> tuple[str, ...]:
    blocks = addresses_text(Group(addresses=ranges))
    return (*blocks[:MOST_BLOCKS], *more_text(len(blocks) - MOST_BLOCKS))
