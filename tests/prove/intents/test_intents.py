"""Verdicts on random intents against every packet of the pods that are shown, and of pods that could be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.prove.packets.test_agreement import judge, labels, spaces
from tests.prove.packets.worlds import PacketWorld
from tests.reach.clusters import KEYS, NAMES, NUMBERS, SPACES, VALUES, clusters
from tests.reach.world import unit_of_objects

from kubeqed.model.cluster import Stated
from kubeqed.model.intents import EndClaim, EndKind, Expectation, Intent, IntentException, LabelClaim
from kubeqed.parse import Place
from kubeqed.prove.intents.claims import ClaimReader
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.packets.concrete import ConcreteLogic
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.prove.packets.semantics import SUBJECT, leaves_open
from kubeqed.reach import Assumptions
from kubeqed.reach.algebra import ALL, parse_cidr, single_port
from kubeqed.reach.policies import PROTOCOLS, Reachability

NOWHERE: Place = None  # type: ignore[assignment]  # no message is made here
PORTS = [single_port(protocol, number)[0] for protocol in PROTOCOLS for number in (*NUMBERS, 444)]
OUTSIDE = [AddressEnd((parse_cidr(text) or (0, 0))[0]) for text in ("8.8.8.8/32", "10.1.7.7/32", "203.0.113.9/32")]

expressions = st.one_of(
    st.tuples(st.sampled_from(KEYS), st.just("In"), st.sampled_from(VALUES).map(lambda one: (one,))),
    st.tuples(st.sampled_from(KEYS), st.just("NotIn"), st.sampled_from(VALUES).map(lambda one: (one,))),
    st.tuples(st.sampled_from(KEYS), st.sampled_from(("Exists", "DoesNotExist")), st.just(())),
)
asked = st.lists(expressions, max_size=2).map(tuple)
excluded = st.lists(expressions, min_size=1, max_size=2).map(lambda several: (LabelClaim(tuple(several)),))
label_claims = st.builds(LabelClaim, asked, st.just(()) | excluded)
named = st.lists(st.sampled_from(SPACES).map(Stated), max_size=2).map(tuple)
pod_ends = st.builds(EndClaim, st.just(EndKind.PODS), label_claims, st.just(LabelClaim()), named, st.booleans())
outside_ends = st.sampled_from([EndClaim(EndKind.EXTERNAL), EndClaim(EndKind.INTERNET)])
one_end = st.lists(st.one_of(pod_ends, pod_ends, outside_ends), min_size=1, max_size=2).map(tuple)
port_sets = st.one_of(st.just(ALL), st.sampled_from(PORTS).map(lambda port: (port, port)))
exceptions = st.just(()) | st.builds(IntentException, one_end, st.none(), port_sets).map(lambda one: (one,))
intents = st.builds(
    lambda source, destination, expect, ports, excepted, apart: Intent(
        "claim", NOWHERE, source, destination, expect, ports, excepted, apart=apart
    ),
    one_end,
    one_end,
    st.sampled_from(Expectation),
    port_sets,
    exceptions,
    st.booleans(),
)


@st.composite
def absent(draw: st.DrawFn) -> PodEnd:
    space = tuple(sorted(draw(spaces).items()))
    return PodEnd(draw(st.sampled_from((*SPACES, "elsewhere"))), tuple(sorted(draw(labels).items())), space)


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(clusters(), intents, st.lists(absent(), min_size=6, max_size=6))
def test_no_packet_contradicts_a_verdict(objects: list[dict[str, Any]], intent: Intent, others: list[PodEnd]) -> None:
    unit = unit_of_objects(objects)
    verdict = IntentJudge(unit, [intent], Assumptions()).judge(intent)
    world = PacketWorld(unit)
    refuting = [packet for packet in packets(world.reach, others) if refutes(world, objects, intent, packet)]
    if verdict.holds:
        assert not refuting, refuting[0]
    else:
        assert verdict.holds is False
        assert verdict.witness is not None
        assert refutes(world, objects, intent, verdict.witness), verdict.witness


def packets(reach: Reachability, others: list[PodEnd]) -> Iterator[Packet]:
    """Of each two pods, shown or not, and addresses: on every port that a rule may tell apart, with and without a name."""
    shown = [
        PodEnd(
            one.owner.namespace,
            tuple(sorted((key, value) for key, value in one.labels.items() if isinstance(value, str))),
            (),
            not one.host_network,
            one.addresses,
            one,
        )
        for one in reach.endpoints
    ]
    ends: list[PacketEnd] = [*shown, *others, *OUTSIDE]
    for source, destination in product(ends, repeat=2):
        if source is destination or not (isinstance(source, PodEnd) or isinstance(destination, PodEnd)):
            continue
        if isinstance(source, PodEnd) and isinstance(destination, PodEnd) and source.namespace == destination.namespace:
            target: PacketEnd = destination._replace(space=source.space)
        else:
            target = destination
        yield from (Packet(source, target, port, called(target, port)) for port in PORTS[::2])


def called(destination: PacketEnd, port: int) -> frozenset[str]:
    if not isinstance(destination, PodEnd):
        return frozenset()
    if destination.endpoint is None:
        return frozenset(NAMES[: port % 3])
    own = destination.endpoint.ports
    return frozenset(name for name, typed, number in own if single_port(typed, number)[0] == port)


def refutes(world: PacketWorld, objects: list[dict[str, Any]], intent: Intent, packet: Packet) -> bool:
    reader = ClaimReader(ConcreteLogic(packet, world.declared), world.space, dns_shown=False)
    if intent.expect is Expectation.ISOLATED:
        return left_open(world, intent, packet)
    through = judge(objects, packet, False)
    return reader.claims(intent) and through is (intent.expect is Expectation.DENIED)


def left_open(world: PacketWorld, intent: Intent, packet: Packet) -> bool:
    logic = ConcreteLogic(packet, world.declared)
    reader = ClaimReader(logic, world.space, dns_shown=False)
    return reader.excepts_none(intent) and any(
        reader.claims_end(end, intent.destination) and leaves_open(logic, world.policies, direction)
        for direction, end in SUBJECT.items()
    )
