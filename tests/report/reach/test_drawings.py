"""Drawings say what the list says, with one box for each peer, and names that mean something to renderers are only names."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.reach.samples import pod

from kubeqed.cli import main
from kubeqed.reach.algebra.addresses import ALL_V4, parse_cidr
from kubeqed.reach.algebra.ports import ALL, PortSet, format_ports, make_ports
from kubeqed.reach.peer import Group, Peer
from kubeqed.reach.query.answer import Connection
from kubeqed.report.reach.canvas import Canvas
from kubeqed.report.reach.drawing import Drawing, Heads, make_drawing
from kubeqed.report.reach.formats import dot, mermaid

PEERS = [
    Peer(space, name, "Pod") for space, names in (("north", "abc"), ("south", "ab"), ("west", "a")) for name in names
]
TEN = parse_cidr("10.0.0.0/8") or ALL_V4

BLOCKS = [(ALL_V4,), (TEN,), ((0, TEN[0] - 1), (TEN[1] + 1, ALL_V4[1]))]
PORTS = [ALL, make_ports("TCP", 80, 80), make_ports("UDP", 53, 53)]
ODD = Peer("shöp", 'a"b <i>&amp; #x; \\ `', "Pod")

Pair = tuple[str, str, str]


@st.composite
def connections(draw: st.DrawFn) -> list[Connection]:
    """Connections that do not overlap, as those of an answer: each destination is in one of them."""
    groups = st.tuples(st.sets(st.sampled_from(PEERS)), st.sampled_from([(), *BLOCKS]), st.booleans())
    columns = draw(st.lists(st.tuples(groups, st.sampled_from(PORTS)), min_size=1, max_size=3))
    chosen = [draw(st.integers(0, len(columns))) for _ in PEERS]
    found = []
    for at, ((sources, addresses, controller), said) in enumerate(columns):
        targets = tuple(peer for peer, number in zip(PEERS, chosen, strict=True) if number == at)
        source = Group(tuple(sorted(sources)), addresses, controller)
        if targets and source.size:
            found.append(Connection(source, Group(targets), said))
    return found


@given(connections())
def test_the_arrows_say_what_the_list_says(listed: list[Connection]) -> None:
    drawn = make_drawing(listed)
    assert not [one for one in drawn.arrows if one.source == one.destination]
    labels = {box.name: box.lines for box in drawn.boxes}
    names = {f"{peer.name}[Pod]" for peer in PEERS}
    framed = [(frame.title.partition(",")[0], box) for frame in drawn.frames for box in frame.boxes]
    assert {line for _, box in framed for line in box.lines} <= names
    assert max(Counter(f"{space}/{box.lines[0]}" for space, box in framed).values(), default=1) == 1
    texts = {box.name: f"{space}/{box.lines[0]}" for space, box in framed}
    outside = {name: " ".join(lines) for name, lines in labels.items()}
    found = {(*(texts.get(spot, outside.get(spot, "")) for spot in pair[:2]), pair[2]) for pair in _pairs(drawn)}
    assert {one for one in found if one[0] in texts.values()} == set(_listed(listed))
    assert {one[1:] for one in found if one[0] == "{ingress-controller}"} == {
        (str(target), format_ports(one.ports))
        for one in listed
        if one.sources.controller
        for target in one.destinations.workloads
    }


def _listed(connections: list[Connection]) -> list[Pair]:
    return [
        (str(source), str(target), format_ports(one.ports))
        for one in connections
        for source in one.sources.workloads
        for target in one.destinations.workloads
        if source != target
    ]


def _pairs(drawn: Drawing) -> set[Pair]:
    """The arrows between boxes, frames and boxes of ports resolved."""
    members = {frame.name: [box.name for box in frame.boxes] for frame in drawn.frames}
    ways = {box.name: box.lines[0] for box in drawn.boxes if box.ports}
    plain = [
        (one.source, one.destination, one.text) for one in drawn.arrows if not {one.source, one.destination} & {*ways}
    ]
    plain += [(one.destination, one.source, one.text) for one in drawn.arrows if one.heads is Heads.BOTH]
    for way, said in ways.items():
        sources = [one.source for one in drawn.arrows if one.destination == way]
        targets = [one.destination for one in drawn.arrows if one.source == way]
        plain += [(source, target, said) for source, target in product(sources, targets)]
    for frame in drawn.frames:
        plain += [
            (frame.name, frame.name, said) for said in re.findall(r"themselves: ([^:]*?)(?:, among|\Z)", frame.title)
        ]
    return {
        (source, target, said)
        for left, right, said in plain
        for source, target in product(members.get(left, [left]), members.get(right, [right]))
        if source != target
    }


def test_above_sixty_workloads_a_box_is_a_namespace_and_that_is_said() -> None:
    many = [Peer(space, f"w{number}", "Pod") for space in ("north", "south") for number in range(31)]
    north, south = tuple(many[:31]), tuple(many[31:])
    listed = [
        Connection(Group(north), Group(south), PORTS[1]),
        Connection(Group(north), Group(north), ALL),
        Connection(Group(south[:1]), Group(north), PORTS[2]),
    ]
    drawn = make_drawing(listed)
    assert drawn.frames == ()
    assert [box.lines for box in drawn.boxes] == [
        ("north", "31 workloads", "among themselves: All Connections"),
        ("south", "31 workloads"),
    ]
    assert [(one.source, one.destination, one.text) for one in drawn.arrows] == [
        ("n1", "n2", "TCP 80"),
        ("n2", "n1", "some: UDP 53"),
    ]
    for draw in (dot.draw, mermaid.draw):
        assert "62 workloads are too many for one drawing: a box is a namespace" in draw(Canvas((("", drawn),)))


def test_one_of_two_in_a_namespace_reaches_the_other_and_not_the_reverse() -> None:
    one, other = (Peer("shop", name, "Pod") for name in ("web", "db"))
    drawn = make_drawing([Connection(Group((one,)), Group((other,)), PORTS[1])])
    assert _pairs(drawn) == {("w2", "w1", "TCP 80")}


def test_a_connection_between_many_goes_through_a_box_with_its_ports() -> None:
    many = [Peer(space, f"w{number}", "Pod") for space in ("north", "south") for number in range(5)]
    every = Connection(Group(tuple(many)), Group(tuple(many)), ALL)
    some = Connection(Group(tuple(many[:4])), Group(tuple(many[5:9])), PORTS[1])
    drawn = make_drawing([some, every])
    assert [box.lines for box in drawn.boxes if box.ports] == [("TCP 80",)]
    assert len([one for one in drawn.arrows if not one.text]) == 8


ONE = make_drawing([Connection(Group((ODD,), (ALL_V4,)), Group((PEERS[0],)), PORTS[1])])
LONE = Canvas((("", ONE),))


def test_mermaid_takes_every_name_for_a_name() -> None:
    written = mermaid.draw(LONE)
    (label,) = re.findall(r'w2\["(.*)"\]', written)
    assert label == "a&quot;b &lt;i&gt;&amp;amp; #35;x; \\ `[Pod]"
    assert written.splitlines()[1] == "flowchart LR"


def test_graphviz_takes_every_name_for_a_name() -> None:
    assert 'w2 [label="a\\"b <i>&amp;amp; #x; \\\\ `[Pod]\\l"];' in dot.draw(LONE)


def test_boxes_of_several_units_are_apart() -> None:
    for draw in (dot.draw, mermaid.draw):
        written = draw(Canvas((("one", ONE), ("two", ONE)), ("unless it is otherwise",)))
        assert "u0w1" in written
        assert "u1w1" in written
        assert "unless it is otherwise" in written


def test_addresses_that_connections_tell_apart_are_boxes_of_their_own() -> None:
    found: list[tuple[tuple[tuple[int, int], ...], PortSet]] = [((ALL_V4,), PORTS[1]), ((TEN,), PORTS[2])]
    listed = [Connection(Group(addresses=ranges), Group((PEERS[at],)), said) for at, (ranges, said) in enumerate(found)]
    assert [box.lines for box in make_drawing(listed).boxes] == [("0.0.0.0/0 except 10.0.0.0/8",), ("10.0.0.0/8",)]


@pytest.mark.parametrize("form", ["dot", "mermaid"])
def test_a_drawing_says_what_is_open(tmp_path: Path, form: str) -> None:
    (tmp_path / "web.yaml").write_text(pod("web", host_network=True) + pod("api"))
    text = CliRunner().invoke(main, ["reach", "--output-format", form, str(tmp_path)]).stdout
    assert "note: Pod shop/web: its pods share the node" in text
