"""Whether the node ports of a unit can be allocated: each in the range, each slot once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from kubeqed.model.cluster import Cluster
from kubeqed.model.values.known import is_known, is_set
from kubeqed.parse import Unknown
from kubeqed.prove.clauses.node_port_orders import find_pickers
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import make_fact, same_namespace
from kubeqed.prove.engine.formula import FALSE, And, Between, Equal, Fact, Formula, Not, Or
from kubeqed.prove.engine.kleene import evaluate_kleene
from kubeqed.resolve import Resolver
from kubeqed.resolve.node_ports import NodePorts, NodePortSlot, dynamic_band
from kubeqed.resolve.together import Togetherness

_MOST = 4


class NodePortAnswer(Answer):
    """`holders` are the slots that take, or may take, the same number; `slot` is the one asked about."""

    def __init__(
        self, decision: Decision, graph: Resolver, slot: NodePortSlot, holders: tuple[NodePortSlot, ...] = ()
    ) -> None:
        super().__init__(decision)
        self.slot = slot
        self.holders = holders
        self._graph = graph

    @property
    def holder(self) -> NodePortSlot:
        """The slot to point at: one that takes the number for sure, and that is surely applied with it, if there is one."""
        return min(self.holders, key=lambda other: (not self._is_same(other), self._judge_togetherness(other)))

    def _is_same(self, other: NodePortSlot) -> bool:
        mine, theirs = self.slot.number, other.number
        return theirs.same_as(mine) if isinstance(theirs, Unknown) else not isinstance(mine, Unknown) and mine == theirs

    def _judge_togetherness(self, other: NodePortSlot) -> Togetherness:
        return self._graph.judge_togetherness(self.slot.service, other.service)


class NodePortInRange(NamedTuple):
    """A node port lies in the range of the cluster."""

    slot: NodePortSlot

    def answer(self, graph: Resolver) -> Answer:
        """A placeholder or a number that the server picks holds."""
        if isinstance(self.slot.number, Unknown):
            return Answer(HOLDS)
        low, high = _range_facts(graph.cluster)
        return Answer(decide(Between(_number_fact(self.slot), low, high)))


class NodePortFree(NamedTuple):
    """No slot before this one in source order takes its number."""

    slot: NodePortSlot

    def answer(self, graph: Resolver) -> NodePortAnswer:
        """Depends where a number is a placeholder, or the server may pick this one for another Service first."""
        slot = self.slot
        rivals = graph.node_ports.in_order(_list_rivals(graph, slot))
        if not rivals:
            return NodePortAnswer(HOLDS, graph, slot)
        number = _number_fact(slot)
        distinct = And(
            tuple(Or((_one_object(slot, other), Not(Equal(number, _number_fact(other))))) for other in rivals)
        )
        decision = decide(distinct, _picked_formula(graph.cluster, slot, rivals))
        return NodePortAnswer(decision, graph, slot, tuple(rivals))


def explicit_slots(graph: Resolver) -> list[NodePortSlot]:
    """The slots whose number the manifests give, or a placeholder does, in source order."""
    return [slot for slot in graph.node_ports.explicit if not slot.kept]


def _list_rivals(graph: Resolver, slot: NodePortSlot) -> Iterator[NodePortSlot]:
    """Slots that may take the number of `slot`: those before it, and those for which the server picks one.

    A few of those that surely have it will do, and one of those that may: more would change no verdict.
    """
    ports = graph.node_ports
    picked = find_pickers(ports, slot, graph.cluster.node_ports, lambda other: _may_clash(ports, slot, other))
    for candidates, most in ((ports.same(slot), _MOST), (ports.perhaps_same(slot), 1), (picked, 1)):
        yield from islice((other for other in candidates if _may_clash(ports, slot, other)), most)


def _may_clash(ports: NodePorts, slot: NodePortSlot, other: NodePortSlot) -> bool:
    """Whether the two would have to have two numbers: they share none, and are surely no variants of one object.

    What a Service has from an earlier definition no other can have, and its own entries of several protocols share it.
    """
    carried = ports.carried(slot)
    is_held = is_set(carried) or (not is_known(carried) and other.service is slot.service)
    if ports.is_replaced(other, slot) or (is_held and not _is_doubled(slot, other)):
        return False
    return not slot.may_share(other) and evaluate_kleene(_one_object(slot, other)) is not True


def _is_doubled(slot: NodePortSlot, other: NodePortSlot) -> bool:
    """Whether both are entries of one Service with one protocol, which no version of it may have."""
    protocols = [one.entry.protocol for one in (slot, other) if one.service is slot.service and one.entry]
    known = [protocol for protocol in protocols if isinstance(protocol, str)]
    return len(known) == 2 and known[0] == known[1]


def _one_object(slot: NodePortSlot, other: NodePortSlot) -> Formula:
    """That two Services are variants of one object, of which a cluster holds one."""
    one, another = slot.service, other.service
    if one is another:
        return FALSE
    names = Equal(make_fact(one, "metadata.name", one.name), make_fact(another, "metadata.name", another.name))
    return And((names, same_namespace(one, another)))


def _number_fact(slot: NodePortSlot) -> Fact:
    """The number of a node port, or that the server picks it."""
    if slot.automatic:
        text = f"{slot.service} {slot.path} is not set, so the server picks it"
        return Fact(slot.number, text, slot.service.at(slot.path))
    if slot.kept:
        text = f"{slot.service} {slot.path} is not set, so it stays {slot.shown}"
        return Fact(slot.number, text, slot.service.at(slot.path))
    return make_fact(slot.service, slot.path, slot.number)


def _picked_formula(cluster: Cluster, asked: NodePortSlot, rivals: list[NodePortSlot]) -> Formula:
    """That the server picks from the upper band; from the lower one too where the number asked for is there and may be picked."""
    band = dynamic_band(cluster.node_ports)
    low = cluster.node_ports.low if isinstance(asked.number, int) and asked.number < band.low else band.low
    return And(tuple(Between(_number_fact(slot), low, band.high) for slot in rivals if slot.automatic))


def _range_facts(cluster: Cluster) -> tuple[Fact, Fact]:
    """The first and the last node port that the server gives out."""
    stated = cluster.node_port_range
    place = stated.place if stated else None
    source = "stated" if stated else "the default"
    low, high = cluster.node_ports
    return (
        Fact(low, f"the node port range starts at {low} ({source})", place),
        Fact(high, f"the node port range ends at {high} ({source})", place),
    )
