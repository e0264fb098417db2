"""What the user states of the addresses of a cluster; what is left out is unknown."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.stated import Stated


class NodePool(NamedTuple):
    """Nodes that are alike; the place of `name` is that of the whole entry.

    `surge` is a count, or a percentage of the nodes with its sign. `subnet` and `pod_range` are networks, or a prefix alone as `/22`.
    """

    name: Stated[str]
    nodes: Stated[int] | None = None
    surge: Stated[str] | None = None
    max_pods: Stated[int] | None = None
    subnet: Stated[str] | None = None
    pod_range: Stated[str] | None = None
    system: Stated[str] | None = None
    interfaces: Stated[int] | None = None
    addresses_per_interface: Stated[int] | None = None
    processors: Stated[int] | None = None


class Outbound(NamedTuple):
    """How pods reach the world: the public addresses, and what is asked of them."""

    kind: Stated[str] | None = None
    addresses: Stated[int] | None = None
    ports_per_node: Stated[int] | None = None
    sessions: Stated[int] | None = None


class StatedNetwork(NamedTuple):
    """The network of a cluster: `node_cidr` is the range of its nodes, `peered_cidrs` those that are reached from it."""

    mode: Stated[str] | None = None
    policy_engine: Stated[str] | None = None
    virtual_nodes: Stated[bool] | None = None
    shared_subnet: Stated[bool] | None = None
    nodes: Stated[int] | None = None
    node_cidr: Stated[str] | None = None
    peered_cidrs: tuple[Stated[str], ...] = ()
    dns_service_ip: Stated[str] | None = None
    node_cidr_mask_size: Stated[int] | None = None
    node_pools: tuple[NodePool, ...] = ()
    outbound: Outbound = Outbound()


NOTHING_STATED = StatedNetwork()
