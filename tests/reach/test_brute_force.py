"""The engine against an evaluator that judges packet by packet and shares no line with it."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reach.brute import Cluster, Packet
from tests.reach.clusters import NUMBERS, OUTSIDE, PROTOCOLS, clusters
from tests.reach.world import unit_of_objects

from kubeqed.reach.algebra.addresses import parse_address
from kubeqed.reach.algebra.ports import intersection, make_ports
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.answer import ReachResult

Peer = dict[str, Any] | str


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(clusters(), st.booleans())
def test_the_list_and_the_point_query_agree_with_brute_force(objects: list[dict[str, Any]], by_address: bool) -> None:
    answer = ReachResult(unit_of_objects(objects), Assumptions(pods_by_address=by_address))
    brute = Cluster(objects, blocks_match_pods=by_address)
    pods = [item for item in objects if item["kind"] == "Pod"]
    listed = answer.reach.rectangles()
    peers: list[Peer] = [*pods, *OUTSIDE]
    for source, destination in product(peers, repeat=2):
        if source is destination or (isinstance(source, str) and isinstance(destination, str)):
            continue
        start, end = _node(answer, source, "Ingress"), _node(answer, destination, "Egress")
        if start is None or end is None:
            continue
        single = answer.reach.pair(start, end)
        together = [one.ports for one in listed if one.sources >> start & 1 and one.destinations >> end & 1]
        assert len(together) <= 1, "rectangles overlap"
        assert single == (together[0] if together else ()), "the point query contradicts the list"
        for protocol, port in product(PROTOCOLS, (*NUMBERS, 444)):
            expected = brute.passes(Packet(source, destination, protocol, port))
            assert bool(intersection(single, make_ports(protocol, port, port))) is expected, (protocol, port)


def _node(answer: ReachResult, peer: Peer, direction: Direction) -> int | None:
    """The bit of a pod or an address; none for IPv6 where no rule names it."""
    if isinstance(peer, str):
        number = parse_address(peer)
        assert number is not None
        index = answer.reach.index
        listed = (at for at in index.numbers(direction) if index.addresses(direction) >> at & 1)
        return next((at for at in listed if _holds(index.range_of(at), number)), None)
    name = (peer["metadata"]["namespace"], peer["metadata"]["name"])
    return next(at for shown, at in answer.names.classes.items() if (shown.namespace, shown.name) == name)


def _holds(one: tuple[int, int], number: int) -> bool:
    return one[0] <= number <= one[1]
