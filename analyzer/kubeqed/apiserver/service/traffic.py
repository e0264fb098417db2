"""Traffic policies and the health check port that one of them needs."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.apiserver.violation import Violation, invalid, unsupported

_POLICIES = ("Cluster", "Local")


def validate_traffic(spec: Node) -> Iterator[Violation]:
    """`externalTrafficPolicy`, `healthCheckNodePort`, `internalTrafficPolicy`."""
    kind, policy = type_of(spec), spec["externalTrafficPolicy"]
    reachable = _is_reachable(spec)
    if policy.text and reachable is False:
        yield invalid(policy, "may only be set for Services that are reachable from outside", Reason.SERVICE_TYPE)
    elif policy.text and policy.text not in _POLICIES and reachable:
        yield unsupported(policy, _POLICIES)
    health = spec["healthCheckNodePort"]
    unneeded = (kind not in (None, LOAD_BALANCER)) or policy.text not in (None, "Local")
    if health.number and unneeded:
        yield invalid(
            health,
            "may only be set when `type` is LoadBalancer and `externalTrafficPolicy` is Local",
            Reason.SERVICE_TYPE,
        )
    elif health.number and kind == LOAD_BALANCER and not 1 <= health.number <= 65535:
        yield invalid(health, "must be between 1 and 65535")
    internal = spec["internalTrafficPolicy"]
    if internal.present and internal.text is not None and internal.text not in _POLICIES:
        yield unsupported(internal, _POLICIES)


def _is_reachable(spec: Node) -> bool | None:
    """Whether the Service is reachable from outside: by its type, or by external addresses."""
    kind, addresses = type_of(spec), spec["externalIPs"].length
    if kind in (NODE_PORT, LOAD_BALANCER):
        return True
    if kind == "ClusterIP" and spec["externalIPs"].filled:
        return True
    return None if kind is None or (kind == "ClusterIP" and addresses is None) else False


def validate_distribution(spec: Node, server: Server) -> Iterator[Violation]:
    """`trafficDistribution`."""
    node = spec["trafficDistribution"]
    words = ("PreferClose", "PreferSameZone", "PreferSameNode") if server.prefers_same else ("PreferClose",)
    if server.distributes_traffic and node.present and node.text is not None and node.text not in words:
        yield unsupported(node, words, Reason.VALUE)
