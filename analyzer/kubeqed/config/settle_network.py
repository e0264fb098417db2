"""Checked keys of addresses become settings, every value with its place and its path in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from kubeqed.config.places import Places
from kubeqed.model.stated import Stated
from kubeqed.model.stated_network import NodePool, Outbound, StatedNetwork

if TYPE_CHECKING:
    from kubeqed.config.addresses import NodePoolKeys, OutboundKeys
    from kubeqed.config.keys import ClusterKeys

T = TypeVar("T")


def settle_network(cluster: ClusterKeys, places: Places) -> StatedNetwork:
    """What is stated of the network of the cluster."""

    def state_key(value: T | None, key: str) -> Stated[T] | None:
        return None if value is None else Stated(value, places.value("cluster", key))

    return StatedNetwork(
        mode=state_key(cluster.network_mode, "network_mode"),
        policy_engine=state_key(cluster.network_policy, "network_policy"),
        virtual_nodes=state_key(cluster.virtual_nodes, "virtual_nodes"),
        shared_subnet=state_key(cluster.shared_subnet, "shared_subnet"),
        nodes=state_key(cluster.nodes, "nodes"),
        node_cidr=state_key(cluster.node_cidr, "node_cidr"),
        peered_cidrs=tuple(
            Stated(network, places.value("cluster", "peered_cidrs", index))
            for index, network in enumerate(cluster.peered_cidrs or ())
        ),
        dns_service_ip=state_key(cluster.dns_service_ip, "dns_service_ip"),
        node_cidr_mask_size=state_key(cluster.node_cidr_mask_size, "node_cidr_mask_size"),
        node_pools=tuple(_settle_pools(cluster.node_pools or [], places)),
        outbound=_settle_outbound(cluster.outbound, places) if cluster.outbound else Outbound(),
    )


def _settle_pools(pools: list[NodePoolKeys], places: Places) -> Iterator[NodePool]:
    for index, pool in enumerate(pools):

        def state_key(value: T | None, key: str, index: int = index) -> Stated[T] | None:
            return None if value is None else Stated(value, places.value("cluster", "node_pools", index, key))

        yield NodePool(
            Stated(pool.name, places.value("cluster", "node_pools", index)),
            nodes=state_key(pool.nodes, "nodes"),
            surge=state_key(pool.surge, "surge"),
            max_pods=state_key(pool.max_pods, "max_pods"),
            subnet=state_key(pool.subnet, "subnet"),
            pod_range=state_key(pool.pod_range, "pod_range"),
            system=state_key(pool.os, "os"),
            interfaces=state_key(pool.interfaces, "interfaces"),
            addresses_per_interface=state_key(pool.addresses_per_interface, "addresses_per_interface"),
            processors=state_key(pool.vcpus, "vcpus"),
        )


def _settle_outbound(outbound: OutboundKeys, places: Places) -> Outbound:
    def state_key(value: T | None, key: str) -> Stated[T] | None:
        return None if value is None else Stated(value, places.value("cluster", "outbound", key))

    return Outbound(
        state_key(outbound.type, "type"),
        state_key(outbound.addresses, "addresses"),
        state_key(outbound.ports_per_node, "ports_per_node"),
        state_key(outbound.sessions, "sessions"),
    )
