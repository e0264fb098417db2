"""Whether the fixed cluster IPs of a unit can be had: which of them another Service holds."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.resolve import Resolver
from kubeqed.resolve.cluster_ips import ClusterIPClash, taken_addresses


def find_cluster_ip_clashes(graph: Resolver) -> Iterator[ClusterIPClash]:
    """The addresses that two Services ask for, in source order of the second."""
    return taken_addresses(graph.unit)
