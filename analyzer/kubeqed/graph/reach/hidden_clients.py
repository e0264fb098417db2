"""Clients that arrive with a node's address: what ipBlocks say of their own does not hold for them.

A Service of type NodePort or LoadBalancer, or one with external addresses, hides its clients behind the node they come
through, unless its externalTrafficPolicy is Local.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.graph.reach.compiled import Remark
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.services import Services
from kubeqed.model.fields import field, text
from kubeqed.model.service import Service
from kubeqed.model.workload import Workload


def hidden_clients(reach: Reachability, services: Services) -> Iterator[Remark]:
    """A remark for each Service whose pods accept some addresses and not others, none of which they will see."""
    for service in reach.unit.of(Service):
        if _hides(service) and any(_chooses(reach, endpoint.workload) for endpoint in services.backends(service)):
            reason = "its clients arrive with a node's address: what ipBlocks say of theirs does not hold for them"
            yield Remark(service, "spec.externalTrafficPolicy", reason)


def _hides(service: Service) -> bool:
    """Whether traffic from outside comes through a node that puts its own address on it."""
    policy = text(field(service.identity.root, "spec"), "externalTrafficPolicy")
    if isinstance(policy, str) and policy == "Local":
        return False
    entered = isinstance(service.type, str) and service.type in ("NodePort", "LoadBalancer")
    return entered or bool(service.external_ips.items)


def _chooses(reach: Reachability, workload: Workload) -> bool:
    """Whether a workload accepts some addresses only."""
    number = reach.class_of[workload]
    outside = reach.index.addresses("Ingress")
    return any(area.peers & outside not in (0, outside) for area in reach.accepts[number])
