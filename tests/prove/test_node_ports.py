"""NodePort questions against their definition, and the cases that the recorded server decided."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prove import cluster_worlds as worlds
from tests.prove.cluster_worlds import Placed
from tests.worlds import graph

from kubeqed.model.cluster import Cluster, PortRange, Stated
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.questions.node_ports import NodePortFree, NodePortInRange, explicit_slots

_BAND = (30086, 32768)


@settings(max_examples=60)
@given(st.lists(worlds.node_port_services, min_size=1, max_size=3).map(Placed))
def test_node_port_free(world: Placed) -> None:
    within = graph(world.text)
    verdicts = [NodePortFree(slot).answer(within).verdict for slot in explicit_slots(within)]
    assert verdicts == _expected(world), world.text


def _expected(world: Placed) -> list[Verdict]:
    """By the documents as the server completes them: a new version keeps a node port that it does not name."""
    completed = Placed(_completed(world.documents))
    entries = [
        (index, number, entry.get("nodePort"))
        for index, document in enumerate(world.documents)
        for number, entry in enumerate(document["spec"]["ports"])
    ]
    return [_verdict(completed, *entry) for entry in entries if entry[2]]


def _verdict(world: Placed, index: int, number: int, written: object) -> Verdict:
    """The verdict on an entry: `picked` is what the server picks for those that leave it open."""
    seen = set()
    for picked in (written, 30601) if isinstance(written, int) and written in range(*_BAND) else (None,):

        def free(documents: list[worlds.Document], _: bool, picked: object = picked) -> bool:
            mine = documents[index]["spec"]["ports"][number]
            rivals = [
                (service, entry, (at, place) < (index, number))
                for at, service in enumerate(documents)
                for place, entry in enumerate(service["spec"]["ports"])
                if (at, place) != (index, number)
                and not (at == index and _may_share(world.documents[at]["spec"]["ports"], number, place))
                and not (at != index and service["metadata"] == documents[index]["metadata"])
                and not _is_replaced(world.documents, at, index)
                and not _is_carried(world.documents, (index, number), (at, place))
            ]
            taken = (
                entry["nodePort"] == mine["nodePort"] and before
                if entry.get("nodePort")
                else picked == mine["nodePort"] and (before or one is not documents[index])  # of its own those before
                for one, entry, before in rivals
            )
            return not any(taken)

        seen |= {holds for _, holds in worlds.table(world, True, free)}
    return Verdict.DEPENDS if len(seen) == 2 else Verdict.HOLDS if True in seen else Verdict.FAILS


def _completed(documents: list[worlds.Document]) -> list[worlds.Document]:
    done = deepcopy(documents)
    for index, document in enumerate(done):
        earlier = [at for at in _definitions(done, index) if at < index]
        if earlier:
            had = done[earlier[-1]]["spec"]["ports"]
            used = {entry.get("nodePort") for entry in had} & {
                entry.get("nodePort") for entry in document["spec"]["ports"]
            }
            for entry in document["spec"]["ports"]:
                kept = [one.get("nodePort") for one in had if one.get("name") == entry.get("name")]
                if not entry.get("nodePort") and kept and isinstance(kept[-1], int) and kept[-1] not in used:
                    entry["nodePort"] = kept[-1]
                    used.add(kept[-1])
    return done


def _definitions(documents: list[worlds.Document], index: int) -> list[int]:
    """The documents that surely define the same object."""
    same = [at for at, one in enumerate(documents) if one["metadata"] == documents[index]["metadata"]]
    return [index] if "${" in str(documents[index]["metadata"]) else same


def _is_replaced(documents: list[worlds.Document], at: int, index: int) -> bool:
    return any(at < newer <= index for newer in _definitions(documents, at))


def _is_carried(documents: list[worlds.Document], mine: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether an earlier definition has, or of the object's own entries may have, the number, so that none clashes."""
    earlier = [at for at in _definitions(documents, mine[0]) if at < mine[0]]
    if not earlier:
        return False
    one, another = (documents[at]["spec"]["ports"][place] for at, place in (mine, other))
    if mine[0] == other[0] and one.get("protocol", "TCP") == another.get("protocol", "TCP"):
        return False
    held = [entry.get("nodePort") or "any" for entry in documents[earlier[-1]]["spec"]["ports"]]
    return one["nodePort"] in held or (mine[0] == other[0] and bool({"any", "${A}"} & {*held}))


def _may_share(entries: list[worlds.Document], number: int, place: int) -> bool:
    one, other = entries[number], entries[place]
    if "${B}" in (one["port"], other["port"]):
        return True
    return bool(one["port"] == other["port"] and one.get("protocol", "TCP") != other.get("protocol", "TCP"))


def _service(name: str, *ports: str, extra: str = "") -> str:
    entries = ", ".join(f"{{{port}}}" for port in ports)
    return f"{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{type: NodePort, ports: [{entries}]{extra}}}}}"


@pytest.mark.parametrize(
    ("services", "clashes"),
    [
        (("a: port: 80, nodePort: 31000", "b: port: 80, nodePort: 31000"), 1),
        (("a: port: 80, nodePort: 31000", "b: port: 80, nodePort: 31000, protocol: UDP"), 1),  # one slot, any protocol
        (("a: port: 5060, nodePort: 30802; port: 5060, nodePort: 30802, protocol: UDP",), 0),
        (("a: port: 5060, nodePort: 30802; port: 5061, nodePort: 30802, protocol: UDP",), 1),
        (("a: port: 80, nodePort: 0", "b: port: 80, nodePort: 0"), 0),
        (("a: port: 80, nodePort: 31000", "a: port: 80, nodePort: 31000"), 0),  # variants of one object
    ],
)
def test_slots(services: tuple[str, ...], clashes: int) -> None:
    text = "\n---\n".join(
        _service(name, *ports.split("; ")) for name, _, ports in (one.partition(": ") for one in services)
    )
    within = graph(text)
    answers = [NodePortFree(slot).answer(within) for slot in explicit_slots(within)]
    assert [answer.verdict for answer in answers].count(Verdict.FAILS) == clashes
    for answer in answers:
        assert not answer.fails or (
            len(answer.holders) == 1 and len(answer.facts) == 2 * len(services)
        )  # numbers, and names


def test_a_health_check_takes_a_slot() -> None:
    text = _service("a", "port: 80, nodePort: 31000", extra=", healthCheckNodePort: 31000")
    within = graph(text)
    assert [NodePortFree(slot).answer(within).verdict for slot in explicit_slots(within)] == [
        Verdict.HOLDS,
        Verdict.FAILS,
    ]


@pytest.mark.parametrize(
    ("number", "stated", "fails"),
    [
        (29999, None, True),
        (30000, None, False),
        (32767, None, False),
        (32768, None, True),
        (29999, (29000, 32767), False),
    ],
)
def test_range(number: int, stated: tuple[int, int] | None, fails: bool) -> None:
    cluster = Cluster(node_port_range=None if stated is None else Stated(PortRange(*stated)))
    within = graph(_service("a", f"port: 80, nodePort: {number}"), cluster=cluster)
    (slot,) = explicit_slots(within)
    answer = NodePortInRange(slot).answer(within)
    assert answer.fails is fails
    assert len(answer.facts) == (2 if fails else 0)  # the number, and the end of the range that it is beyond


def test_a_placeholder_may_be_any_number() -> None:
    within = graph(_service("a", "port: 80, nodePort: '${PORT}'"))
    (slot,) = explicit_slots(within)
    assert isinstance(slot.number, Unknown)
    assert NodePortInRange(slot).answer(within).holds
