"""Traffic policies and the health check port that one of them needs."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.apiserver.violation import Violation, invalid, unsupported
from kubeqed.model.values.known import UNKNOWN, equals, is_known, is_one_of, is_set
from kubeqed.parse import Unknown

_POLICIES = ("Cluster", "Local")


def validate_traffic(spec: Node) -> Iterator[Violation]:
    """`externalTrafficPolicy`, `healthCheckNodePort`, `internalTrafficPolicy`."""
    kind, policy = type_of(spec), spec["externalTrafficPolicy"]
    reachable = _is_reachable(spec)
    if is_set(policy.text) and equals(reachable, False):
        yield invalid(policy, "may only be set for Services that are reachable from outside", Reason.SERVICE_TYPE)
    elif is_set(policy.text) and policy.text not in _POLICIES and is_set(reachable):
        yield unsupported(policy, _POLICIES)
    health = spec["healthCheckNodePort"]
    unneeded = (is_known(kind) and kind != LOAD_BALANCER) or (is_known(policy.text) and policy.text != "Local")
    if is_set(health.number) and unneeded:
        yield invalid(
            health,
            "may only be set when `type` is LoadBalancer and `externalTrafficPolicy` is Local",
            Reason.SERVICE_TYPE,
        )
    elif is_set(health.number) and equals(kind, LOAD_BALANCER) and not 1 <= health.number <= 65535:
        yield invalid(health, "must be between 1 and 65535")
    internal = spec["internalTrafficPolicy"]
    if internal.present and is_known(internal.text) and internal.text not in _POLICIES:
        yield unsupported(internal, _POLICIES)


def _is_reachable(spec: Node) -> bool | Unknown:
    """Whether the Service is reachable from outside: by its type, or by external addresses."""
    kind, addresses = type_of(spec), spec["externalIPs"].length
    if is_one_of(kind, (NODE_PORT, LOAD_BALANCER)):
        return True
    if equals(kind, "ClusterIP") and spec["externalIPs"].filled:
        return True
    return UNKNOWN if not is_known(kind) or (kind == "ClusterIP" and not is_known(addresses)) else False


def validate_distribution(spec: Node, server: Server) -> Iterator[Violation]:
    """`trafficDistribution`."""
    node = spec["trafficDistribution"]
    words = ("PreferClose", "PreferSameZone", "PreferSameNode") if server.prefers_same else ("PreferClose",)
    if server.distributes_traffic and node.present and is_known(node.text) and node.text not in words:
        yield unsupported(node, words, Reason.VALUE)
