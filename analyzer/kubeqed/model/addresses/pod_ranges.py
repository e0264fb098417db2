"""The ranges that nodes take blocks of for their pods, and how many nodes they carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses import formulas
from kubeqed.model.addresses.capacity import Capacity, PoolPlan, find_exceeding
from kubeqed.model.addresses.limits import load_limits
from kubeqed.model.addresses.modes import OVERLAY, AddressMode
from kubeqed.model.addresses.ranges import read_prefix
from kubeqed.model.stated import Stated

if TYPE_CHECKING:
    from kubeqed.model.cluster import Cluster

_BITS = 32
_OWN_BLOCKS = frozenset({"calico", "canal", "cilium", "antrea", "kube-ovn", "ovn-kubernetes"})
"""CNIs that may divide the range in blocks of their own."""


def list_pod_ranges(pools: tuple[PoolPlan, ...], mode: AddressMode, cluster: Cluster) -> Iterator[Capacity]:
    """The range of the cluster for the pools that have none of their own, then the ranges of these."""
    blocks = [one for one in pools if one.node_mask is not None]
    sharing = [one for one in blocks if one.pool.pod_range is None]
    if cluster.pod_cidr is not None and sharing:
        yield from _list_range(cluster.pod_cidr, sharing, mode, cluster)
    for one in blocks:
        if one.pool.pod_range is not None:
            yield from _list_range(one.pool.pod_range, [one], mode, cluster)


def _list_range(stated: Stated[str], pools: list[PoolPlan], mode: AddressMode, cluster: Cluster) -> Iterator[Capacity]:
    prefix = read_prefix(stated.value)
    if prefix is None:
        return
    nodes = sum(one.nodes for one in pools)
    masks = sorted({one.node_mask or 0 for one in pools})
    # In addresses, because the blocks of pools with other numbers of pods have other sizes.
    needed = sum(one.nodes << (_BITS - (one.node_mask or 0)) for one in pools)
    blocks = f"{nodes} nodes with a /{masks[0]} each" if len(masks) == 1 else f"blocks of {nodes} nodes"
    if len(masks) == 1:
        room = formulas.count_nodes_of_range(prefix, masks[0])
        least = f"a /{_BITS - (max(needed, 1) - 1).bit_length()}"
        yield _make_range(stated, "nodes", (nodes, room), blocks, least, pools, mode, cluster)
    else:
        yield _make_range(stated, "addresses", (needed, 1 << (_BITS - prefix)), blocks, "", pools, mode, cluster)
    if mode.name == OVERLAY:
        most = load_limits().overlay_nodes
        yield Capacity(
            "an overlay of AKS", "nodes", find_exceeding(pools, most), nodes, most, "the limit of the service"
        )


def _make_range(
    stated: Stated[str],
    counted: str,
    numbers: tuple[int, int],
    blocks: str,
    least: str,
    pools: list[PoolPlan],
    mode: AddressMode,
    cluster: Cluster,
) -> Capacity:
    names = tuple(one.name for one in pools)
    limit = _limit_range(pools, mode, cluster)
    return Capacity(f"pod range {stated.value}", counted, stated.place, *numbers, blocks, least, limit, names)


def _limit_range(pools: list[PoolPlan], mode: AddressMode, cluster: Cluster) -> Certainty | None:
    """How sure a shortage is: a CNI may have blocks of its own, and some sizes of blocks are taken, not stated or read."""
    if mode.provider == "gke":
        read = all(one.max_pods <= load_limits().gke_documented_pods for one in pools)
        return None if read and mode.name else Certainty.LIKELY
    if mode.name == OVERLAY:
        return None if mode.is_stated else Certainty.LIKELY
    if cluster.cni is not None and cluster.cni.value in _OWN_BLOCKS:
        return Certainty.POSSIBLE
    return None if cluster.network.node_cidr_mask_size else Certainty.LIKELY
