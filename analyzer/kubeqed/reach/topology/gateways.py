"""Gateway API: which routes attach to a listener, and which of their backends they may name."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.gateway import Gateway, Listener
from kubeqed.model.kinds.gatewayroute import GROUP, BackendReference, GatewayRoute, ParentReference
from kubeqed.model.kinds.referencegrant import ReferenceGrant
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.hostnames import hostnames_meet
from kubeqed.model.values.known import is_known
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.terms import are_met, encode_selector
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.namespaces import NAME_LABEL, namespace_labels, namespace_of
from kubeqed.reach.topology.endpoints import Endpoint

GATEWAY_LABELS = ("gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name")


class Gateways:
    """The Gateways of a unit, the pods that were made for them, and what is granted between namespaces."""

    def __init__(self, unit: Unit, endpoints: list[Endpoint]) -> None:
        self._unit = unit
        self._endpoints = endpoints
        self._labels = namespace_labels(unit)
        self._gateways = {
            (namespace_of(item), encode(item.name)): item for item in unit.of(Gateway) if item.name is not None
        }

    def attached(self, route: GatewayRoute) -> Iterator[tuple[ParentReference, Gateway | None]]:
        """The parents that a route attaches to; None for a Gateway that is not in the unit, which may admit it."""
        for parent in route.parents:
            if is_gateway(parent) and parent.name is not None:
                gateway = self._gateways.get((self._find_namespace(route, parent.namespace), encode(parent.name)))
                if gateway is None or any(self._admits_route(gateway, one, route, parent) for one in gateway.listeners):
                    yield parent, gateway

    def pods(self, gateway: Gateway | None) -> Iterator[Endpoint]:
        """The pods made for a Gateway, known by their label."""
        if gateway is None or gateway.name is None:
            return
        for endpoint in self._endpoints:
            worn = (endpoint.labels.get(key) for key in GATEWAY_LABELS)
            if endpoint.owner.namespace == namespace_of(gateway) and encode(gateway.name) in [
                value for value in worn if isinstance(value, str)
            ]:
                yield endpoint

    def namespace(self, route: GatewayRoute, backend: BackendReference) -> str:
        """The namespace of a backend: the route's own where it names none."""
        return self._find_namespace(route, backend.namespace)

    def granted(self, route: GatewayRoute, backend: BackendReference) -> bool:
        """Whether a route may name a backend: in its own namespace always, elsewhere by a ReferenceGrant there."""
        target = self.namespace(route, backend)
        if target == namespace_of(route):
            return True
        grants = (grant for grant in self._unit.of(ReferenceGrant) if namespace_of(grant) == target)
        return any(_grants_reference(grant, route, backend) for grant in grants)

    def _find_namespace(self, route: GatewayRoute, written: str | Unknown | None) -> str:
        return namespace_of(route) if written is None else encode(written)

    def _admits_route(self, gateway: Gateway, listener: Listener, route: GatewayRoute, parent: ParentReference) -> bool:
        """Whether a listener takes the route that names it as its parent."""
        if isinstance(parent.section, str) and not (isinstance(listener.name, str) and listener.name == parent.section):
            return False
        if isinstance(parent.port, int) and not (isinstance(listener.port, int) and listener.port == parent.port):
            return False
        return (
            _admits_kind(listener, route)
            and self._admits_namespace(gateway, listener, namespace_of(route))
            and _hostnames_meet(listener, route)
        )

    def _admits_namespace(self, gateway: Gateway, listener: Listener, namespace: str) -> bool:
        if not isinstance(listener.from_, str):
            return True
        if listener.from_ == "Selector":
            asked = encode_selector(listener.selector)
            labels = self._labels.get(namespace, {NAME_LABEL: namespace})
            return is_known(asked) and are_met(asked, labels)
        return listener.from_ == "All" or (listener.from_ == "Same" and namespace_of(gateway) == namespace)


def is_gateway(parent: ParentReference) -> bool:
    """Whether a parent is a Gateway: with a Service for a parent, a route configures the mesh and opens no entry."""
    group, kind = parent.group, parent.kind
    return isinstance(group, str) and isinstance(kind, str) and (group, kind) == (GROUP, "Gateway")


def _admits_kind(listener: Listener, route: GatewayRoute) -> bool:
    admitted = listener.admits_kind(route.kind)
    return isinstance(admitted, Unknown) or admitted


def _hostnames_meet(listener: Listener, route: GatewayRoute) -> bool:
    """Whether some hostname is served by both; one that is absent, empty or unknown meets every other."""
    if not isinstance(listener.hostname, str) or not listener.hostname or not route.hostnames.items:
        return True
    own = listener.hostname
    return any(not isinstance(name, str) or hostnames_meet(own, name) for name in route.hostnames)


def _grants_reference(grant: ReferenceGrant, route: GatewayRoute, backend: BackendReference) -> bool:
    """Whether a grant lets a route name a Service of the grant's namespace."""
    given = any(
        [_encode_optional(one.group), _encode_optional(one.kind), _encode_optional(one.namespace)]
        == [route.group, route.kind, namespace_of(route)]
        for one in grant.sources
    )
    name = _encode_optional(backend.name)
    return given and any(
        [_encode_optional(one.group), _encode_optional(one.kind)] == ["", "Service"]
        and (one.name is None or _encode_optional(one.name) == name)
        for one in grant.targets
    )


def _encode_optional(value: str | Unknown | None) -> str | None:
    return None if value is None else encode(value)
