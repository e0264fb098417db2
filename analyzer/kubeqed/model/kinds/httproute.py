"""HTTPRoute of the Gateway API: leads HTTP requests from Gateways to Services.

https://gateway-api.sigs.k8s.io/reference/spec/#httproute
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.gatewayroute import GROUP, GatewayRoute, read_route
from kubeqed.model.kinds.object import Identity


@dataclass(frozen=True, slots=True, eq=False)
class HTTPRoute(GatewayRoute):
    """An HTTPRoute."""


def read(identity: Identity) -> HTTPRoute:
    """The HTTPRoute of a manifest."""
    return HTTPRoute(*read_route(identity))


KINDS = {(GROUP, "HTTPRoute"): read}
