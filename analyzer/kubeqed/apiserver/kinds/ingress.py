"""Ingress, as pkg/apis/networking/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import sloppy_address
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import (
    dns_1035_label,
    dns_label,
    dns_subdomain,
    path_segment,
    port_name,
    require_name,
    validate_name,
    wildcard_subdomain,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, unsupported, warn
from kubeqed.model.kinds.ingress import CLASS_ANNOTATION
from kubeqed.model.values.known import equals, is_known, is_set

_PATH_TYPES = ("Exact", "Prefix", "ImplementationSpecific")
_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
_SUFFIXES = ("/..", "/.")


def validate_ingress(root: Node, server: Server) -> Iterator[Violation]:
    """An Ingress."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    if equals(spec["rules"].length, 0) and spec["defaultBackend"].absent:
        yield Violation(Reason.VALUE, "spec", "has neither spec.rules nor spec.defaultBackend", missing=True)
    if spec["defaultBackend"].present:
        yield from _validate_backend(spec["defaultBackend"], server)
    for rule in spec["rules"].items():
        yield from _validate_rule(rule, server)
    for tls in spec["tls"].items():
        for host in tls["hosts"].items():
            yield from _validate_host(host, needed=True)
        yield from validate_name(tls["secretName"], dns_subdomain)
    yield from _validate_class(root)


def _validate_class(root: Node) -> Iterator[Violation]:
    name, annotation = root["spec"]["ingressClassName"], root["metadata"]["annotations"][CLASS_ANNOTATION]
    if name.present and is_known(name.text):
        for why in dns_subdomain(name.text):
            yield invalid(name, why)
    # Only objects that are created are refused for this; the recorded verdicts are of creations.
    if annotation.present and is_known(annotation.text) and name.present and is_known(name.text):
        if annotation.text != name.text:
            yield invalid(annotation, "must match spec.ingressClassName when both are set")
    elif annotation.present and name.absent:
        yield warn(annotation, "is deprecated in favour of spec.ingressClassName", Reason.FIELD_DEPRECATED)


def _validate_rule(rule: Node, server: Server) -> Iterator[Violation]:
    host = rule["host"]
    if is_set(host.text) and sloppy_address(host.text) is not None:
        yield invalid(host, "must be a DNS name, not an IP address")
    yield from _validate_host(host, needed=False)
    http = rule["http"]
    if not http.present:
        return
    if equals(http["paths"].length, 0):
        yield required(http["paths"])
    for path in http["paths"].items():
        yield from _validate_path(path, server)


def _validate_host(host: Node, *, needed: bool) -> Iterator[Violation]:
    if not is_known(host.text) or (not host.text and not needed):
        return
    for why in wildcard_subdomain(host.text) if "*" in host.text else dns_subdomain(host.text):
        yield invalid(host, why)


def _validate_path(node: Node, server: Server) -> Iterator[Violation]:
    kind, path = node["pathType"], node["path"]
    if kind.absent:
        yield required(kind, "each path needs a pathType")
        return
    if is_known(kind.text) and kind.text not in _PATH_TYPES:
        yield unsupported(kind, _PATH_TYPES)
    elif is_known(kind.text) and is_known(path.text):
        # A controller of its own may read ImplementationSpecific paths as patterns, so the server leaves them alone.
        yield from _path_text(path, path.text, exactly=kind.text != "ImplementationSpecific")
    yield from _validate_backend(node["backend"], server)


def _path_text(node: Node, path: str, *, exactly: bool) -> Iterator[Violation]:
    if not path.startswith("/") and (path or exactly):
        yield (required if node.absent else invalid)(node, "must be an absolute path")
    if not exactly:
        return
    for sequence in _SEQUENCES:
        if sequence in path:
            yield invalid(node, f"must not contain '{sequence}'")
    for suffix in _SUFFIXES:
        if path.endswith(suffix):
            yield invalid(node, f"cannot end with '{suffix}'")


def _validate_backend(node: Node, server: Server) -> Iterator[Violation]:
    service, resource = node["service"], node["resource"]
    if service.present and resource.present:
        yield forbidden(node, "cannot have both a resource and a service")
    elif resource.present:
        yield from validate_typed_reference(resource)
    elif service.present:
        yield from _validate_service(node, service, server)
    elif service.absent and resource.absent:
        yield Violation(Reason.VALUE, node.path, f"has neither a service nor a resource in {node.path}", missing=True)


def _validate_service(backend: Node, service: Node, server: Server) -> Iterator[Violation]:
    yield from require_name(service["name"], dns_label if server.relaxed_service_names else dns_1035_label)
    name, number = service["port"]["name"], service["port"]["number"]
    if is_set(name.text) and is_set(number.number):
        yield forbidden(backend, "cannot have both a port name and a port number")
    elif is_set(name.text) and equals(number.number, 0):
        yield from validate_name(name, port_name)
    elif is_set(number.number) and equals(name.text, ""):
        if not 1 <= number.number <= 65535:
            yield invalid(number, "must be between 1 and 65535")
    elif equals(name.text, "") and equals(number.number, 0):
        yield required(backend, "a port name or number is needed")


def validate_typed_reference(node: Node) -> Iterator[Violation]:
    """A reference to an object of any kind in the same namespace."""
    if node["apiGroup"].present and is_known(node["apiGroup"].text):
        for why in dns_subdomain(node["apiGroup"].text):
            yield invalid(node["apiGroup"], why)
    yield from require_name(node["kind"], path_segment)
    yield from require_name(node["name"], path_segment)


KINDS = {("networking.k8s.io", "v1", "Ingress"): validate_ingress}
