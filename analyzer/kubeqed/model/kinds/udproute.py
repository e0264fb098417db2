"""UDPRoute of the Gateway API: leads UDP datagrams from Gateways to Services.

https://gateway-api.sigs.k8s.io/reference/spec/#udproute
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.gatewayroute import GROUP, GatewayRoute, read_route
from kubeqed.model.kinds.object import Identity


@dataclass(frozen=True, slots=True, eq=False)
class UDPRoute(GatewayRoute):
    """A UDPRoute."""


def read(identity: Identity) -> UDPRoute:
    """The UDPRoute of a manifest."""
    return UDPRoute(*read_route(identity))


KINDS = {(GROUP, "UDPRoute"): read}
