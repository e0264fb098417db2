"""Checked keys of addresses become settings, every value with its place and its path in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kubeqed.config.places import Location, Places
from kubeqed.model.stated import Stated
from kubeqed.model.stated_network import NodePool, Outbound, StatedNetwork

if TYPE_CHECKING:
    from kubeqed.config.addresses import NodePoolKeys, OutboundKeys
    from kubeqed.config.keys import ClusterKeys


def settle_network(cluster: ClusterKeys, places: Places) -> StatedNetwork:
    """What is stated of the network of the cluster."""
    return StatedNetwork(
        mode=places.stated(cluster.network_mode, "cluster", "network_mode"),
        policy_engine=places.stated(cluster.network_policy, "cluster", "network_policy"),
        virtual_nodes=places.stated(cluster.virtual_nodes, "cluster", "virtual_nodes"),
        shared_subnet=places.stated(cluster.shared_subnet, "cluster", "shared_subnet"),
        nodes=places.stated(cluster.nodes, "cluster", "nodes"),
        node_cidr=places.stated(cluster.node_cidr, "cluster", "node_cidr"),
        peered_cidrs=tuple(
            Stated(network, places.value("cluster", "peered_cidrs", index))
            for index, network in enumerate(cluster.peered_cidrs or ())
        ),
        dns_service_ip=places.stated(cluster.dns_service_ip, "cluster", "dns_service_ip"),
        node_cidr_mask_size=places.stated(cluster.node_cidr_mask_size, "cluster", "node_cidr_mask_size"),
        node_pools=tuple(_settle_pools(cluster.node_pools or [], places)),
        outbound=_settle_outbound(cluster.outbound, places) if cluster.outbound else Outbound(),
    )


def _settle_pools(pools: list[NodePoolKeys], places: Places) -> Iterator[NodePool]:
    for index, pool in enumerate(pools):
        at: Location = ("cluster", "node_pools", index)
        yield NodePool(
            Stated(pool.name, places.value(*at)),
            nodes=places.stated(pool.nodes, *at, "nodes"),
            surge=places.stated(pool.surge, *at, "surge"),
            max_pods=places.stated(pool.max_pods, *at, "max_pods"),
            subnet=places.stated(pool.subnet, *at, "subnet"),
            pod_range=places.stated(pool.pod_range, *at, "pod_range"),
            system=places.stated(pool.os, *at, "os"),
            interfaces=places.stated(pool.interfaces, *at, "interfaces"),
            addresses_per_interface=places.stated(pool.addresses_per_interface, *at, "addresses_per_interface"),
            processors=places.stated(pool.vcpus, *at, "vcpus"),
        )


def _settle_outbound(outbound: OutboundKeys, places: Places) -> Outbound:
    at: Location = ("cluster", "outbound")
    return Outbound(
        places.stated(outbound.type, *at, "type"),
        places.stated(outbound.addresses, *at, "addresses"),
        places.stated(outbound.ports_per_node, *at, "ports_per_node"),
        places.stated(outbound.sessions, *at, "sessions"),
    )
