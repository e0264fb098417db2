"""Route of OpenShift: a host in front of Services.

https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/network_apis/route-route-openshift-io-v1
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.object import Identity, Object, ObjectReference, read_metadata
from kubeqed.model.values.fields import (
    Listing,
    apply_default,
    read_field,
    read_integer,
    read_list,
    read_port,
    read_text,
)
from kubeqed.parse import Unknown, Value


class RouteBackend(NamedTuple):
    """`spec.to` or one of `alternateBackends`; weight 0 takes no traffic."""

    path: str
    kind: str | Unknown
    name: str | Unknown | None
    weight: int | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Route(Object):
    """A Route; `target_port` None means every port of the Service, a number or name is that of the endpoints."""

    to: RouteBackend
    alternates: Listing[RouteBackend]
    target_port: int | str | Unknown | None

    def references(self) -> Iterator[ObjectReference]:
        """The Services behind it."""
        for backend in self.backends():
            if (reference := self.to_service(backend)) is not None:
                yield reference

    def to_service(self, backend: RouteBackend) -> ObjectReference | None:
        """A backend that is surely a Service, as a reference."""
        if isinstance(backend.kind, Unknown) or backend.kind != "Service" or backend.name is None:
            return None
        return ObjectReference(self, f"{backend.path}.name", ("", "Service"), self.namespace, backend.name)

    def backends(self) -> Iterator[RouteBackend]:
        """All backends, the main one first."""
        yield self.to
        yield from self.alternates


def read(identity: Identity) -> Route:
    """The Route of a manifest."""
    spec = read_field(identity.root, "spec")
    return Route(
        *read_metadata(identity),
        to=_read_backend(read_field(spec, "to"), "spec.to"),
        alternates=read_list(
            spec, "alternateBackends", lambda item, index: _read_backend(item, f"spec.alternateBackends[{index}]")
        ),
        target_port=read_port(read_field(spec, "port"), "targetPort"),
    )


def _read_backend(node: Value, path: str) -> RouteBackend:
    return RouteBackend(
        path,
        apply_default(read_text(node, "kind"), "Service"),
        read_text(node, "name"),
        apply_default(read_integer(node, "weight"), 100),
    )


KINDS = {("route.openshift.io", "Route"): read, ("", "Route"): read}
