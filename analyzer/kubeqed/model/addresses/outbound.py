"""Ports of public addresses: what nodes get of them, and what sessions take.

https://learn.microsoft.com/en-us/azure/aks/configure-load-balancer-standard
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses import formulas
from kubeqed.model.addresses.capacity import Capacity, PoolPlan
from kubeqed.model.addresses.limits import load_limits

if TYPE_CHECKING:
    from kubeqed.model.cluster import Cluster

_BALANCED = (None, "loadBalancer")  # other ways out have other limits


def list_outbound(pools: tuple[PoolPlan, ...], cluster: Cluster) -> Iterator[Capacity]:
    """What is asked of the public addresses of a cluster whose pods leave it by a load balancer."""
    stated = cluster.network.outbound
    kind = stated.kind.value if stated.kind else None
    if stated.addresses is None or kind not in _BALANCED or not _is_azure(cluster):
        return
    addresses, place = stated.addresses.value, stated.addresses.place
    each = load_limits().ports_per_address
    if stated.sessions is not None:
        sessions = stated.sessions.value
        needed = formulas.count_outbound_addresses(sessions)
        reason = f"{sessions:,} sessions to one destination at {each:,} ports for each address"
        yield Capacity(
            "outbound", "public addresses", place, needed, addresses, reason, f"{needed} addresses", Certainty.LIKELY
        )
    if stated.ports_per_node is not None and pools:
        ports, nodes = stated.ports_per_node.value, sum(one.nodes + one.surge for one in pools)
        room = formulas.count_outbound_nodes(ports, addresses)
        reason = f"{ports:,} outbound ports for each of {nodes} nodes, upgrades included, of {each:,} for each address"
        least = f"{_count_needed(nodes, ports)} addresses" if ports <= each else ""
        yield Capacity("outbound", "nodes", place, nodes, room, reason, least, Certainty.LIKELY)


def _is_azure(cluster: Cluster) -> bool:
    return cluster.provider is None or cluster.provider.value == "aks"


def _count_needed(nodes: int, ports: int) -> int:
    of_one = formulas.count_outbound_nodes(ports, 1)
    return -(-nodes // of_one)
