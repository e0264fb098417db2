"""Whether the pods of two DaemonSets that run on the same nodes ask a node for one port."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import make_fact, same_namespace
from kubeqed.prove.engine.formula import And, Equal, Formula, Not, Or
from kubeqed.resolve import Resolver
from kubeqed.resolve.host_ports import HostPort


class HostPortAnswer(Answer):
    """`holders` are the ports of earlier DaemonSets that take, or may take, the same one."""

    def __init__(self, decision: Decision, holders: tuple[HostPort, ...] = ()) -> None:
        super().__init__(decision)
        self.holders = holders


class HostPortFree(NamedTuple):
    """No DaemonSet before this one in source order takes the port on nodes that both are meant for."""

    port: HostPort

    def answer(self, graph: Resolver) -> HostPortAnswer:
        """Holds where the two choose their nodes by different labels: one node may have both."""
        holders = tuple(graph.host_ports.same_before(self.port))
        if not holders:
            return HostPortAnswer(HOLDS)
        free = And(tuple(_apart_formula(other, self.port) for other in holders))
        return HostPortAnswer(decide(free), holders)


def list_host_ports(graph: Resolver) -> tuple[HostPort, ...]:
    """The ports of the nodes whose number the DaemonSets of the unit give, in source order."""
    return graph.host_ports.ports


def _apart_formula(one: HostPort, other: HostPort) -> Formula:
    """One object in two variants, or two ports."""
    first, second = one.daemonset, other.daemonset
    names = Equal(make_fact(first, "metadata.name", first.name), make_fact(second, "metadata.name", second.name))
    numbers = Equal(make_fact(first, one.path, one.number), make_fact(second, other.path, other.number))
    return Or((And((names, same_namespace(first, second))), Not(numbers)))
