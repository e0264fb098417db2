"""Environment variables."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.names import (
    config_key,
    dns_label,
    dns_subdomain,
    environment_name,
    needs_name,
    qualified_name,
    relaxed_environment_name,
)
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.violation import VALUE, Violation, forbidden, invalid, required, unsupported

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_FIELDS = frozenset(
    [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
        "spec.host",
    ]
)
_RESOURCES = tuple(
    f"{side}.{what}" for side in ("limits", "requests") for what in ("cpu", "memory", "ephemeral-storage")
)
_HUGE = ("limits.hugepages-", "requests.hugepages-")


def environment(container: Node, server: Server) -> Iterator[Violation]:
    """`env` and `envFrom` of a container."""
    check = relaxed_environment_name if server.relaxed_environment_names else environment_name
    for variable in container["env"].items():
        yield from needs_name(variable["name"], check)
        if variable["valueFrom"].present:
            yield from _source(variable["valueFrom"], variable["value"])
    for source in container["envFrom"].items():
        if prefix := source["prefix"].text:
            for why in check(prefix):
                yield invalid(source["prefix"], why)
        yield from _whole(source, container["envFrom"])


def _source(node: Node, value: Node) -> Iterator[Violation]:
    written = [key for key in _SOURCES if node[key].present]
    certain = all(node[key].present or node[key].absent for key in _SOURCES)
    if not written and certain:
        yield Violation(VALUE, node.path, f"names no source in {node.path}", missing=True)
    elif value.text and written:
        yield forbidden(node, "may not be set when `value` is not empty")
    elif len(written) > 1:
        yield forbidden(node, "may not have more than one source")
    yield from _field(node["fieldRef"])
    yield from _resource(node["resourceFieldRef"])
    for key in ("configMapKeyRef", "secretKeyRef"):
        if node[key].present:
            yield from _key(node[key])
    if node["fileKeyRef"].present:
        yield from needs_name(node["fileKeyRef"]["key"], relaxed_environment_name)
        yield from needs_name(node["fileKeyRef"]["volumeName"], dns_label)
        if node["fileKeyRef"]["path"].text == "":
            yield required(node["fileKeyRef"]["path"])


def _key(node: Node) -> Iterator[Violation]:
    name = node["name"]
    if name.text is not None:
        for why in dns_subdomain(name.text):
            yield invalid(name, why)
    yield from needs_name(node["key"], config_key)


def _field(node: Node) -> Iterator[Violation]:
    if not node.present:
        return
    path = node["fieldPath"]
    if path.text == "":
        yield required(path)
    if path.text and node["apiVersion"].text not in (None, "", "v1"):
        yield invalid(path, f"{node['apiVersion'].path} must be v1")
    if not path.text or node["apiVersion"].text not in ("", "v1"):
        return
    name, bracket, rest = path.text.partition("['")
    if bracket and rest.endswith("']"):
        key = rest[:-2]
        if name not in ("metadata.annotations", "metadata.labels"):
            yield invalid(path, "is no field that may have a subscript")
        for why in qualified_name(key.lower() if name == "metadata.annotations" else key):
            yield Violation(VALUE, node.path, f"reads {path.text} at {node.path}: {why}")
    elif path.text not in _FIELDS:
        yield unsupported(path, _FIELDS - {"spec.host"})


def _resource(node: Node) -> Iterator[Violation]:
    if not node.present:
        return
    resource = node["resource"]
    if resource.text == "":
        yield required(resource)
    elif resource.text and resource.text not in _RESOURCES and not resource.text.startswith(_HUGE):
        yield unsupported(resource, _RESOURCES)


def _whole(node: Node, listing: Node) -> Iterator[Violation]:
    sources = ("configMapRef", "secretRef")
    written = [key for key in sources if node[key].present]
    for key in written:
        yield from needs_name(node[key]["name"], dns_subdomain)
    if not written and all(node[key].absent for key in sources):
        yield Violation(VALUE, listing.path, f"names no source at {node.path}", missing=True)
    elif len(written) > 1:
        yield Violation(VALUE, listing.path, f"names more than one source at {node.path}")
