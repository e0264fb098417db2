"""The meaning of policies for one packet: every statement is true or false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.reach.algebra import Ranges
from kubeqed.reach.policies import (
    NAME_LABEL,
    PROTOCOLS,
    AddressTerm,
    CompiledPolicy,
    CompiledRule,
    Direction,
    PortTerms,
    Requirements,
    Term,
    are_met,
)

Spaces = Mapping[str, Mapping[str, str]]


class ConcreteLogic:
    """The logic of one packet; `declared` are the labels of the namespaces that manifests declare."""

    def __init__(self, packet: Packet, declared: Spaces) -> None:
        self._packet = packet
        self._declared = declared

    def every(self, parts: Iterable[bool]) -> bool:
        """All of the parts."""
        return all(parts)

    def some(self, parts: Iterable[bool]) -> bool:
        """One of the parts."""
        return any(parts)

    def negate(self, part: bool) -> bool:
        """Not the part."""
        return not part

    def is_governed(self, end: Side) -> bool:
        """An end is a pod that policies see."""
        one = self._find_end(end)
        return isinstance(one, PodEnd) and one.governed

    def is_pod(self, end: Side) -> bool:
        """An end is a pod."""
        return isinstance(self._find_end(end), PodEnd)

    def is_shown(self, end: Side) -> bool:
        """An end is a pod that a manifest shows."""
        one = self._find_end(end)
        return isinstance(one, PodEnd) and one.endpoint is not None

    def is_at(self, end: Side, ranges: Ranges) -> bool:
        """An end is an address outside of the cluster, and one of these."""
        one = self._find_end(end)
        return isinstance(one, AddressEnd) and any(low <= one.address <= high for low, high in ranges)

    def has_labels(self, end: Side, asked: Requirements) -> bool:
        """An end is a pod with such labels."""
        one = self._find_end(end)
        return isinstance(one, PodEnd) and are_met(asked, dict(one.labels))

    def is_in(self, end: Side, asked: Requirements) -> bool:
        """An end is a pod of a namespace with such labels."""
        one = self._find_end(end)
        return isinstance(one, PodEnd) and are_met(asked, self._find_space_labels(one))

    def is_meant(self, end: Side, term: Term) -> bool:
        """A term of a policy means an end."""
        if isinstance(term, AddressTerm):
            one = self._find_end(end)
            return self.is_at(end, term.ranges) or (isinstance(one, PodEnd) and term.holds(one.addresses))
        if not self.is_governed(end) or not self.has_labels(end, term.pods):
            return False
        one = self._find_end(end)
        own = isinstance(one, PodEnd) and one.namespace == term.namespace
        return own if term.namespace is not None else self.is_in(end, term.namespaces)

    def is_on(self, ports: PortTerms) -> bool:
        """The packet goes to one of the ports."""
        port = self._packet.port
        if any(low <= port <= high for low, high in zip(ports.fixed[::2], ports.fixed[1::2], strict=True)):
            return True
        called = self._packet.names if self.is_governed(Side.DESTINATION) else frozenset()
        return any(name in called and protocol in (None, PROTOCOLS[port >> 16]) for protocol, name in ports.names)

    def counts(self, _policy: CompiledPolicy, _direction: Direction, _rule: CompiledRule | None, /) -> bool:
        """All rules take part."""
        return True

    def _find_end(self, end: Side) -> PacketEnd:
        return self._packet.source if end is Side.SOURCE else self._packet.destination

    def _find_space_labels(self, one: PodEnd) -> dict[str, str]:
        labels = self._declared.get(one.namespace)
        return {**(dict(one.space) if labels is None else labels), NAME_LABEL: one.namespace}
