"""Node ports within one Service: the range, and one slot for each number.

Ported from initNodePorts of pkg/registry/core/service/storage/alloc.go: an entry shares the node port of an earlier
one when both have the same `port`; any other use of the number is a second allocation. Against other Services:
resolve/node_ports.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.apiserver.violation import Violation, invalid
from kubeqed.model.values.known import equals, is_known, known_or


class NodePortRequest(NamedTuple):
    """A slot that the Service asks for: by number, or any (None). `health` marks the health check port."""

    node: Node
    number: int | None
    health: bool = False


def requested_node_ports(spec: Node) -> Iterator[NodePortRequest]:
    """The slots asked for in the server's order; none where something unknown decides about them."""
    kind = type_of(spec)
    entries = [*spec["ports"].items()]
    unknown = any(not is_known(entry[key].number) for entry in entries for key in ("port", "nodePort"))
    if is_known(kind) and not unknown and is_known(spec["ports"].length):
        yield from _list_requests(spec, kind, entries)


def _list_requests(spec: Node, kind: str, entries: list[Node]) -> Iterator[NodePortRequest]:
    if kind in (NODE_PORT, LOAD_BALANCER):
        yield from _list_slots(
            entries, automatic=kind == NODE_PORT or spec["allocateLoadBalancerNodePorts"].value is not False
        )
    if kind == LOAD_BALANCER and equals(spec["externalTrafficPolicy"].text, "Local"):
        health = spec["healthCheckNodePort"]
        if is_known(health.number):
            yield NodePortRequest(health, health.number or None, health=True)


def _list_slots(entries: list[Node], *, automatic: bool) -> Iterator[NodePortRequest]:
    """An entry without a node port takes the one that another entry of the same `port` asks for."""
    held: dict[int, int | None] = {}
    wanted: dict[int, int] = {}
    for entry in entries:
        if node_port := known_or(entry["nodePort"].number, 0):
            wanted.setdefault(known_or(entry["port"].number, 0), node_port)
    for entry in entries:
        port, number = known_or(entry["port"].number, 0), known_or(entry["nodePort"].number, 0)
        if not number and not automatic:
            continue
        if port not in held:
            held[port] = wanted.get(port)
            yield NodePortRequest(entry["nodePort"], held[port])
        elif number and number != held[port]:
            yield NodePortRequest(entry["nodePort"], number)


def validate_node_ports(root: Node, server: Server) -> Iterator[Violation]:
    """The first slot that cannot be had, whatever other Services exist."""
    taken: set[int] = set()
    for request in requested_node_ports(root["spec"]):
        if request.number is None:
            continue
        if not server.node_ports.low <= request.number <= server.node_ports.high:
            yield invalid(request.node, f"must be in the node port range {server.node_ports}", Reason.NODE_PORT_RANGE)
            return
        if request.number in taken:
            yield invalid(request.node, "is already allocated to another entry of this Service", Reason.NODE_PORT_CLASH)
            return
        taken.add(request.number)
