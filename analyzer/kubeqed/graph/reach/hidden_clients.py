"""Clients that arrive with a node's address: what ipBlocks say of their own does not hold for them.

A Service of type NodePort or LoadBalancer, or one with external addresses, hides its clients behind the node they come
through, unless its externalTrafficPolicy is Local.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from kubeqed.graph.reach.compiled import Remark
from kubeqed.graph.reach.endpoints import Endpoint
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.services import Services
from kubeqed.model.fields import field, text
from kubeqed.model.service import Service


def hidden_clients(
    reach: Reachability, services: Services, pods: Container[Endpoint] | None = None
) -> Iterator[Remark]:
    """A remark for each Service whose pods accept some addresses and not others, none of which they will see.

    With `pods`, only for the Services in front of one of them.
    """
    for service in reach.unit.of(Service):
        behind = services.backends(service) if _hides(service) else []
        if (pods is None or any(one in pods for one in behind)) and any(_chooses(reach, one) for one in behind):
            reason = "clients from outside arrive with a node's address, so that no ipBlock means their own"
            yield Remark(service, "spec.externalTrafficPolicy", reason)


def _hides(service: Service) -> bool:
    """Whether traffic from outside comes through a node that puts its own address on it."""
    policy = text(field(service.identity.root, "spec"), "externalTrafficPolicy")
    if isinstance(policy, str) and policy == "Local":
        return False
    entered = isinstance(service.type, str) and service.type in ("NodePort", "LoadBalancer")
    return entered or bool(service.external_ips.items)


def _chooses(reach: Reachability, endpoint: Endpoint) -> bool:
    """Whether a pod accepts some addresses only."""
    number = reach.class_of[endpoint]
    outside = reach.index.addresses("Ingress")
    return any(area.peers & outside not in (0, outside) for area in reach.accepts[number])
