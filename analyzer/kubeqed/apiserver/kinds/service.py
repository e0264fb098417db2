"""Service, as pkg/apis/core/validation (validateService) and pkg/registry/core/service of k8s.io/kubernetes judge it.

The server allocates addresses and node ports before it validates, so a refused allocation is all that it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.formats.address import special_faults, validate_address, validate_network
from kubeqed.apiserver.formats.labels import validate_labels
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_1035_label, dns_label, dns_subdomain, qualified_name, validate_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT, TYPES, type_of
from kubeqed.apiserver.service.addresses import validate_allocation, validate_cluster_ips
from kubeqed.apiserver.service.node_ports import validate_node_ports
from kubeqed.apiserver.service.ports import validate_ports
from kubeqed.apiserver.service.traffic import validate_distribution, validate_traffic
from kubeqed.apiserver.service.warnings import warn_of_service
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or

SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_HINTS, _MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"
_LONGEST_AFFINITY = 86400
_ONLY_BALANCED = "may only be used when `type` is LoadBalancer"


def validate_service(root: Node, server: Server) -> Iterator[Violation]:
    """A Service; what cannot be allocated hides the rest, as on the server."""
    refused = [*validate_allocation(root, server)] or [*validate_node_ports(root, server)]
    said = [*(refused or _validate_fields(root, server)), *warn_of_service(root, server)]
    yield from said if root["spec"]["clusterIPs"].present else map(_where_it_is_written, said)


def _where_it_is_written(violation: Violation) -> Violation:
    """The server speaks of `clusterIPs` also where the manifest writes `clusterIP` alone."""
    if not violation.path.startswith("spec.clusterIPs") or violation.place is not None:
        return violation
    message = re.sub(r"spec\.clusterIPs(\[0\])?", "spec.clusterIP", violation.message)
    return violation._replace(place="spec.clusterIP", message=message)


def _validate_fields(root: Node, server: Server) -> Iterator[Violation]:
    spec = root["spec"]
    yield from validate_metadata(root, dns_label if server.relaxed_service_names else dns_1035_label)
    yield from _validate_topology(root["metadata"]["annotations"])
    yield from _validate_type(spec)
    yield from validate_ports(spec)
    yield from validate_labels(spec["selector"])
    yield from _validate_affinity(spec)
    yield from validate_cluster_ips(spec, server)
    yield from _external_ips(spec, server)
    yield from _source_ranges(root, server)
    yield from _load_balancer(spec)
    yield from validate_traffic(spec)
    yield from validate_distribution(spec, server)


def _validate_topology(annotations: Node) -> Iterator[Violation]:
    hints, mode = annotations[_HINTS], annotations[_MODE]
    if is_set(hints.text) and is_set(mode.text) and hints.text != mode.text:
        yield invalid(mode, f"must match the annotation {_HINTS} when both are set")


def _validate_type(spec: Node) -> Iterator[Violation]:
    kind = type_of(spec)
    if is_known(kind) and kind not in TYPES:
        yield unsupported(spec["type"], TYPES)
    headless = equals(spec["clusterIP"].text, "None")
    if (
        equals(spec["ports"].length, 0)
        and is_one_of(kind, TYPES[:3])
        and is_known(spec["clusterIP"].text)
        and not headless
    ):
        yield required(spec["ports"])
    if headless and is_one_of(kind, (NODE_PORT, LOAD_BALANCER)):
        yield forbidden(
            spec["clusterIP"], f"may not be None for a {kind} Service", Reason.SERVICE_TYPE, path="spec.clusterIPs[0]"
        )
    if equals(kind, EXTERNAL_NAME):
        yield from _external_name(spec)


def _external_name(spec: Node) -> Iterator[Violation]:
    for key in ("clusterIPs", "ipFamilies"):
        if spec[key].filled or (key == "clusterIPs" and is_set(spec["clusterIP"].text)):
            yield forbidden(spec[key], "may not be set for an ExternalName Service", Reason.SERVICE_TYPE)
    if spec["ipFamilyPolicy"].present:
        yield forbidden(spec["ipFamilyPolicy"], "may not be set for an ExternalName Service", Reason.SERVICE_TYPE)
    name = spec["externalName"]
    if is_one_of(name.text, ("", ".")):
        yield required(name)
    elif is_set(name.text):
        for why in dns_subdomain(name.text.removesuffix(".")):
            yield invalid(name, why, Reason.EXTERNAL_NAME)


def _validate_affinity(spec: Node) -> Iterator[Violation]:
    """The server drops the settings of no affinity, and fills in those that are missing."""
    affinity, seconds = spec["sessionAffinity"], spec.down("sessionAffinityConfig", "clientIP", "timeoutSeconds")
    if is_set(affinity.text) and affinity.text not in ("None", "ClientIP"):
        yield unsupported(affinity, ("None", "ClientIP"))
    stated = equals(affinity.text, "ClientIP") and seconds.present
    if stated and is_known(seconds.number) and not 0 < seconds.number <= _LONGEST_AFFINITY:
        yield invalid(seconds, f"must be greater than 0 and at most {_LONGEST_AFFINITY}")


def _external_ips(spec: Node, server: Server) -> Iterator[Violation]:
    for address in spec["externalIPs"].items():
        faults = [*validate_address(address, strict=server.strict_addresses)]
        yield from faults
        for why in () if faults else special_faults(known_or(address.text, "")):
            yield invalid(address, why)


def _source_ranges(root: Node, server: Server) -> Iterator[Violation]:
    spec, ranges = root["spec"], root["spec"]["loadBalancerSourceRanges"]
    annotation = root["metadata"]["annotations"][SOURCE_RANGES]
    parts = [(item, item.text.strip()) for item in ranges.items() if is_known(item.text)]
    if equals(ranges.length, 0) and is_set(annotation.text):
        parts = [(annotation, part.strip()) for part in annotation.text.split(",")] if annotation.text.strip() else []
    written = ranges if ranges.filled else annotation
    if (ranges.filled or (annotation.present and equals(ranges.length, 0))) and _is_other(spec, LOAD_BALANCER):
        yield forbidden(written, _ONLY_BALANCED, Reason.SERVICE_TYPE)
    for node, text in parts:
        yield from validate_network(node, text, strict=server.strict_addresses)


def _load_balancer(spec: Node) -> Iterator[Violation]:
    for key in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
        if spec[key].present and _is_other(spec, LOAD_BALANCER):
            yield forbidden(spec[key], _ONLY_BALANCED, Reason.SERVICE_TYPE)
    if equals(type_of(spec), LOAD_BALANCER):
        yield from validate_name(spec["loadBalancerClass"], qualified_name)
        if spec["loadBalancerClass"].present and equals(spec["loadBalancerClass"].text, ""):
            yield invalid(spec["loadBalancerClass"], "name part must be non-empty")


def _is_other(spec: Node, kind: str) -> bool:
    """Whether the type is known and another one."""
    stated = type_of(spec)
    return is_known(stated) and stated != kind


KINDS = {("", "v1", "Service"): validate_service}
