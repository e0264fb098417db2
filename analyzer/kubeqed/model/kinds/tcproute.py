"""TCPRoute of the Gateway API: leads TCP connections from Gateways to Services.

https://gateway-api.sigs.k8s.io/reference/spec/#tcproute
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.gatewayroute import GROUP, GatewayRoute, read_route
from kubeqed.model.kinds.object import Identity


@dataclass(frozen=True, slots=True, eq=False)
class TCPRoute(GatewayRoute):
    """A TCPRoute."""


def read(identity: Identity) -> TCPRoute:
    """The TCPRoute of a manifest."""
    return TCPRoute(*read_route(identity))


KINDS = {(GROUP, "TCPRoute"): read}
