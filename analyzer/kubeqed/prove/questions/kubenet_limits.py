"""What AKS does not do with kubenet: https://learn.microsoft.com/azure/aks/configure-kubenet."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.addresses.capacity import find_exceeding
from kubeqed.model.addresses.limits import load_limits
from kubeqed.model.addresses.modes import KUBENET, find_mode
from kubeqed.model.addresses.plan import make_plan
from kubeqed.prove.clauses.address_fault import AddressFault
from kubeqed.resolve import Resolver


def list_kubenet_limits(graph: Resolver) -> list[AddressFault]:
    """What is stated of a cluster of AKS on kubenet, and cannot be."""
    mode = find_mode(graph.cluster)
    return list(_find_limits(graph)) if mode.provider == "aks" and mode.name == KUBENET else []


def _find_limits(graph: Resolver) -> Iterator[AddressFault]:
    network, most = graph.cluster.network, load_limits().kubenet_nodes
    pools = make_plan(graph.cluster).pools
    nodes = sum(one.nodes for one in pools)
    place = find_exceeding(pools, most)
    if nodes > most and place is not None:
        said = f"a cluster on kubenet has at most {most}, one route each in one route table"
        yield AddressFault(place, f"{nodes} nodes are stated, and {said}")
    engine = network.policy_engine
    if engine is not None and engine.place is not None and engine.value == "azure":
        yield AddressFault(
            engine.place, "Azure network policies do not work on kubenet, where only Calico enforces policies"
        )
    for pool in network.node_pools:
        if pool.system is not None and pool.system.place is not None and pool.system.value == "windows":
            yield AddressFault(
                pool.system.place, f"Node pool {pool.name.value} runs Windows, which kubenet does not support"
            )
    if network.virtual_nodes is not None and network.virtual_nodes.place is not None and network.virtual_nodes.value:
        yield AddressFault(network.virtual_nodes.place, "Virtual nodes do not work on kubenet")
    if network.shared_subnet is not None and network.shared_subnet.place is not None and network.shared_subnet.value:
        said = "its route table serves one cluster alone"
        yield AddressFault(
            network.shared_subnet.place, f"A subnet of kubenet is shared with another cluster, and {said}"
        )
