"""Object metadata: names, namespaces, labels, owners.

Ported from k8s.io/apimachinery/pkg/api/validation/objectmeta.go. The server fills in an absent namespace, and drops a
namespace written on a cluster-wide kind, so neither is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.labels import validate_annotations, validate_labels
from kubeqed.apiserver.formats.names import Check, as_prefix, dns_label, qualified_name, validate_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, invalid, required
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals, is_known, known_only, known_or

_STANDARD = ("kubernetes", "orphan", "foregroundDeletion")


def validate_metadata(
    root: Node, name: Check, *, namespaced: bool = True, own: bool = True, counted: bool = True
) -> Iterator[Violation]:
    """The metadata of an object whose name must satisfy `name`; `own` says that its kind is Kubernetes' own.

    `counted` says that the server sets the generation itself, so that what is written does not matter.
    """
    node = root["metadata"]
    if not counted and known_or(node["generation"].number, 0) < 0:
        yield invalid(node["generation"], "must be greater than or equal to 0")
    yield from _validate_names(node, name)
    if namespaced:
        yield from validate_name(node["namespace"], dns_label)
    yield from validate_labels(node["labels"])
    yield from validate_annotations(node["annotations"])
    yield from _validate_owners(node["ownerReferences"])
    yield from _validate_finalizers(node["finalizers"], own=own)
    yield from _validate_managers(node["managedFields"])


def validate_template_metadata(node: Node) -> Iterator[Violation]:
    """The metadata of a template, whose name does not matter; the server leaves `metadata` out of the path."""
    above = node.parent.path if node.parent is not None else ""
    for key, faults in (
        ("labels", validate_labels(node["labels"])),
        ("annotations", validate_annotations(node["annotations"])),
    ):
        for fault in faults:
            server_path = fault.path if fault.certainty is not Certainty.REJECTED else f"{above}.{key}"
            yield fault._replace(path=server_path, place=fault.path)


def _validate_names(node: Node, name: Check) -> Iterator[Violation]:
    if equals(node["name"].text, "") and equals(node["generateName"].text, ""):
        yield required(node["name"], "name or generateName is required")
    yield from validate_name(node["name"], name)
    yield from validate_name(node["generateName"], as_prefix(name))


def _validate_owners(node: Node) -> Iterator[Violation]:
    """Owner references; the server names their list, not the item."""
    controllers = 0
    for owner in node.items():
        for key in ("apiVersion", "kind", "name", "uid"):
            if equals(owner[key].text, ""):
                yield invalid(owner[key], "must not be empty")._replace(path=f"{node.path}.{key}", place=owner.path)
        controllers += equals(owner["controller"].flag, True)
    if controllers > 1:
        yield invalid(node, "only one reference can have `controller` set to true")


def _validate_finalizers(node: Node, *, own: bool) -> Iterator[Violation]:
    words = set(known_only(finalizer.text for finalizer in node.items()))
    for finalizer in node.items():
        name = finalizer.text
        for why in qualified_name(name) if is_known(name) else ():
            yield Violation(Reason.VALUE, node.path, f'holds the finalizer "{name}": {why}')
        if own and is_known(name) and "/" not in name and name not in _STANDARD:
            yield invalid(finalizer, "is neither a standard finalizer nor qualified by a domain")
    if {"orphan", "foregroundDeletion"} <= words:
        yield invalid(node, "orphan and foregroundDeletion cannot be both set")


def _validate_managers(node: Node) -> Iterator[Violation]:
    for entry in node.items():
        for key, words in (("operation", ("Apply", "Update")), ("fieldsType", ("FieldsV1",))):
            written = entry[key].text
            if is_known(written) and written not in words and (written or key == "operation"):
                yield invalid(entry[key], f"must be {' or '.join(words)}")
