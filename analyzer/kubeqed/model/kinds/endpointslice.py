"""EndpointSlice: addresses behind a Service, written by hand where the Service has no selector.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.service import SERVICE_NAME
from kubeqed.model.values.fields import Listing, read_integer, read_items, read_list, read_text_or
from kubeqed.parse import Unknown, Value


class EndpointPort(NamedTuple):
    """A port of hand-written endpoints; an absent name is the empty one, as in a Service."""

    path: str
    name: str | Unknown
    number: int | Unknown | None


@dataclass(frozen=True, slots=True, eq=False)
class EndpointSlice(Object):
    """An EndpointSlice; the label `kubernetes.io/service-name` says whose it is."""

    @property
    def service(self) -> str | Unknown | None:
        """The name of the Service it belongs to."""
        return self.labels.entries.get(SERVICE_NAME, self.labels.more)

    @property
    def ports(self) -> Listing[EndpointPort]:
        """The ports on which its addresses answer."""
        return read_list(self.identity.root, "ports", lambda item, index: read_endpoint_port(item, f"ports[{index}]"))

    @property
    def addresses(self) -> Iterator[str]:
        """The addresses that are known."""
        for endpoint in read_items(self.identity.root, "endpoints"):
            yield from (one for one in read_items(endpoint, "addresses") if isinstance(one, str))


def read_endpoint_port(node: Value, path: str) -> EndpointPort:
    """The port whose value tree is `node`, standing at `path`."""
    return EndpointPort(path, read_text_or(node, "name", ""), read_integer(node, "port"))


def read(identity: Identity) -> EndpointSlice:
    """The EndpointSlice of a manifest."""
    return EndpointSlice(*read_metadata(identity))


KINDS = {("discovery.k8s.io", "EndpointSlice"): read}
