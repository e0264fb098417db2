"""One meaning, three readers: brute force, the logic of one packet, and Z3 for all packets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.prove.packets.worlds import PacketWorld, brute_packet
from tests.reach import brute
from tests.reach.clusters import CIDRS, KEYS, NAMES, NUMBERS, SPACES, VALUES, clusters
from tests.reach.world import unit_of_objects

from kubeqed.prove.packets.concrete import ConcreteLogic
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.prove.packets.search import PacketSearch
from kubeqed.prove.packets.semantics import allows
from kubeqed.prove.packets.space import NEW
from kubeqed.prove.packets.symbolic import SymbolicLogic
from kubeqed.prove.packets.variables import ABSENT, OTHER_VALUE, PacketVariables
from kubeqed.reach.algebra import parse_cidr, single_port
from kubeqed.reach.policies import PROTOCOLS

labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from((*VALUES, "other")), max_size=2)
spaces = st.dictionaries(st.sampled_from(("env", "team")), st.sampled_from(("a", "b", "other")), max_size=2)
addresses = st.sampled_from(CIDRS).map(lambda text: (parse_cidr(text) or (0, 0))[0] + 7)


@st.composite
def pods(draw: st.DrawFn) -> PodEnd:
    name = draw(st.sampled_from((*SPACES, "elsewhere")))
    mine = tuple(sorted(draw(labels).items()))
    return PodEnd(name, mine, tuple(sorted(draw(spaces).items())), True, (draw(addresses),))


ends: st.SearchStrategy[PacketEnd] = st.one_of(pods(), pods(), addresses.map(AddressEnd))


@st.composite
def packets(draw: st.DrawFn) -> Packet:
    protocol, number = draw(st.sampled_from(PROTOCOLS)), draw(st.sampled_from((*NUMBERS, 444)))
    called = draw(st.sets(st.sampled_from(NAMES), max_size=1))
    source, destination = draw(ends), draw(ends)
    if isinstance(source, AddressEnd) and isinstance(destination, AddressEnd):
        destination = draw(pods())
    if isinstance(source, PodEnd) and isinstance(destination, PodEnd) and source.namespace == destination.namespace:
        destination = destination._replace(space=source.space)
    return Packet(source, destination, single_port(protocol, number)[0], frozenset(called))


def judge(objects: list[dict[str, Any]], packet: Packet, by_address: bool) -> bool:
    one, added = brute_packet(packet)
    declared = {item["metadata"]["name"] for item in objects if item["kind"] == "Namespace"}
    new = [item for item in added if item["metadata"]["name"] not in declared]
    return brute.Cluster([*objects, *new], blocks_match_pods=by_address).passes(one)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters(), st.booleans(), st.lists(packets(), min_size=20, max_size=20))
def test_the_meaning_for_one_packet_is_that_of_brute_force(
    objects: list[dict[str, Any]], by_address: bool, several: list[Packet]
) -> None:
    world = PacketWorld(unit_of_objects(objects), by_address=by_address)
    for packet in several:
        logic = ConcreteLogic(packet, world.declared)
        assert allows(logic, world.policies) is judge(objects, packet, by_address), packet


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters(), st.booleans(), st.booleans(), st.lists(packets(), min_size=20, max_size=20))
def test_z3_finds_a_packet_where_there_is_one(
    objects: list[dict[str, Any]], by_address: bool, shown: bool, several: list[Packet]
) -> None:
    world = PacketWorld(unit_of_objects(objects), by_address=by_address)
    variables = world.variables(shown=shown)
    logic = SymbolicLogic(variables, world.declared)
    search = PacketSearch(variables)
    some_pod = logic.some([logic.is_pod(Side.SOURCE), logic.is_pod(Side.DESTINATION)])
    through = allows(logic, world.policies)
    for wanted, statement in ((True, through), (False, z3.Not(through))):
        found = search.find_packet(logic.every([some_pod, statement]))
        if found is not None:
            assert judge(objects, found, by_address) is wanted, found
            assert allows(ConcreteLogic(found, world.declared), world.policies) is wanted
        else:
            assert all(judge(objects, packet, by_address) is not wanted for packet in several)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(clusters(), st.booleans(), st.lists(packets(), min_size=8, max_size=8))
def test_a_closed_formula_is_what_it_is_for_the_packet(
    objects: list[dict[str, Any]], by_address: bool, several: list[Packet]
) -> None:
    world = PacketWorld(unit_of_objects(objects), by_address=by_address)
    variables = world.variables(shown=False)
    logic = SymbolicLogic(variables, world.declared)
    search = PacketSearch(variables)
    through = allows(logic, world.policies)
    for packet in several:
        expected = allows(ConcreteLogic(packet, world.declared), world.policies)
        closed = list(fix_packet(world, variables, packet))
        assert search.is_possible(through, *closed) is expected
        assert search.is_possible(z3.Not(through), *closed) is not expected


def fix_packet(world: PacketWorld, variables: PacketVariables, packet: Packet) -> Iterator[z3.BoolRef]:
    """That the variables are those of one packet."""
    space = world.space
    yield variables.port == packet.port
    governed = isinstance(packet.destination, PodEnd)
    yield from (called == (name in packet.names and governed) for name, called in variables.names.items())
    for end, one in ((Side.SOURCE, packet.source), (Side.DESTINATION, packet.destination)):
        at = variables.ends[end]
        address = one.address if isinstance(one, AddressEnd) else one.addresses[0]
        piece = next(number for number, (low, high) in enumerate(space.pieces) if low <= address <= high)
        yield at.piece == piece
        if isinstance(one, AddressEnd):
            yield at.is_address
            continue
        known = one.namespace in space.namespaces
        yield z3.And(at.is_free, at.namespace == (space.number_of(one.namespace) if known else NEW))
        worn = variables.shared[one.namespace] if known else at.space
        yield from fix_labels(at.labels, space.pod_labels, dict(one.labels))
        yield from fix_labels(worn, space.space_labels, dict(one.space))


def fix_labels(
    variables: dict[str, z3.BitVecRef], values: dict[str, tuple[str, ...]], labels: dict[str, str]
) -> Iterator[z3.BoolRef]:
    for key, variable in variables.items():
        value = labels.get(key)
        number = OTHER_VALUE + 1 + values[key].index(value) if value in values[key] else OTHER_VALUE
        yield variable == (ABSENT if value is None else number)


def test_two_new_namespaces_have_two_names() -> None:
    egress = [
        {"action": "Accept", "to": [{"namespaces": {"matchLabels": {"env": "a"}}}]},
        {"action": "Deny", "to": [{"namespaces": {}}]},
    ]
    subject = {"namespaces": {"matchLabels": {"env": "a"}}}
    policy = {
        "apiVersion": "policy.networking.k8s.io/v1alpha2",
        "kind": "ClusterNetworkPolicy",
        "metadata": {"name": "admin"},
        "spec": {"tier": "Admin", "priority": 0, "subject": subject, "egress": egress},
    }
    world = PacketWorld(unit_of_objects([policy]))
    variables = world.variables(shown=False)
    logic = SymbolicLogic(variables, world.declared)
    pods = [logic.is_pod(Side.SOURCE), logic.is_pod(Side.DESTINATION)]
    refused = PacketSearch(variables).find_packet(logic.every([*pods, z3.Not(allows(logic, world.policies))]))
    assert refused is not None
    assert isinstance(refused.source, PodEnd)
    assert isinstance(refused.destination, PodEnd)
    assert (refused.source.namespace, refused.destination.namespace) == ("new-namespace", "other-namespace")
    assert not judge([policy], refused, False)
