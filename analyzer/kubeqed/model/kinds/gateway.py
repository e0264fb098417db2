"""Gateway of the Gateway API, its listeners and which routes each admits, and GatewayClass.

https://gateway-api.sigs.k8s.io/reference/spec/#gateway
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.gatewayroute import GROUP
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.selector import LabelSelector, read_selector
from kubeqed.model.values.fields import Listing, apply_default, read_field, read_integer, read_list, read_text
from kubeqed.parse import Unknown, Value

_BY_PROTOCOL = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}


class CertificateReference(NamedTuple):
    """One of a listener's `tls.certificateRefs`; `namespace` None is the Gateway's own."""

    path: str
    group: str | Unknown
    kind: str | Unknown
    namespace: str | Unknown | None
    name: str | Unknown | None


class Listener(NamedTuple):
    """One of `listeners`.

    `from_` is `allowedRoutes.namespaces.from` (Same, All, Selector, None), `selector` its selector. `kinds` are the
    routes' kinds that it admits, empty where its protocol decides. `tls` is whether it says how TLS ends, `certificates`
    what it says of them.
    """

    path: str
    name: str | Unknown | None
    port: int | Unknown | None
    protocol: str | Unknown | None
    hostname: str | Unknown | None
    from_: str | Unknown
    selector: LabelSelector | None
    kinds: Listing[str | Unknown | None]
    tls: bool | Unknown
    certificates: Listing[CertificateReference]

    @property
    def is_of_implementation(self) -> bool:
        """Whether its protocol is one of an implementation, `example.com/bar`, which decides itself what it admits."""
        return isinstance(self.protocol, str) and "/" in self.protocol

    def admits_kind(self, kind: str) -> bool | Unknown:
        """Whether it admits routes of a kind, as its `kinds` say, else its protocol; a protocol of others admits any."""
        if self.kinds.more is not None:
            return self.kinds.more
        if self.kinds.items:
            unknown = next((one for one in self.kinds if isinstance(one, Unknown)), False)
            return True if any(isinstance(one, str) and one == kind for one in self.kinds) else unknown
        if self.protocol is None or isinstance(self.protocol, Unknown):
            return True if self.protocol is None else self.protocol
        return kind in _BY_PROTOCOL.get(self.protocol, (kind,))


@dataclass(frozen=True, slots=True, eq=False)
class Gateway(Object):
    """A Gateway; `class_name` is `spec.gatewayClassName`, `parameters` whether the infrastructure has some of its own."""

    class_name: str | Unknown | None
    listeners: Listing[Listener]
    parameters: bool | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class GatewayClass(Object):
    """A GatewayClass; `controller` is `spec.controllerName`, `parameters` whether it has some."""

    controller: str | Unknown | None
    parameters: bool | Unknown


def read(identity: Identity) -> Gateway:
    """The Gateway of a manifest."""
    spec = read_field(identity.root, "spec")
    return Gateway(
        *read_metadata(identity),
        class_name=read_text(spec, "gatewayClassName"),
        listeners=read_list(spec, "listeners", lambda item, index: _read_listener(item, f"spec.listeners[{index}]")),
        parameters=_is_set(read_field(spec, "infrastructure"), "parametersRef"),
    )


def read_class(identity: Identity) -> GatewayClass:
    """The GatewayClass of a manifest."""
    spec = read_field(identity.root, "spec")
    return GatewayClass(
        *read_metadata(identity, namespaced=False),
        controller=read_text(spec, "controllerName"),
        parameters=_is_set(spec, "parametersRef"),
    )


def _is_set(node: Value, key: str) -> bool | Unknown:
    value = read_field(node, key)
    return value if isinstance(value, Unknown) else value is not None


def _read_listener(node: Value, path: str) -> Listener:
    allowed = read_field(node, "allowedRoutes")
    namespaces = read_field(allowed, "namespaces")
    return Listener(
        path,
        read_text(node, "name"),
        read_integer(node, "port"),
        read_text(node, "protocol"),
        read_text(node, "hostname"),
        apply_default(read_text(namespaces, "from"), "Same"),
        read_selector(namespaces, "selector", f"{path}.allowedRoutes.namespaces.selector"),
        read_list(allowed, "kinds", lambda item, _: read_text(item, "kind")),
        _is_set(node, "tls"),
        read_list(
            read_field(node, "tls"),
            "certificateRefs",
            lambda item, index: _read_certificate(item, f"{path}.tls.certificateRefs[{index}]"),
        ),
    )


def _read_certificate(node: Value, path: str) -> CertificateReference:
    return CertificateReference(
        path,
        apply_default(read_text(node, "group"), ""),
        apply_default(read_text(node, "kind"), "Secret"),
        read_text(node, "namespace"),
        read_text(node, "name"),
    )


KINDS = {(GROUP, "Gateway"): read, (GROUP, "GatewayClass"): read_class}
