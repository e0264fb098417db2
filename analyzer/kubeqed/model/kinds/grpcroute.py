"""GRPCRoute of the Gateway API: leads gRPC calls from Gateways to Services.

https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.gatewayroute import GROUP, GatewayRoute, read_route
from kubeqed.model.kinds.object import Identity


@dataclass(frozen=True, slots=True, eq=False)
class GRPCRoute(GatewayRoute):
    """A GRPCRoute."""


def read(identity: Identity) -> GRPCRoute:
    """The GRPCRoute of a manifest."""
    return GRPCRoute(*read_route(identity))


KINDS = {(GROUP, "GRPCRoute"): read}
