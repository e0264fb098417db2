"""Which stated node ports the server may give to others: against every order of the Services and every choice of its allocator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.worlds import graph

from kubeqed.model.cluster import Cluster, PortRange, Stated
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.questions.node_ports import NodePortFree, explicit_slots

LOW, FIRST_PICKED, HIGH = 30000, 30016, 30018
"""A range of 19 ports, the upper three of which the server gives out first."""

RANGE = Cluster(node_port_range=Stated(PortRange(LOW, HIGH)))
Entries = tuple[int | None, ...]  # the node ports of a Service; None where the server picks one


def service(number: int, entries: Entries) -> str:
    ports = ", ".join(
        f"{{name: p{at}, port: {80 + at}{'' if asked is None else f', nodePort: {asked}'}}}"
        for at, asked in enumerate(entries)
    )
    return f"{{apiVersion: v1, kind: Service, metadata: {{name: s{number}, namespace: a}}, spec: {{type: NodePort, ports: [{ports}]}}}}"


def give(entries: Entries, held: frozenset[int]) -> Iterator[tuple[frozenset[int], int | None]]:
    """What is held after a Service, for each choice of the allocator; and the stated number that was refused, with nothing given."""
    if not entries:
        yield held, None
        return
    asked, *rest = entries
    upper = [port for port in range(FIRST_PICKED, HIGH + 1) if port not in held]
    free = upper or [*[port for port in range(LOW, FIRST_PICKED) if port not in held][:4], 30003]
    for port in [asked] if asked is not None else [one for one in free if one not in held]:
        if port in held:
            yield held, port
        else:
            yield from give(tuple(rest), held | {port})


def find_refused(services: Sequence[Entries]) -> set[int]:
    """The stated numbers that some order refuses."""
    refused: set[int] = set()
    for order in permutations(services):
        states = {frozenset[int]()}
        for entries in order:
            outcomes = [(held, *outcome) for held in states for outcome in give(entries, held)]
            refused |= {number for _, _, number in outcomes if number is not None}
            states = {before if number is not None else after for before, after, number in outcomes}
    return refused


@st.composite
def worlds(draw: st.DrawFn) -> list[Entries]:
    """Services that state each number once."""
    left = [30003, 30016, 30017]
    services = []
    for _ in range(draw(st.integers(1, 4))):
        entries: list[int | None] = []
        for _ in range(draw(st.integers(1, 2))):
            states = bool(left) and draw(st.booleans())
            entries.append(left.pop(draw(st.integers(0, len(left) - 1))) if states else None)
        services.append(tuple(entries))
    return services


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_a_number_may_be_taken_where_some_order_takes_it(services: list[Entries]) -> None:
    within = graph("\n---\n".join(service(*one) for one in enumerate(services)), cluster=RANGE)
    verdicts = {slot.number: NodePortFree(slot).answer(within).verdict for slot in explicit_slots(within)}
    refused = find_refused(services)
    assert all(verdicts[number] is Verdict.DEPENDS for number in refused if number in verdicts), services
    if not any(None in entries and any(entries) for entries in services):  # else one that is refused may give all back
        assert {number for number in verdicts if verdicts[number] is Verdict.DEPENDS} <= refused, services


@pytest.mark.parametrize(("picked", "may"), [(3, False), (4, True)])
def test_the_lower_band_is_given_out_after_the_upper_one(picked: int, may: bool) -> None:
    """As a real server with 20 ports did: four were picked from the upper band, and the fifth was 30014."""
    several = [(30003,), *[(None,)] * picked]
    within = graph("\n---\n".join(service(*one) for one in enumerate(several)), cluster=RANGE)
    (slot,) = explicit_slots(within)
    assert (NodePortFree(slot).answer(within).verdict is Verdict.DEPENDS) is may


@pytest.mark.parametrize(("policy", "may"), [("Local", True), ("Cluster", False)])
def test_a_health_check_is_picked_too(policy: str, may: bool) -> None:
    balanced = (
        "{apiVersion: v1, kind: Service, metadata: {name: lb, namespace: a}, spec: {type: LoadBalancer, "
        f"allocateLoadBalancerNodePorts: false, externalTrafficPolicy: {policy}, ports: [{{port: 80}}]}}}}"
    )
    within = graph(f"{service(0, (30017,))}\n---\n{balanced}", cluster=RANGE)
    (slot,) = explicit_slots(within)
    assert (NodePortFree(slot).answer(within).verdict is Verdict.DEPENDS) is may
