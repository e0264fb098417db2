"""Ranges of addresses as people write them: networks, one of each family, from-to, or a prefix alone."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple


class AddressRange(NamedTuple):
    """The addresses from `first` to `last`, both included, as they are written in `text`."""

    first: IPv4Address | IPv6Address
    last: IPv4Address | IPv6Address
    text: str

    def meets(self, other: AddressRange) -> bool:
        """Whether they share an address; those of two families share none."""
        if self.first.version != other.first.version:
            return False
        return int(self.first) <= int(other.last) and int(other.first) <= int(self.last)

    def holds(self, other: AddressRange) -> bool:
        """Whether all of the other lies in this one."""
        if self.first.version != other.first.version:
            return False
        return int(self.first) <= int(other.first) and int(other.last) <= int(self.last)

    @property
    def prefix(self) -> int:
        """The prefix of the network that it is."""
        return self.first.max_prefixlen - (int(self.last) - int(self.first)).bit_length()

    @property
    def size(self) -> int:
        """The number of its addresses."""
        return int(self.last) - int(self.first) + 1


def parse_range(text: str) -> AddressRange | None:
    """One network, one from-to, or one address; None for anything else, also for a placeholder."""
    text = text.strip()
    first, dash, last = text.partition("-")
    try:
        if dash:
            low, high = ip_address(first.strip()), ip_address(last.strip())
            return AddressRange(low, high, text) if low.version == high.version and int(low) <= int(high) else None
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return AddressRange(network.network_address, network.broadcast_address, text)


def parse_ranges(text: str) -> Iterator[AddressRange]:
    """The networks of a text that may state one of each family."""
    for part in text.split(","):
        found = parse_range(part)
        if found is not None:
            yield found


def read_prefix(text: str) -> int | None:
    """The prefix of an IPv4 network, or of one of which only that is stated; None where there is none of IPv4."""
    if text.startswith("/"):
        return int(text[1:])
    return next((one.prefix for one in parse_ranges(text) if one.first.version == 4), None)
