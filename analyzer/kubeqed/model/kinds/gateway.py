"""Gateway of the Gateway API: listeners, and which routes each admits.

https://gateway-api.sigs.k8s.io/reference/spec/#gateway
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.gatewayroute import GROUP
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.selector import LabelSelector, read_selector
from kubeqed.model.values.fields import Listing, default, field, integer, listing, text
from kubeqed.parse import Unknown, Value


class Listener(NamedTuple):
    """One of `listeners`.

    `from_` is `allowedRoutes.namespaces.from` (Same, All, Selector, None), `selector` its selector. `kinds` are the
    routes' kinds that it admits, empty where its protocol decides. `tls` is whether it says how TLS ends.
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


@dataclass(frozen=True, slots=True, eq=False)
class Gateway(Object):
    """A Gateway; `class_name` is `spec.gatewayClassName`, `parameters` whether the infrastructure has some of its own."""

    class_name: str | Unknown | None
    listeners: Listing[Listener]
    parameters: bool | Unknown


def read(identity: Identity) -> Gateway:
    """The Gateway of a manifest."""
    spec = field(identity.root, "spec")
    return Gateway(
        *read_metadata(identity),
        class_name=text(spec, "gatewayClassName"),
        listeners=listing(spec, "listeners", lambda item, index: _listener(item, f"spec.listeners[{index}]")),
        parameters=_is_set(field(spec, "infrastructure"), "parametersRef"),
    )


def _is_set(node: Value, key: str) -> bool | Unknown:
    value = field(node, key)
    return value if isinstance(value, Unknown) else value is not None


def _listener(node: Value, path: str) -> Listener:
    allowed = field(node, "allowedRoutes")
    namespaces = field(allowed, "namespaces")
    return Listener(
        path,
        text(node, "name"),
        integer(node, "port"),
        text(node, "protocol"),
        text(node, "hostname"),
        default(text(namespaces, "from"), "Same"),
        read_selector(namespaces, "selector", f"{path}.allowedRoutes.namespaces.selector"),
        listing(allowed, "kinds", lambda item, _: text(item, "kind")),
        _is_set(node, "tls"),
    )


KINDS = {(GROUP, "Gateway"): read}
