"""Object metadata: names, namespaces, labels, owners.

Ported from k8s.io/apimachinery/pkg/api/validation/objectmeta.go. The server fills in an absent namespace, and drops a
namespace written on a cluster-wide kind, so neither is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.labels import annotation_map, labels
from kubeqed.model.admission.names import Check, as_prefix, dns_label, named, qualified_name
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.violation import VALUE, Violation, invalid, required


def metadata(root: Node, name: Check, *, namespaced: bool = True) -> Iterator[Violation]:
    """The metadata of an object whose name must satisfy `name`."""
    node = root["metadata"]
    yield from _names(node, name)
    if namespaced:
        yield from named(node["namespace"], dns_label)
    if (generation := node["generation"]).number is not None and (generation.number or 0) < 0:
        yield invalid(generation, "must be greater than or equal to 0")
    yield from labels(node["labels"])
    yield from annotation_map(node["annotations"])
    yield from _owners(node["ownerReferences"])
    yield from _finalizers(node["finalizers"])


def template_metadata(node: Node) -> Iterator[Violation]:
    """The metadata of a template, whose name does not matter."""
    yield from labels(node["labels"])
    yield from annotation_map(node["annotations"])


def _names(node: Node, name: Check) -> Iterator[Violation]:
    if node["name"].text == "" and node["generateName"].text == "":
        yield required(node["name"], "name or generateName is required")
    yield from named(node["name"], name)
    yield from named(node["generateName"], as_prefix(name))


def _owners(node: Node) -> Iterator[Violation]:
    controllers = 0
    for owner in node.items():
        for key in ("apiVersion", "kind", "name", "uid"):
            if owner[key].text == "":
                yield invalid(owner[key], "must not be empty")
        controllers += owner["controller"].flag is True
    if controllers > 1:
        yield invalid(node, "only one reference can have `controller` set to true")


def _finalizers(node: Node) -> Iterator[Violation]:
    words = set()
    for finalizer in node.items():
        words.add(finalizer.text)
        for why in qualified_name(finalizer.text or "x"):
            yield Violation(VALUE, node.path, f'holds the finalizer "{finalizer.text}": {why}')
    if {"orphan", "foregroundDeletion"} <= words:
        yield invalid(node, "orphan and foregroundDeletion cannot be both set")
