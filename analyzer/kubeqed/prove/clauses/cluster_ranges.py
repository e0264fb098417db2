"""The ranges of addresses of a cluster: those that its user states, and those of kubeadm, ServiceCIDRs and address pools."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from kubeqed.model.addresses.ranges import AddressRange, parse_range, parse_ranges
from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.object import Object
from kubeqed.model.stated import Stated
from kubeqed.model.stated_network import StatedNetwork
from kubeqed.model.values.fields import read_field, read_strings, read_text
from kubeqed.parse import Place, Value
from kubeqed.resolve import Resolver


class RangeRole(IntEnum):
    """What a range is for, in the order in which people choose them: of two that meet, the later is the one to change."""

    PEER = 0
    NODES = 1
    SERVICES = 2
    PODS = 3
    POOL = 4


WORDS = {
    RangeRole.PEER: "the peered network",
    RangeRole.NODES: "the range of nodes",
    RangeRole.SERVICES: "the range of Services",
    RangeRole.PODS: "the range of pods",
    RangeRole.POOL: "the address pool",
}


class ClusterRange(NamedTuple):
    """A range, what it is for, and where that is stated; `object` is None in the configuration."""

    role: RangeRole
    addresses: AddressRange
    place: Place
    object: Object | None = None
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.subject or WORDS[self.role]} {self.addresses.text}"


def list_stated_ranges(cluster: Cluster) -> Iterator[ClusterRange]:
    """What the configuration states; a range without a place comes from the command line and is not looked at."""
    network = cluster.network
    yield from _read_stated(RangeRole.NODES, network.node_cidr)
    for peered in network.peered_cidrs:
        yield from _read_stated(RangeRole.PEER, peered)
    yield from _read_stated(RangeRole.SERVICES, cluster.service_cidr)
    yield from _read_stated(RangeRole.PODS, cluster.pod_cidr)
    yield from _read_pools(network)


def list_ranges(graph: Resolver) -> list[ClusterRange]:
    """All ranges of a unit and its cluster, in the order of the configuration, then of the manifests."""
    return [*list_stated_ranges(graph.cluster), *_list_written(graph)]


def _read_stated(role: RangeRole, stated: Stated[str] | None, subject: str = "") -> Iterator[ClusterRange]:
    if stated is not None and stated.place is not None and not stated.value.startswith("/"):
        for addresses in parse_ranges(stated.value):
            yield ClusterRange(role, addresses, stated.place, subject=subject)


def _read_pools(network: StatedNetwork) -> Iterator[ClusterRange]:
    seen: set[str] = set()
    for pool in network.node_pools:
        for role, stated, what in ((RangeRole.NODES, pool.subnet, "subnet"), (RangeRole.PODS, pool.pod_range, "range")):
            if stated is not None and stated.value not in seen:  # pools may share one
                seen.add(stated.value)
                yield from _read_stated(role, stated, f"the {what} of node pool {pool.name.value}")


def _list_written(graph: Resolver) -> Iterator[ClusterRange]:
    for item in graph.of_kind(("kubeadm.k8s.io", "ClusterConfiguration")):
        network = read_field(item.identity.root, "networking")
        yield from _read_written(
            RangeRole.SERVICES, item, "networking.serviceSubnet", read_field(network, "serviceSubnet")
        )
        yield from _read_written(RangeRole.PODS, item, "networking.podSubnet", read_field(network, "podSubnet"))
    for group in ("crd.projectcalico.org", "projectcalico.org"):
        for item in graph.of_kind((group, "IPPool")):
            spec = read_field(item.identity.root, "spec")
            yield from _read_written(RangeRole.PODS, item, "spec.cidr", read_text(spec, "cidr"), str(item))
    yield from _list_items(graph, ("networking.k8s.io", "ServiceCIDR"), "cidrs", RangeRole.SERVICES)
    yield from _list_items(graph, ("metallb.io", "IPAddressPool"), "addresses", RangeRole.POOL)


def _list_items(graph: Resolver, kind: tuple[str, str], key: str, role: RangeRole) -> Iterator[ClusterRange]:
    for item in graph.of_kind(kind):
        entries = read_strings(read_field(item.identity.root, "spec"), key)
        for index, entry in enumerate(entries):
            yield from _read_written(role, item, f"spec.{key}[{index}]", entry, str(item))


def _read_written(role: RangeRole, item: Object, path: str, value: Value, subject: str = "") -> Iterator[ClusterRange]:
    for part in value.split(",") if isinstance(value, str) else ():
        addresses = parse_range(part)
        if addresses is not None:
            yield ClusterRange(role, addresses, item.at(path), item, subject and f"{subject} with")
