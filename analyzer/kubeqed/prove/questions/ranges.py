"""Whether the ranges of a cluster have room for all node ports and cluster IPs that the Services of a unit take.

Only what is sure is counted, so that the server refuses something in whatever order it gets the Services, and whatever
else exists. What a Service takes is what the server's allocators take for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kubeqed.apiserver import find_violations, server_of
from kubeqed.apiserver.formats.address import sloppy_address
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.service.addresses import taken_addresses
from kubeqed.apiserver.service.node_ports import requested_node_ports
from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.service import Service
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import Fact
from kubeqed.resolve import Resolver
from kubeqed.resolve.node_ports import NODE_PORT_TYPES

_OWN_SERVICE = 2  # the addresses of a range that no Service gets: its own, and the one of the API server's Service


class RangeUse(NamedTuple):
    """What a Service takes of a range: a stated value, or any (None). `path` is the field that says which."""

    service: Service
    path: str
    value: object


class RangeAnswer(Answer):
    """`size` is that of the range; `taken` is what the Services take, up to the first for which there is no room.

    `is_guessed` says that it is a guess that the Services end up in one cluster.
    """

    def __init__(
        self, decision: Decision, size: int, taken: tuple[RangeUse, ...] = (), *, is_guessed: bool = False
    ) -> None:
        super().__init__(decision)
        self.size = size
        self._taken = taken
        self.is_guessed = is_guessed

    @property
    def beyond(self) -> RangeUse:
        """The first for which there is no room, where the answer fails."""
        return self._taken[-1]


class NodePortsSuffice(NamedTuple):
    """The node port range has room for every node port that the Services take."""

    def answer(self, graph: Resolver) -> RangeAnswer:
        """Fails when what is surely taken is more than the range; what a placeholder decides is not counted."""
        stated, node_ports = graph.cluster.node_port_range, graph.cluster.node_ports
        size = node_ports.high - node_ports.low + 1
        services = [item for item in graph.unit.of(Service) if _is_of(item, NODE_PORT_TYPES)]
        if sum(len(item.ports) + 1 for item in services) <= size:
            return RangeAnswer(HOLDS, size)
        text = f"the node port range {node_ports} ({'stated' if stated else 'the default'}) has room for {size}"
        return _answer_range(graph, services, _node_ports, size, Fact(size, text, stated.place if stated else None))


class ClusterIPsSuffice(NamedTuple):
    """The stated service range has room for every cluster IP that the Services take."""

    def answer(self, graph: Resolver) -> RangeAnswer:
        """Holds where the range is not stated, where there are two of them, and where a ServiceCIDR may add another."""
        stated, cidrs = graph.cluster.service_cidr, server_of(graph.cluster).service_cidrs
        services = graph.unit.of(Service)
        if len(cidrs) != 1:
            return RangeAnswer(HOLDS, len(services))
        size = usable_addresses(cidrs[0])
        if len(services) <= size or any(item.kind == "ServiceCIDR" for item in graph.unit.objects):
            return RangeAnswer(HOLDS, size)
        text = f"the service range {cidrs[0]} (stated) has room for {size}"
        return _answer_range(graph, services, _list_addresses, size, Fact(size, text, stated.place if stated else None))


def usable_addresses(cidr: str) -> int:
    """How many addresses of a range Services may get; the last one of IPv4 is never used."""
    import ipaddress  # only a stated range needs it

    network = ipaddress.ip_network(cidr, strict=False)
    return max(network.num_addresses - _OWN_SERVICE - (network.version == 4), 0)


def _answer_range(
    graph: Resolver, services: Sequence[Service], takes: Callable[[Service], Iterator[RangeUse]], size: int, limit: Fact
) -> RangeAnswer:
    """Whether what some Services take fits into a range."""
    taken: list[RangeUse] = []
    values: set[object] = set()
    for service in _list_sure(services, graph):
        wanted = [*takes(service)]
        if not values.isdisjoint(one.value for one in wanted if one.value is not None):
            continue  # refused for that, so that it takes nothing
        for one in wanted:
            values.add(one.value)
            taken.append(one)
            if len(taken) > size:
                facts = (limit, *{found.key: found for found in _list_facts(taken)}.values())
                is_guessed = graph.is_guessed(found.service for found in taken)
                return RangeAnswer(Decision(Verdict.FAILS, facts), size, tuple(taken), is_guessed=is_guessed)
    return RangeAnswer(HOLDS, size)


def _list_sure(services: Sequence[Service], graph: Resolver) -> Iterator[Service]:
    """The Services that surely become objects of their own: known, accepted, and no variants of one another."""
    server = server_of(graph.cluster)
    spaces: dict[str, list[str | Unknown | None]] = defaultdict(list)
    for service in services:
        if isinstance(service.name, str):
            spaces[service.name].append(service.namespace)
    for service in services:
        if not isinstance(service.name, str) or not _is_alone(service.namespace, spaces[service.name]):
            continue
        root = service.identity.root
        refused = any(found.certainty is Certainty.REJECTED for found in find_violations(service, server))
        if Node(root)["spec"].sure() and "$patch" not in root and not refused:
            yield service


def _is_alone(namespace: str | Unknown | None, all_of_the_name: list[str | Unknown | None]) -> bool:
    known = [space for space in all_of_the_name if isinstance(space, str)]
    return len(all_of_the_name) == 1 or (len(known) == len(all_of_the_name) and known.count(str(namespace)) == 1)


def _node_ports(service: Service) -> Iterator[RangeUse]:
    for request in requested_node_ports(Node(service.identity.root)["spec"]):
        yield RangeUse(service, request.node.path, request.number)


def _list_addresses(service: Service) -> Iterator[RangeUse]:
    for address in taken_addresses(Node(service.identity.root)["spec"]):
        yield RangeUse(service, "spec.clusterIP", None if address is None else sloppy_address(address))


def _list_facts(taken: Sequence[RangeUse]) -> Iterator[Fact]:
    for one in taken:
        yield make_fact(one.service, "spec.type", one.service.type)
        yield make_fact(one.service, one.path, None if one.value is None else str(one.value))


def _is_of(service: Service, kinds: Sequence[str]) -> bool:
    return isinstance(service.type, str) and service.type in kinds
