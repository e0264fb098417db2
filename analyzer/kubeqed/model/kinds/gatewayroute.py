"""The routes of the Gateway API, which lead calls from Gateways to Services, and what they share.

They differ in the protocol alone: parents, hostnames, and backends of rules are read alike.

https://gateway-api.sigs.k8s.io/reference/spec/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.object import Identity, Metadata, Object, ObjectReference, read_metadata
from kubeqed.model.values.fields import (
    Listing,
    apply_default,
    read_field,
    read_integer,
    read_items,
    read_list,
    read_strings,
    read_text,
)
from kubeqed.parse import Unknown, Value

GROUP = "gateway.networking.k8s.io"
_MIRROR = ".requestMirror.backendRef"


class ParentReference(NamedTuple):
    """One of `parentRefs`; `namespace` None is the route's own, `section` and `port` narrow to listeners."""

    path: str
    group: str | Unknown
    kind: str | Unknown
    namespace: str | Unknown | None
    name: str | Unknown | None
    section: str | Unknown | None
    port: int | Unknown | None


class BackendReference(NamedTuple):
    """One of a rule's `backendRefs`, or what a filter mirrors to; `port` is the Service's, weight 0 takes no traffic."""

    path: str
    group: str | Unknown
    kind: str | Unknown
    namespace: str | Unknown | None
    name: str | Unknown | None
    port: int | Unknown | None
    weight: int | Unknown

    @property
    def is_mirror(self) -> bool:
        """Whether it gets copies of requests, whose answers nobody waits for."""
        return self.path.endswith(_MIRROR)


@dataclass(frozen=True, slots=True, eq=False)
class GatewayRoute(Object):
    """A route of the Gateway API."""

    parents: Listing[ParentReference]
    hostnames: Listing[str | Unknown]
    rules: Listing[Listing[BackendReference]]

    def references(self) -> Iterator[ObjectReference]:
        """Its Gateways, and the Services behind it."""
        for parent in self.parents:
            if (reference := self.to_gateway(parent)) is not None:
                yield reference
        for backend in self.backends():
            if (reference := self.to_service(backend)) is not None:
                yield reference

    def to_gateway(self, parent: ParentReference) -> ObjectReference | None:
        """A parent that is surely a Gateway, as a reference; with a Service for a parent, a route configures the mesh."""
        return self._make_reference(parent, (GROUP, "Gateway"))

    def to_service(self, backend: BackendReference) -> ObjectReference | None:
        """A backend that is surely a Service, as a reference."""
        return self._make_reference(backend, ("", "Service"))

    def _make_reference(
        self, to: ParentReference | BackendReference, target: tuple[str, str]
    ) -> ObjectReference | None:
        if isinstance(to.group, Unknown) or isinstance(to.kind, Unknown) or to.name is None:
            return None
        namespace = self.namespace if to.namespace is None else to.namespace
        named = (to.group, to.kind) == target
        return ObjectReference(self, f"{to.path}.name", target, namespace, to.name) if named else None

    def backends(self) -> Iterator[BackendReference]:
        """The backends of all rules, and what their filters mirror to."""
        for rule in self.rules:
            yield from rule


# They add no field, and so are no dataclasses of their own: each would be generated anew at every start.


class GRPCRoute(GatewayRoute):
    """A GRPCRoute: gRPC calls."""

    __slots__ = ()


class HTTPRoute(GatewayRoute):
    """An HTTPRoute: HTTP requests."""

    __slots__ = ()


class TCPRoute(GatewayRoute):
    """A TCPRoute: TCP connections."""

    __slots__ = ()


class TLSRoute(GatewayRoute):
    """A TLSRoute: TLS connections, by their server name."""

    __slots__ = ()


class UDPRoute(GatewayRoute):
    """A UDPRoute: UDP datagrams."""

    __slots__ = ()


RouteFields = tuple[*Metadata, Listing[ParentReference], Listing[str | Unknown], Listing[Listing[BackendReference]]]


def read_route(identity: Identity) -> RouteFields:
    """The fields of GatewayRoute, in order."""
    spec = read_field(identity.root, "spec")
    return (
        *read_metadata(identity),
        read_list(spec, "parentRefs", lambda item, index: _read_parent(item, f"spec.parentRefs[{index}]")),
        read_strings(spec, "hostnames"),
        read_list(spec, "rules", lambda item, index: _read_backends(item, f"spec.rules[{index}]")),
    )


def _read_backends(rule: Value, path: str) -> Listing[BackendReference]:
    backends = read_list(rule, "backendRefs", lambda item, index: _read_backend(item, f"{path}.backendRefs[{index}]"))
    mirrors = list(_list_mirrors(rule, path))
    for index, one in enumerate(read_items(rule, "backendRefs")):
        mirrors += _list_mirrors(one, f"{path}.backendRefs[{index}]")
    return Listing((*backends, *mirrors), backends.more)


def _list_mirrors(node: Value, path: str) -> Iterator[BackendReference]:
    """Where the filters of a rule, or of a backend, mirror to."""
    for index, one in enumerate(read_items(node, "filters")):
        if (mirror := read_field(read_field(one, "requestMirror"), "backendRef")) is not None:
            yield _read_backend(mirror, f"{path}.filters[{index}]{_MIRROR}")


def _read_parent(node: Value, path: str) -> ParentReference:
    return ParentReference(
        path,
        apply_default(read_text(node, "group"), GROUP),
        apply_default(read_text(node, "kind"), "Gateway"),
        read_text(node, "namespace"),
        read_text(node, "name"),
        read_text(node, "sectionName"),
        read_integer(node, "port"),
    )


def _read_backend(node: Value, path: str) -> BackendReference:
    return BackendReference(
        path,
        apply_default(read_text(node, "group"), ""),
        apply_default(read_text(node, "kind"), "Service"),
        read_text(node, "namespace"),
        read_text(node, "name"),
        read_integer(node, "port"),
        apply_default(read_integer(node, "weight"), 1),
    )


_ROUTES = (GRPCRoute, HTTPRoute, TCPRoute, TLSRoute, UDPRoute)


def _make_reader(route: type[GatewayRoute]) -> Callable[[Identity], GatewayRoute]:
    return lambda identity: route(*read_route(identity))


KINDS = {(GROUP, route.__name__): _make_reader(route) for route in _ROUTES}
