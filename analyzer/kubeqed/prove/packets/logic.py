"""What a logic has to offer, so that the meaning of policies can be written once for one packet and for all packets."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Protocol, TypeVar

from kubeqed.reach.algebra import Ranges
from kubeqed.reach.policies import CompiledPolicy, CompiledRule, Direction, PortTerms, Requirements, Term

T = TypeVar("T")


class Side(Enum):
    """One of the two ends of a packet."""

    SOURCE = "source"
    DESTINATION = "destination"


class PacketLogic(Protocol[T]):
    """Statements about a packet, and how they are joined."""

    def every(self, parts: Iterable[T]) -> T:
        """All of the parts; with no part, true."""
        ...

    def some(self, parts: Iterable[T]) -> T:
        """One of the parts; with no part, false."""
        ...

    def negate(self, part: T) -> T:
        """Not the part."""
        ...

    def is_governed(self, end: Side) -> T:
        """An end is a pod that policies see: no address outside the cluster, and not in the host network."""
        ...

    def is_pod(self, end: Side) -> T:
        """An end is a pod."""
        ...

    def is_shown(self, end: Side) -> T:
        """An end is a pod that a manifest shows."""
        ...

    def is_at(self, end: Side, ranges: Ranges) -> T:
        """An end is an address outside of the cluster, and one of these."""
        ...

    def has_labels(self, end: Side, asked: Requirements) -> T:
        """An end is a pod with such labels."""
        ...

    def is_in(self, end: Side, asked: Requirements) -> T:
        """An end is a pod of a namespace with such labels."""
        ...

    def is_meant(self, end: Side, term: Term) -> T:
        """A term of a policy means an end."""
        ...

    def is_on(self, ports: PortTerms) -> T:
        """The packet goes to one of the ports; a name means what the destination calls so."""
        ...

    def counts(self, policy: CompiledPolicy, direction: Direction, rule: CompiledRule | None, /) -> T:
        """Whether a rule takes part, or, without a rule, that a policy isolates: what a proof may do without is false."""
        ...
