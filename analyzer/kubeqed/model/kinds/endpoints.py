"""Endpoints: the older form of EndpointSlice; it belongs to the Service of its own name.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubeqed.model.kinds.endpointslice import EndpointPort, read_endpoint_port
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import Listing, read_field, read_items, read_list
from kubeqed.parse import Unknown, Value


@dataclass(frozen=True, slots=True, eq=False)
class Endpoints(Object):
    """An Endpoints object."""

    @property
    def service(self) -> str | Unknown | None:
        """The name of the Service it belongs to."""
        return self.name

    @property
    def ports(self) -> Listing[EndpointPort]:
        """The ports on which its addresses answer, of all subsets."""
        subsets = read_list(self.identity.root, "subsets", lambda item, index: _read_ports(item, f"subsets[{index}]"))
        more = next((one.more for one in subsets if one.more is not None), subsets.more)
        return Listing(tuple(port for one in subsets for port in one), more)

    @property
    def addresses(self) -> Iterator[str]:
        """The addresses that are ready and known."""
        for subset in read_items(self.identity.root, "subsets"):
            for one in read_items(subset, "addresses"):
                if isinstance(written := read_field(one, "ip"), str):
                    yield written


def _read_ports(subset: Value, path: str) -> Listing[EndpointPort]:
    return read_list(subset, "ports", lambda item, index: read_endpoint_port(item, f"{path}.ports[{index}]"))


def read(identity: Identity) -> Endpoints:
    """The Endpoints of a manifest."""
    return Endpoints(*read_metadata(identity))


KINDS = {("", "Endpoints"): read}
