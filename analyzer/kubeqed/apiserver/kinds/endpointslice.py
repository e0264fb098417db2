"""EndpointSlice, as pkg/apis/discovery/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import sloppy_address, special_faults, validate_address
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import (
    PROTOCOLS,
    Check,
    dns_label,
    dns_subdomain,
    label_value,
    qualified_name,
    validate_name,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, duplicate, invalid, required, unsupported, warn
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or
from kubeqed.parse import Unknown

_TYPES = ("IPv4", "IPv6", "FQDN")
_MOST = {"endpoints": 1000, "ports": 20000, "addresses": 100}


def validate_endpointslice(root: Node, server: Server) -> Iterator[Violation]:
    """An EndpointSlice."""
    yield from validate_metadata(root, dns_subdomain)
    kind = root["addressType"]
    if equals(kind.text, ""):
        yield required(kind)
    elif is_set(kind.text) and kind.text not in _TYPES:
        yield unsupported(kind, _TYPES)
    elif equals(kind.text, "FQDN"):
        yield warn(kind, "FQDN endpoints are deprecated", Reason.FIELD_DEPRECATED)
    yield from _validate_ports(root["ports"])
    yield from _too_many(root["endpoints"], "endpoints")
    for endpoint in root["endpoints"].items():
        yield from _validate_endpoint(endpoint, kind.text, server)


def _too_many(node: Node, what: str) -> Iterator[Violation]:
    if is_known(node.length) and node.length > _MOST[what]:
        yield invalid(node, f"must have at most {_MOST[what]} items")


def _validate_ports(node: Node) -> Iterator[Violation]:
    yield from _too_many(node, "ports")
    names: set[str] = set()
    for port in node.items():
        name, protocol, application = port["name"], port["protocol"], port["appProtocol"]
        yield from validate_name(name, dns_label)
        if is_known(name.text):
            if name.text in names:
                yield duplicate(name)
            names.add(name.text)
        if protocol.present and is_known(protocol.text) and protocol.text not in PROTOCOLS:
            yield unsupported(protocol, PROTOCOLS)
        if application.present:
            for why in qualified_name(application.text) if is_known(application.text) else ():
                yield invalid(application, why)


def _validate_endpoint(endpoint: Node, kind: str | Unknown, server: Server) -> Iterator[Violation]:
    addresses = endpoint["addresses"]
    if equals(addresses.length, 0):
        yield required(addresses, "must contain at least 1 address")
    yield from _too_many(addresses, "addresses")
    for address in addresses.items():
        if is_known(address.text) and is_one_of(kind, ("IPv4", "IPv6")):
            yield from _validate_address(address, address.text, kind, server)
        elif is_known(address.text) and equals(kind, "FQDN"):
            yield from _validate_host(address, address.text)
    yield from _set_name(endpoint["nodeName"], dns_subdomain)
    yield from _set_name(endpoint["hostname"], dns_label)
    yield from _validate_hints(endpoint["hints"]["forNodes"], dns_subdomain)
    yield from _validate_hints(endpoint["hints"]["forZones"], label_value)


def _set_name(node: Node, check: Check) -> Iterator[Violation]:
    """A name that may be absent but not empty."""
    if node.present and is_known(node.text):
        for why in check(node.text):
            yield invalid(node, why)


def _validate_hints(node: Node, check: Check) -> Iterator[Violation]:
    seen: set[str] = set()
    for entry in node.items():
        name = entry["name"]
        if is_set(name.text) and name.text in seen:
            yield duplicate(name)
        seen.add(known_or(name.text, ""))
        if is_known(name.text):
            for why in check(name.text):
                yield invalid(name, why)


def _validate_address(node: Node, text: str, kind: str, server: Server) -> Iterator[Violation]:
    faults = [*validate_address(node, strict=kind == "IPv6" or server.strict_addresses)]
    yield from faults
    if faults:
        return
    address = sloppy_address(text)
    if address is None:
        return
    if kind == "IPv6" and str(address) != text:
        yield invalid(node, f"must be in canonical form ({address})")
        return
    if kind != f"IPv{6 if ':' in text else 4}":
        # The server names the list, not the item.
        path = node.parent.path if node.parent else node.path
        yield Violation(Reason.VALUE, path, f"sets {node.path} to {text}: must be an {kind} address", place=node.path)
    for why in special_faults(text):
        yield invalid(node, why)


def _validate_host(node: Node, text: str) -> Iterator[Violation]:
    name = text.removesuffix(".")
    faults = dns_subdomain(name) if name else ["must be a host name"]
    for why in faults:
        yield invalid(node, why)
    if not faults and "." not in name:
        yield invalid(node, "should be a domain with at least two segments separated by dots")


KINDS = {("discovery.k8s.io", "v1", "EndpointSlice"): validate_endpointslice}
