"""The parts of a Service's validation: ports, addresses, node ports, traffic policies, warnings.

One Service alone is judged here. Whether two Services want the same node port or address is asked in `resolve`, because
that takes a whole unit. What the defaults make of `type` and `clusterIP` is decided once, below, for all parts.
"""

from __future__ import annotations

from kubeqed.apiserver.node import Node

CLUSTER_IP, NODE_PORT, LOAD_BALANCER, EXTERNAL_NAME = "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"
TYPES = (CLUSTER_IP, NODE_PORT, LOAD_BALANCER, EXTERNAL_NAME)


def type_of(spec: Node) -> str | None:
    """The type with its default; None when unknown."""
    kind = spec["type"].text
    return CLUSTER_IP if kind == "" else kind


def is_headless(spec: Node) -> bool | None:
    """Whether the Service surely has, or surely lacks, `clusterIP: None` with type ClusterIP; None when unknown."""
    kind, address = type_of(spec), spec["clusterIP"].text
    if kind is None or address is None:
        return False if kind not in (None, CLUSTER_IP) or address not in (None, "None") else None
    return kind == CLUSTER_IP and address == "None"
