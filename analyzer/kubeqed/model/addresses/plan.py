"""What the nodes of a cluster need of its ranges, by pool: the arithmetic of formulas over what is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubeqed.model.addresses import formulas
from kubeqed.model.addresses.capacity import Capacity, PoolPlan
from kubeqed.model.addresses.limits import load_limits
from kubeqed.model.addresses.modes import NODE_SUBNET, OVERLAY, PREFIX_DELEGATION, AddressMode, find_mode
from kubeqed.model.addresses.outbound import list_outbound
from kubeqed.model.addresses.pod_ranges import list_pod_ranges
from kubeqed.model.addresses.subnets import list_subnets
from kubeqed.model.stated import Stated
from kubeqed.model.stated_network import NodePool

if TYPE_CHECKING:
    from kubeqed.model.cluster import Cluster

_SURGE = "1"  # the nodes that an upgrade adds where nothing is stated


class AddressPlan(NamedTuple):
    """What is needed of all ranges that are stated."""

    mode: AddressMode
    pools: tuple[PoolPlan, ...]
    capacities: tuple[Capacity, ...]


def make_plan(cluster: Cluster) -> AddressPlan:
    """The plan of what is stated; a pool whose nodes nothing states is left out."""
    mode = find_mode(cluster)
    pools = tuple(_plan_pool(pool, pool.nodes, mode, cluster) for pool in list_pools(cluster) if pool.nodes)
    capacities = (*list_subnets(pools, mode), *list_pod_ranges(pools, mode, cluster), *list_outbound(pools, cluster))
    return AddressPlan(mode, pools, capacities)


def list_pools(cluster: Cluster) -> tuple[NodePool, ...]:
    """The pools; one of all nodes where only their number is stated."""
    nodes = cluster.network.nodes
    if cluster.network.node_pools or nodes is None:
        return cluster.network.node_pools
    return (NodePool(Stated("nodes", nodes.place), nodes),)


def _plan_pool(pool: NodePool, nodes: Stated[int], mode: AddressMode, cluster: Cluster) -> PoolPlan:
    surge = formulas.count_surge(nodes.value, pool.surge.value if pool.surge else _SURGE)
    max_pods = _count_pods(pool, mode)
    return PoolPlan(
        pool,
        nodes.value,
        surge,
        max_pods,
        _count_addresses(nodes.value + surge, max_pods, pool, mode),
        _find_mask(max_pods, mode, cluster),
    )


def _count_pods(pool: NodePool, mode: AddressMode) -> int:
    limits = load_limits()
    if pool.max_pods:
        return pool.max_pods.value
    if mode.provider == "eks" and pool.interfaces and pool.addresses_per_interface:
        pods = formulas.count_interface_pods(pool.interfaces.value, pool.addresses_per_interface.value, mode.name)
        is_capped = mode.name == PREFIX_DELEGATION and pool.processors is not None
        return formulas.cap_pods(pods, pool.processors.value) if is_capped and pool.processors else pods
    if mode.provider == "aks":
        return limits.aks_max_pods.get(mode.name, limits.max_pods)
    return limits.gke_max_pods if mode.provider == "gke" else limits.max_pods


def _count_addresses(nodes: int, max_pods: int, pool: NodePool, mode: AddressMode) -> int | None:
    """The addresses of its subnet that a pool takes while it is upgraded."""
    if mode.provider == "eks":
        stated = pool.interfaces and pool.addresses_per_interface
        if not (stated and pool.interfaces and pool.addresses_per_interface and mode.name):
            return None
        return nodes * pool.interfaces.value * pool.addresses_per_interface.value  # all interfaces in full use
    if mode.name == NODE_SUBNET:
        return formulas.count_flat_addresses(nodes, max_pods)
    return nodes if mode.name or mode.provider != "aks" else None


def _find_mask(max_pods: int, mode: AddressMode, cluster: Cluster) -> int | None:
    """The prefix of the block of the pod range that each node gets."""
    limits, stated = load_limits(), cluster.network.node_cidr_mask_size
    if mode.name == OVERLAY:
        return limits.overlay_mask
    if mode.provider == "gke":
        return formulas.find_node_mask(max_pods)
    if mode.provider in ("aks", "eks"):
        return None
    if stated is not None:
        return stated.value
    return limits.openshift_node_mask if mode.provider == "openshift" else limits.node_mask_v4
