"""One packet: where it comes from, where it goes, and to which port."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.reach import Endpoint
from kubeqed.reach.policies import Labels


class PodEnd(NamedTuple):
    """A pod: one that a manifest shows, of which `endpoint` is the workload, or one that somebody may deploy.

    `space` are labels of its namespace where no manifest declares it. `governed` is false in the host network.
    """

    namespace: str
    labels: Labels = ()
    space: Labels = ()
    governed: bool = True
    addresses: tuple[int, ...] = ()
    endpoint: Endpoint | None = None


class AddressEnd(NamedTuple):
    """An address outside of the cluster."""

    address: int


PacketEnd = PodEnd | AddressEnd


class Packet(NamedTuple):
    """A packet; `port` is a port of a protocol as in sets of ports, `names` are what the destination calls it."""

    source: PacketEnd
    destination: PacketEnd
    port: int
    names: frozenset[str] = frozenset()
