"""Whether the pods of two DaemonSets that run on the same nodes ask a node for one port.

The scheduler's filter NodePorts keeps a pod off a node whose port is taken, for the same protocol, at an address that is
equal or at all addresses: https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins
With `hostNetwork: true` every declared container port is a port of the node.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.model.fields import default, field
from kubeqed.model.template import ContainerPort
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown, Value
from kubeqed.prove.answer import HOLDS, Answer, Decision
from kubeqed.prove.decide import decide
from kubeqed.prove.facts import fact, same_namespace
from kubeqed.prove.formula import And, Equal, Formula, Not, Or

_EVERYWHERE = (None, "", "0.0.0.0", "::")  # noqa: S104  # read in a manifest, bound by nobody


class HostPort(NamedTuple):
    """A port of the node that the pods of a DaemonSet take; `path` is the field that says its number.

    `address` is the one address of the node at which it is taken, empty for all of them.
    """

    daemonset: Workload
    port: ContainerPort
    path: str
    number: int
    address: str


class HostPortAnswer(Answer):
    """`holders` are the ports of earlier DaemonSets that take, or may take, the same one."""

    def __init__(self, decision: Decision, holders: tuple[HostPort, ...] = ()) -> None:
        super().__init__(decision)
        self.holders = holders


class HostPortFree(NamedTuple):
    """No DaemonSet before this one in source order takes the port on nodes that both are meant for."""

    port: HostPort

    def answer(self, graph: Graph) -> HostPortAnswer:
        """Holds where the two choose their nodes by different labels: whether one node has both, nobody knows."""
        mine, holders = self.port, []
        for other in host_ports(graph):
            if other.daemonset is mine.daemonset:
                break
            if _is_one_slot(other, mine) and _meet(other, mine):
                holders.append(other)
        if not holders:
            return HostPortAnswer(HOLDS)
        free = And(tuple(_apart(other, mine) for other in holders))
        return HostPortAnswer(decide(free), tuple(holders))


@lru_cache(maxsize=2)  # asked for each port of a unit
def host_ports(graph: Graph) -> tuple[HostPort, ...]:
    """The ports of the node whose number the DaemonSets of the unit give, in source order."""
    return tuple(port for item in graph.unit.workloads if item.kind == "DaemonSet" for port in _of(item))


def _of(item: Workload) -> Iterator[HostPort]:
    on_host = item.template.host_network is True
    for container in item.template.serving():
        nodes = field(container.node, "ports")
        for port, node in zip(container.ports, nodes if isinstance(nodes, list) else (), strict=False):
            address = field(node, "hostIP")
            asked = default(port.host_port, 0)
            if on_host and isinstance(asked, int) and not asked:
                key, number, address = "containerPort", port.number, None
            else:
                key, number = "hostPort", port.host_port
            if (
                isinstance(number, int)
                and number
                and isinstance(port.protocol, str)
                and isinstance(address, str | None)
            ):
                yield HostPort(
                    item, port, f"{port.path}.{key}", number, "" if address in _EVERYWHERE else address or ""
                )


def _is_one_slot(one: HostPort, other: HostPort) -> bool:
    """Whether number, protocol and address are the same; a port at all addresses takes it at each."""
    addresses = one.address == other.address or not one.address or not other.address
    return one.number == other.number and one.port.protocol == other.port.protocol and addresses


def _meet(one: HostPort, other: HostPort) -> bool:
    """Whether the two surely share a node, provided each has one: the same choice, or one that takes every node."""
    mine, theirs = _choice(one.daemonset), _choice(other.daemonset)
    return mine is not None and theirs is not None and (mine == theirs or not any(mine) or not any(theirs))


def _choice(item: Workload) -> tuple[object, object] | None:
    """What chooses the nodes; None when it cannot be told."""
    spec = field(item.template.node, "spec")
    labels, affinity = field(spec, "nodeSelector"), field(field(spec, "affinity"), "nodeAffinity")
    if not all(isinstance(value, dict | None) and _is_known(value) for value in (labels, affinity)):
        return None
    return labels or None, affinity or None


def _is_known(value: Value) -> bool:
    if isinstance(value, Unknown) or getattr(value, "open", False):
        return False
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_is_known(child) for child in children)


def _apart(one: HostPort, other: HostPort) -> Formula:
    """One object in two variants, or two ports."""
    first, second = one.daemonset, other.daemonset
    names = Equal(fact(first, "metadata.name", first.name), fact(second, "metadata.name", second.name))
    numbers = Equal(fact(first, one.path, one.number), fact(second, other.path, other.number))
    return Or((And((names, same_namespace(first, second))), Not(numbers)))
