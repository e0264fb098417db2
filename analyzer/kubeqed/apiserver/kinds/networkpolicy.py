"""NetworkPolicy, as pkg/apis/networking/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import sloppy_network, validate_network
from kubeqed.apiserver.formats.labels import validate_selector
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import PROTOCOLS, dns_subdomain, port_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set

_TYPES = ("Ingress", "Egress")


def validate_networkpolicy(root: Node, server: Server) -> Iterator[Violation]:
    """A NetworkPolicy."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    yield from validate_selector(spec["podSelector"])
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule in spec[direction].items():
            for port in rule["ports"].items():
                yield from _validate_port(port)
            for peer in rule[peers].items():
                yield from _validate_peer(peer, server)
    types = spec["policyTypes"]
    if types.filled and len([*types.items()]) > 2:
        yield invalid(types, "may not specify more than two policyTypes")
        return
    for kind in types.items():
        if is_known(kind.text) and kind.text not in _TYPES:
            yield unsupported(kind, _TYPES)


def _validate_port(node: Node) -> Iterator[Violation]:
    protocol, port, end = node["protocol"], node["port"], node["endPort"]
    if protocol.present and is_known(protocol.text) and protocol.text not in PROTOCOLS:
        yield unsupported(protocol, PROTOCOLS)
    if isinstance(port.value, str):
        if end.present:
            yield invalid(end, "may not be specified when `port` is a name")
        for why in port_name(port.value):
            yield invalid(port, why)
    elif port.absent:
        if end.present:
            yield invalid(end, "may not be specified when `port` is not")
    elif is_known(port.number):
        yield from _validate_range(port, port.number, end)


def _validate_range(port: Node, number: int, end: Node) -> Iterator[Violation]:
    if not 1 <= number <= 65535:
        yield invalid(port, "must be between 1 and 65535")
    if end.absent or not is_known(end.number):
        return
    if end.number < number:
        yield invalid(end, "must be greater than or equal to `port`")
    if not 1 <= end.number <= 65535:
        yield invalid(end, "must be between 1 and 65535")


def _validate_peer(node: Node, server: Server) -> Iterator[Violation]:
    pods, namespaces, block = node["podSelector"], node["namespaceSelector"], node["ipBlock"]
    yield from validate_selector(pods)
    yield from validate_selector(namespaces)
    if block.present:
        yield from _validate_block(block, server)
        if pods.present or namespaces.present:
            yield forbidden(node, "may not specify both ipBlock and another peer")
    elif pods.absent and namespaces.absent and block.absent:
        yield Violation(Reason.VALUE, node.path, f"names no peer in {node.path}", missing=True)


def _validate_block(node: Node, server: Server) -> Iterator[Violation]:
    cidr = node["cidr"]
    if equals(cidr.text, ""):
        yield required(cidr)
    if not is_set(cidr.text):
        return
    yield from validate_network(cidr, cidr.text, strict=server.strict_addresses)
    outer = sloppy_network(cidr.text)
    for item in node["except"].items() if outer is not None else ():
        if not is_known(item.text) or outer is None:
            continue
        yield from validate_network(item, item.text, strict=server.strict_addresses)
        inner = sloppy_network(item.text)
        if inner is None:
            continue
        one, two = outer.network, inner.network
        # The server compares networks, not texts: `10.0.0.1/8` is 10.0.0.0/8. An exception as large as the block is
        # refused.
        if one.version != two.version or one.prefixlen >= two.prefixlen or two.network_address not in one:
            yield invalid(item, f"must lie inside {cidr.text} and be smaller")


KINDS = {("networking.k8s.io", "v1", "NetworkPolicy"): validate_networkpolicy}
