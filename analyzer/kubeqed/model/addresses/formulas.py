"""The arithmetic of addresses: what single numbers make of one another. The worked examples of `data/ipam.yaml` are its tests."""

from __future__ import annotations

import math

from kubeqed.model.addresses.limits import load_limits

_BITS = 32
_PREFIX_BLOCK = 16  # addresses that one slot of an interface holds with prefix delegation
_ON_HOST_NETWORK = 2  # aws-node and kube-proxy take no address of their own
_MANY_PROCESSORS = 30  # above which Amazon recommends more pods


def count_usable(prefix: int, reserved: int) -> int:
    """The addresses of a subnet that machines may have."""
    return max(0, (1 << (_BITS - prefix)) - reserved)


def smallest_prefix(needed: int, reserved: int) -> int:
    """The prefix of the smallest subnet that has as many usable addresses."""
    return _BITS - math.ceil(math.log2(needed + reserved))


def count_surge(nodes: int, surge: str) -> int:
    """The nodes that an upgrade adds: a count, or a percentage of the nodes, rounded up."""
    return math.ceil(nodes * int(surge[:-1]) / 100) if surge.endswith("%") else int(surge)


def count_flat_addresses(nodes: int, max_pods: int) -> int:
    """What nodes take of a subnet in which each pod has an address of its own."""
    return nodes + nodes * max_pods


def count_flat_nodes(prefix: int, max_pods: int, reserved: int) -> int:
    """The nodes for which such a subnet has room."""
    return count_usable(prefix, reserved) // (max_pods + 1)


def count_nodes_of_range(prefix: int, mask: int) -> int:
    """The nodes that get a block of a range of pods; none where a block is larger than the range."""
    return 1 << (mask - prefix) if mask >= prefix else 0


def find_node_mask(max_pods: int) -> int:
    """The prefix of the block that GKE gives a node for as many pods."""
    masks = load_limits().gke_masks
    return next((mask for most, mask in masks if max_pods <= most), masks[-1][1])


def count_interface_pods(interfaces: int, addresses: int, mode: str) -> int:
    """The pods that a node of Amazon has addresses for, by its network interfaces and the addresses of each."""
    if mode == "prefix-delegation":
        return interfaces * (addresses - 1) * _PREFIX_BLOCK + _ON_HOST_NETWORK
    used = interfaces - 1 if mode == "custom-networking" else interfaces
    return used * (addresses - 1) + _ON_HOST_NETWORK


def cap_pods(pods: int, processors: int) -> int:
    """The pods that Amazon recommends at most, by the processors of a node."""
    few, many = load_limits().eks_recommended_pods
    return min(pods, many if processors > _MANY_PROCESSORS else few)


def count_outbound_nodes(ports: int, addresses: int) -> int:
    """The nodes that get as many outbound ports each from some public addresses."""
    return load_limits().ports_per_address // ports * addresses


def count_outbound_addresses(sessions: int) -> int:
    """The public addresses that sessions to one destination take: each needs a port of its own."""
    return math.ceil(sessions / load_limits().ports_per_address)


def default_outbound_ports(nodes: int) -> int | None:
    """The ports that Azure gives each node where none are stated; None beyond what it says."""
    return next((ports for most, ports in load_limits().default_ports if nodes <= most), None)
