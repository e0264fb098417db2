"""Whether the node ports of a unit can be allocated: each in the range, each slot once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.graph.node_ports import Slot, dynamic_band
from kubeqed.model.cluster import Cluster
from kubeqed.model.unit import defined_as
from kubeqed.parse import Unknown
from kubeqed.prove.answer import HOLDS, Answer, Decision
from kubeqed.prove.decide import decide
from kubeqed.prove.facts import fact
from kubeqed.prove.formula import And, Between, Equal, Fact, Formula, Not

_MOST_AUTOMATIC = 8


class NodePortAnswer(Answer):
    """`holders` are the slots that take, or may take, the same number."""

    def __init__(self, decision: Decision, holders: tuple[Slot, ...] = ()) -> None:
        super().__init__(decision)
        self.holders = holders


class NodePortInRange(NamedTuple):
    """A node port lies in the range of the cluster."""

    slot: Slot

    def answer(self, graph: Graph) -> Answer:
        """A placeholder or a number that the server picks holds."""
        if isinstance(self.slot.number, Unknown):
            return Answer(HOLDS)
        low, high = _range(graph.cluster)
        return Answer(decide(Between(_number(self.slot), low, high)))


class NodePortFree(NamedTuple):
    """No slot before this one in source order takes its number."""

    slot: Slot

    def answer(self, graph: Graph) -> NodePortAnswer:
        """Depends where a number is a placeholder, or the server may pick this one for another Service first."""
        rivals = [other for other in _rivals(graph, self.slot) if not self.slot.may_share(other)]
        if not rivals:
            return NodePortAnswer(HOLDS)
        number = _number(self.slot)
        distinct = And(tuple(Not(Equal(number, _number(other))) for other in rivals))
        return NodePortAnswer(decide(distinct, _picked(graph.cluster, rivals)), tuple(rivals))


def explicit_slots(graph: Graph) -> list[Slot]:
    """The slots whose number the manifests give, or a placeholder does, in source order."""
    return graph.node_ports.explicit


def _rivals(graph: Graph, slot: Slot) -> Iterator[Slot]:
    """Slots that may take the number of `slot`: those before it, and those for which the server picks one."""
    yield from (other for other in graph.node_ports.before(slot) if not _same_object(slot, other))
    band = dynamic_band(graph.cluster.node_ports)
    if isinstance(slot.number, int) and band.low <= slot.number <= band.high:
        # more of them would change no verdict
        yield from graph.node_ports.automatic[:_MOST_AUTOMATIC]


def _same_object(slot: Slot, other: Slot) -> bool:
    """Whether the two are variants of one object, of which a cluster holds one."""
    if slot.service is other.service:
        return False
    return defined_as(slot.service) is not None and defined_as(slot.service) == defined_as(other.service)


def _number(slot: Slot) -> Fact:
    return fact(slot.service, slot.path, slot.number)


def _picked(cluster: Cluster, rivals: list[Slot]) -> Formula:
    """That the server picks from the upper band."""
    band = dynamic_band(cluster.node_ports)
    return And(tuple(Between(_number(slot), band.low, band.high) for slot in rivals if slot.automatic))


def _range(cluster: Cluster) -> tuple[Fact, Fact]:
    stated = cluster.node_port_range
    place = stated.place if stated else None
    source = "stated" if stated else "the default"
    low, high = cluster.node_ports
    return (
        Fact(low, f"the node port range starts at {low} ({source})", place),
        Fact(high, f"the node port range ends at {high} ({source})", place),
    )
