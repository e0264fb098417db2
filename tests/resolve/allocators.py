"""What the API server's allocators have given out: node ports, one slot for each number, and cluster IPs.

Fixed numbers and addresses are kept by value, those that the server picks by how many they are.
"""

from __future__ import annotations

from typing import NamedTuple


class Held(NamedTuple):
    """What a Service holds: fixed numbers and addresses, and how many of each the server picked."""

    ports: frozenset[int] = frozenset()
    picked_ports: int = 0
    addresses: frozenset[str] = frozenset()
    picked_addresses: int = 0


class Allocators:
    """What a cluster's allocators have given out, and to whom; owners are the keys of objects."""

    def __init__(self) -> None:
        self._held: dict[object, Held] = {}
        self._addresses: dict[str, object] = {}
        self._ports: dict[int, object] = {}
        self.picked_addresses = 0
        self.picked_ports = 0

    def give(self, owner: object, held: Held) -> None:
        """Lets an object hold this, and nothing of what it held before."""
        self.take_back(owner)
        self._held[owner] = held
        self._addresses.update(dict.fromkeys(held.addresses, owner))
        self._ports.update(dict.fromkeys(held.ports, owner))
        self._count(held, 1)

    def take_back(self, owner: object) -> Held:
        """Frees what an object holds."""
        held = self._held.pop(owner, Held())
        for address in held.addresses:
            self._addresses.pop(address, None)
        for port in held.ports:
            self._ports.pop(port, None)
        self._count(held, -1)
        return held

    def held_by(self, owner: object) -> Held:
        """What an object holds."""
        return self._held.get(owner, Held())

    def holder_of_address(self, address: str, asking: object) -> object | None:
        """Who else holds an address."""
        holder = self._addresses.get(address)
        return None if holder == asking else holder

    def has_port(self, number: int, asking: object) -> bool:
        """Whether another object holds a node port."""
        return self._ports.get(number, asking) != asking

    def addresses_of_others(self, asking: object) -> int:
        """How many addresses the others hold."""
        own = self.held_by(asking)
        return len(self._addresses) + self.picked_addresses - len(own.addresses) - own.picked_addresses

    def ports_of_others(self, asking: object) -> int:
        """How many node ports the others hold."""
        own = self.held_by(asking)
        return len(self._ports) + self.picked_ports - len(own.ports) - own.picked_ports

    def _count(self, held: Held, sign: int) -> None:
        self.picked_addresses += sign * held.picked_addresses
        self.picked_ports += sign * held.picked_ports
