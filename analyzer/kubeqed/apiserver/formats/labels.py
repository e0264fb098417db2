"""Labels, annotations and label selectors.

Ported from k8s.io/apimachinery/pkg/apis/meta/v1/validation.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.names import label_value, qualified_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, warn
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or

_ANNOTATION_BYTES = 256 * 1024


def validate_labels(node: Node, reason: Reason = Reason.VALUE) -> Iterator[Violation]:
    """A map of labels; the server names the map, the entry is shown."""
    for key, entry in node.entries():
        for why in qualified_name(key):
            path = node.path
            yield Violation(reason, path, f'holds the label key "{key}" in {path}: {why}', place=entry.path)
        if entry.absent:
            yield warn(
                entry, "has no value, which the server stores as an empty text", Reason.SCALAR_MISREAD, Certainty.LIKELY
            )
        if is_set(value := entry.text):
            for why in label_value(value):
                path = node.path
                yield Violation(reason, path, f'holds the label {key}: "{value}" in {path}: {why}', place=entry.path)


def validate_annotations(node: Node) -> Iterator[Violation]:
    """A map of annotations."""
    size = 0
    for key, entry in node.entries():
        for why in qualified_name(key.lower()):
            yield Violation(
                Reason.VALUE, node.path, f'holds the annotation key "{key}" in {node.path}: {why}', place=entry.path
            )
        size += len(key.encode()) + len(known_or(entry.text, "").encode())
    if size > _ANNOTATION_BYTES:
        yield Violation(
            Reason.VALUE, node.path, f"holds {size} bytes in {node.path}: may have at most {_ANNOTATION_BYTES} bytes"
        )


def validate_selector(node: Node) -> Iterator[Violation]:
    """A label selector with `matchLabels` and `matchExpressions`."""
    if not node.present:
        return
    yield from validate_labels(node["matchLabels"])
    for expression in node["matchExpressions"].items():
        yield from _validate_requirement(expression)


def _validate_requirement(node: Node) -> Iterator[Violation]:
    operator, values = node["operator"].text, node["values"]
    if is_one_of(operator, ("In", "NotIn")):
        if equals(values.length, 0):
            yield required(values, "must be specified when `operator` is In or NotIn")
    elif is_one_of(operator, ("Exists", "DoesNotExist")):
        if values.filled:
            yield forbidden(values, "may not be specified when `operator` is Exists or DoesNotExist")
    elif is_known(operator):
        yield invalid(node["operator"], "not a valid selector operator")
    key = node["key"]
    if is_known(key.text):
        for why in qualified_name(key.text):
            yield invalid(key, why)
    for value in values.items():
        for why in label_value(known_or(value.text, "")):
            yield invalid(value, why)
