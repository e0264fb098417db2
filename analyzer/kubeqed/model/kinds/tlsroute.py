"""TLSRoute of the Gateway API: leads TLS connections by their server name from Gateways to Services.

https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.gatewayroute import GROUP, GatewayRoute, read_route
from kubeqed.model.kinds.object import Identity


@dataclass(frozen=True, slots=True, eq=False)
class TLSRoute(GatewayRoute):
    """A TLSRoute."""


def read(identity: Identity) -> TLSRoute:
    """The TLSRoute of a manifest."""
    return TLSRoute(*read_route(identity))


KINDS = {(GROUP, "TLSRoute"): read}
