"""The two ends of a question about a pair: nodes of the reach engine, with the pods or the addresses that are meant."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.reach.algebra.addresses import Ranges
from kubeqed.reach.peer import Group, Peer
from kubeqed.reach.topology.endpoints import Endpoint


class End(NamedTuple):
    """One end of a pair: its node, what it is called, and the peer of which `pods` are meant, or the addresses."""

    node: int
    text: str
    group: Group
    pods: tuple[Endpoint, ...] = ()

    @property
    def peer(self) -> Peer | None:
        """The peer, unless it is addresses or the ingress controller."""
        return self.group.workloads[0] if self.group.workloads else None

    @property
    def workload(self) -> Workload | None:
        """The object behind the peer."""
        return self.pods[0].workload if self.pods else None


class Pair(NamedTuple):
    """The two ends of a question."""

    source: End
    destination: End

    @property
    def ranges(self) -> Ranges:
        """The addresses at either end."""
        return (*self.source.group.addresses, *self.destination.group.addresses)
