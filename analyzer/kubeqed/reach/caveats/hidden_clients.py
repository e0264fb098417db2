"""Clients that arrive with a node's address: what ipBlocks say of their own does not hold for them.

A Service of type NodePort or LoadBalancer, or one with external addresses, hides its clients behind the node they come
through, unless its externalTrafficPolicy is Local. Where the cluster has no load balancer, the node ports are left.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.model.units.unit import Unit
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.policy.compiled import Caveat
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.services import Services


def find_hidden_clients(
    reach: Reachability, services: Services, pods: Container[Endpoint] | None = None
) -> Iterator[Caveat]:
    """A caveat for each Service whose pods accept some addresses and not others, none of which they will see.

    With `pods`, only for the Services in front of one of them.
    """
    balanced = reach.assumptions.load_balancer
    for service in reach.unit.of(Service):
        behind = services.backends(service) if _hides_clients(service, balanced=balanced) else []
        if (pods is None or any(one in pods for one in behind)) and any(
            _chooses_addresses(reach, one) for one in behind
        ):
            reason = "clients from outside arrive with a node's address, so that no ipBlock means their own"
            yield Caveat(service, "spec.externalTrafficPolicy", reason)


def without_load_balancer(unit: Unit, assumptions: Assumptions) -> Iterator[Caveat]:
    """A caveat for each Service that gets no address of a load balancer, as the configuration says."""
    for service in unit.of(Service) if not assumptions.load_balancer else ():
        if _is_of(service, "LoadBalancer"):
            ways = [*(["its node ports"] if _has_node_ports(service) else []), *_list_external_fields(service)]
            left = f"only by {' and '.join(ways)}" if ways else "in no way"
            text = f"no load balancer is in the cluster, as the configuration says: the outside comes in {left}"
            yield Caveat(service, "spec.type", text)


def _list_external_fields(service: Service) -> Iterator[str]:
    if service.external_ips.items:
        yield "its externalIPs"


def _hides_clients(service: Service, *, balanced: bool) -> bool:
    """Whether traffic from outside comes through a node that puts its own address on it."""
    policy = service.external_traffic_policy
    if isinstance(policy, str) and policy == "Local":
        return False
    entered = _is_of(service, "NodePort") or (
        _is_of(service, "LoadBalancer") and (balanced or _has_node_ports(service))
    )
    return entered or bool(service.external_ips.items)


def _is_of(service: Service, kind: str) -> bool:
    return isinstance(service.type, str) and service.type == kind


def _has_node_ports(service: Service) -> bool:
    """Whether a Service of type LoadBalancer may have node ports: those that it names, or all where it says nothing else."""
    return service.allocates_node_ports is not False or any(port.node_port is not None for port in service.ports)


def _chooses_addresses(reach: Reachability, endpoint: Endpoint) -> bool:
    """Whether a pod accepts some addresses only."""
    number = reach.class_of[endpoint]
    outside = reach.index.addresses("Ingress")
    return any(area.peers & outside not in (0, outside) for area in reach.accepts[number])
