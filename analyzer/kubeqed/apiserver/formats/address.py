"""IP addresses and networks as the API server reads them, leniently before 1.36 and strictly since.

Ported from k8s.io/apimachinery/pkg/util/validation/ip.go; `sloppy` is k8s.io/utils/net: leading zeros are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Misspelt, Violation, invalid, warn
from kubeqed.model.values.known import is_known, known_or
from kubeqed.parse import parse_whole_number

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network  # slow to import, and seldom needed

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network

_SIGNS = r"[0-9a-fA-F:.]+"
_ZEROS = r"(?<![0-9a-fA-F:])0+(?=[0-9])"
_QUAD = r"(?:[0-9]+\.){3}[0-9]+\Z"


class Interface(NamedTuple):
    """An address with a prefix length, as written."""

    address: Address
    network: Network


def sloppy_address(text: str) -> Address | None:
    """The address; None when it is none. IPv4-mapped addresses come out as IPv4, as Go has them."""
    if not re.fullmatch(_SIGNS, text):
        return None
    import ipaddress

    match = re.search(_QUAD, text)
    dotted = text[: match.start()] + re.sub(_ZEROS, "", match[0]) if match else text
    try:
        address = ipaddress.ip_address(dotted)
    except ValueError:
        return None
    return _unmap_address(address)


def sloppy_network(text: str) -> Interface | None:
    """The address and the network of a CIDR; None when it is none."""
    head, slash, length = text.partition("/")
    address = sloppy_address(head)
    if address is None or not slash or not length.isascii() or not length.isdigit():
        return None
    mapped = ":" in head and address.version == 4
    bits = parse_whole_number(length)
    size = bits - 96 if mapped else bits
    if bits > (128 if mapped else address.max_prefixlen):
        return None
    import ipaddress

    return Interface(address, ipaddress.ip_network(f"{address}/{max(size, 0)}", strict=False))


def address_faults(text: str, *, strict: bool) -> list[str]:
    """What is wrong with an address."""
    address = sloppy_address(text)
    if address is None:
        return [Misspelt("must be a valid IP address (such as 10.9.8.7 or 2001:db8::ffff)")]
    if not strict:
        return []
    if ":" in text and address.version == 4:
        return ["must not be an IPv4-mapped IPv6 address"]
    return [] if _is_plain(text) else ["must not have leading 0s"]


def network_faults(text: str, *, strict: bool) -> list[str]:
    """What is wrong with a CIDR."""
    interface = sloppy_network(text)
    if interface is None:
        return [Misspelt("must be a valid CIDR (such as 10.9.8.0/24 or 2001:db8::/64)")]
    if not strict:
        return []
    head, _, length = text.partition("/")
    if not _is_plain(head) or (length.startswith("0") and length != "0"):
        return ["must not have leading 0s in the address or the prefix length"]
    if ":" in head and interface.address.version == 4:
        return ["must not have an IPv4-mapped IPv6 address"]
    if interface.address != interface.network.network_address:
        return ["must not have bits set beyond the prefix length"]
    return []


def special_faults(text: str) -> list[str]:
    """Why an address that is well-formed may not be that of an endpoint."""
    address = sloppy_address(text)
    if address is None:
        return []
    if address.is_unspecified:
        return [f"may not be unspecified ({text})"]
    if address.is_loopback:
        return ["may not be in the loopback range (127.0.0.0/8, ::1/128)"]
    if address.is_link_local:
        return ["may not be in the link-local range (169.254.0.0/16, fe80::/10)"]
    if _is_link_local_multicast(address):
        return ["may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"]
    return []


def validate_address(node: Node, *, strict: bool, reason: Reason = Reason.VALUE) -> Iterator[Violation]:
    """The complaints about a text field that must be an address."""
    if is_known(text := node.text):
        for why in address_faults(text, strict=strict):
            yield invalid(node, why, reason)


def validate_network(node: Node, text: str, *, strict: bool) -> Iterator[Violation]:
    """The complaints about a CIDR, and the warnings about one that is not written as it should be."""
    faults = network_faults(text, strict=strict)
    for why in faults:
        yield invalid(node, why)
    if not faults:
        interface = sloppy_network(text)
        for why in network_faults(text, strict=True) if not strict else ():
            yield warn(node, f"{why}, as newer servers demand", Reason.VALUE)
        if strict and interface is not None and ":" in text and str(interface.network) != text:
            yield warn(node, f"should be in canonical form ({interface.network})", Reason.VALUE)


def warn_of_unusual(node: Node, *, strict: bool) -> Iterator[Violation]:
    """The warning about an address that is accepted and not written as it should be."""
    address = sloppy_address(known_or(node.text, ""))
    if address is None or not is_known(node.text):
        return
    for why in address_faults(node.text, strict=True) if not strict else ():
        yield warn(node, f"{why}, as newer servers demand", Reason.VALUE)
    if ":" in node.text and address.version == 6 and str(address) != node.text:
        yield warn(node, f"should be in canonical form ({address})", Reason.VALUE)


def _is_plain(text: str) -> bool:
    """Whether netip would parse it: no leading zeros in an octet."""
    import ipaddress

    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _unmap_address(address: Address) -> Address:
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


def _is_link_local_multicast(address: Address) -> bool:
    packed = address.packed
    return packed[:3] == b"\xe0\x00\x00" if address.version == 4 else packed[0] == 0xFF and packed[1] & 0x0F == 0x02
