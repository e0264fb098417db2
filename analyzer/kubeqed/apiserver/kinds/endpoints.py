"""Endpoints, as pkg/apis/core/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import special_faults, validate_address, warn_of_unusual
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import PROTOCOLS, dns_label, dns_subdomain, qualified_name, validate_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set, known_or


def validate_endpoints(root: Node, server: Server) -> Iterator[Violation]:
    """An Endpoints object."""
    yield from validate_metadata(root, dns_subdomain, counted=False)
    for subset in root["subsets"].items():
        if equals(subset["addresses"].length, 0) and equals(subset["notReadyAddresses"].length, 0):
            yield Violation(Reason.VALUE, subset.path, f"has no addresses in {subset.path}", missing=True)
        for key in ("addresses", "notReadyAddresses"):
            for address in subset[key].items():
                yield from _validate_address(address, server)
        several = len([*subset["ports"].items()]) > 1
        for port in subset["ports"].items():
            yield from _validate_port(port, several=several)


def _validate_address(node: Node, server: Server) -> Iterator[Violation]:
    yield from validate_address(node["ip"], strict=server.strict_addresses)
    yield from warn_of_unusual(node["ip"], strict=server.strict_addresses)
    for why in special_faults(known_or(node["ip"].text, "")):
        yield invalid(node["ip"], why)
    yield from validate_name(node["hostname"], dns_label)
    node_name = node["nodeName"]
    for why in dns_subdomain(node_name.text) if node_name.present and is_known(node_name.text) else ():
        yield invalid(node_name, why)


def _validate_port(node: Node, *, several: bool) -> Iterator[Violation]:
    name, number, protocol, application = node["name"], node["port"], node["protocol"], node["appProtocol"]
    if several and equals(name.text, ""):
        yield required(name)
    yield from validate_name(name, dns_label)
    if is_known(number.number) and not 1 <= number.number <= 65535:
        yield invalid(number, "must be between 1 and 65535")
    if is_set(protocol.text) and protocol.text not in PROTOCOLS:
        yield unsupported(protocol, PROTOCOLS)
    for why in qualified_name(application.text) if application.present and is_known(application.text) else ():
        yield invalid(application, why)


KINDS = {("", "v1", "Endpoints"): validate_endpoints}
