"""The parts of a Service's validation: ports, addresses, node ports, traffic policies, warnings.

One Service alone is judged here. Whether two Services want the same node port or address is asked in `resolve`, because
that takes a whole unit. What the defaults make of `type` and `clusterIP` is decided once, below, for all parts.
"""

from __future__ import annotations

from kubeqed.apiserver.node import Node
from kubeqed.model.values.known import UNKNOWN, equals, is_known
from kubeqed.parse import Unknown

CLUSTER_IP, NODE_PORT, LOAD_BALANCER, EXTERNAL_NAME = "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"
TYPES = (CLUSTER_IP, NODE_PORT, LOAD_BALANCER, EXTERNAL_NAME)


def type_of(spec: Node) -> str | Unknown:
    """The type with its default."""
    kind = spec["type"].text
    return CLUSTER_IP if equals(kind, "") else kind


def is_headless(spec: Node) -> bool | Unknown:
    """Whether the Service surely has, or surely lacks, `clusterIP: None` with type ClusterIP."""
    kind, address = type_of(spec), spec["clusterIP"].text
    if is_known(kind) and is_known(address):
        return kind == CLUSTER_IP and address == "None"
    is_other = (is_known(kind) and kind != CLUSTER_IP) or (is_known(address) and address != "None")
    return False if is_other else UNKNOWN
