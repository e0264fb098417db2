"""Environment variables."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.names import (
    as_prefix,
    config_key,
    dns_label,
    dns_subdomain,
    environment_name,
    relaxed_environment_name,
    require_name,
    validate_name,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.fields import VARIABLE_FIELDS, validate_field_reference, validate_resource_reference
from kubeqed.apiserver.pod.storage.files import refuse_parent_path
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required
from kubeqed.model.values.known import equals, is_known, is_set, known_or

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


def validate_environment(container: Node, server: Server) -> Iterator[Violation]:
    """`env` and `envFrom` of a container."""
    check = relaxed_environment_name if server.relaxed_environment_names else environment_name
    for variable in container["env"].items():
        yield from require_name(variable["name"], check)
        if variable["valueFrom"].present:
            yield from _validate_source(variable["valueFrom"], variable["value"])
    for source in container["envFrom"].items():
        yield from validate_name(source["prefix"], check)
        yield from _validate_whole_source(source, container["envFrom"])


def _validate_source(node: Node, value: Node) -> Iterator[Violation]:
    written = [key for key in _SOURCES if node[key].present]
    certain = all(node[key].present or node[key].absent for key in _SOURCES)
    if not written and certain:
        yield Violation(Reason.VALUE, node.path, f"names no source in {node.path}", missing=True)
    elif is_set(value.text) and written:
        yield forbidden(node, "may not be set when `value` is not empty")
    elif len(written) > 1:
        yield forbidden(node, "may not have more than one source")
    if node["fieldRef"].present:
        yield from validate_field_reference(node["fieldRef"], VARIABLE_FIELDS)
    if node["resourceFieldRef"].present:
        yield from validate_resource_reference(node["resourceFieldRef"], in_volume=False)
    for key in ("configMapKeyRef", "secretKeyRef"):
        if node[key].present:
            yield from _validate_key(node[key])
    if node["fileKeyRef"].present:
        yield from require_name(node["fileKeyRef"]["key"], relaxed_environment_name)
        yield from require_name(node["fileKeyRef"]["volumeName"], dns_label)
        path = node["fileKeyRef"]["path"]
        if equals(path.text, ""):
            yield required(path)
        yield from refuse_parent_path(path, known_or(path.text, ""))


def _validate_key(node: Node) -> Iterator[Violation]:
    name = node["name"]
    if is_known(name.text):
        for why in dns_subdomain(name.text):
            yield invalid(name, why)
    yield from require_name(node["key"], config_key)


def _validate_whole_source(node: Node, listing: Node) -> Iterator[Violation]:
    sources = ("configMapRef", "secretRef")
    written = [key for key in sources if node[key].present]
    for key in written:
        yield from require_name(node[key]["name"], as_prefix(dns_subdomain))
    if not written and all(node[key].absent for key in sources):
        yield Violation(Reason.VALUE, listing.path, f"names no source at {node.path}", missing=True)
    elif len(written) > 1:
        yield Violation(Reason.VALUE, listing.path, f"names more than one source at {node.path}")
