"""Endpoints: the older form of EndpointSlice; it belongs to the Service of its own name.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import read_field, read_items
from kubeqed.parse import Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Endpoints(Object):
    """An Endpoints object."""

    @property
    def service(self) -> str | Unknown | None:
        """The name of the Service it belongs to."""
        return self.name

    @property
    def addresses(self) -> Iterator[str]:
        """The addresses that are ready and known."""
        for subset in read_items(self.identity.root, "subsets"):
            for one in read_items(subset, "addresses"):
                if isinstance(written := read_field(one, "ip"), str):
                    yield written


def read(identity: Identity) -> Endpoints:
    """The Endpoints of a manifest."""
    return Endpoints(*read_metadata(identity))


KINDS = {("", "Endpoints"): read}
