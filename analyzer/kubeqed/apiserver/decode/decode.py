"""Decoding as the API server does: fields that a type does not have, values that a field cannot hold.

https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation (Strict)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubeqed.apiserver.decode.nearest import find_nearest_field
from kubeqed.apiserver.decode.scalars import SCALARS, find_misread_scalar
from kubeqed.apiserver.decode.table import Field, fields_of
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.model.confidential.values import redact_path
from kubeqed.parse import Unknown


def decode(root: Node, type_name: str, version: KubernetesVersion) -> Iterator[Violation]:
    """Everything in the object that the decoder of a server of that version refuses."""
    return _decode_structure(root, type_name, version)


def _decode_structure(node: Node, type_name: str, version: KubernetesVersion) -> Iterator[Violation]:
    value = node.value
    if not isinstance(value, dict):
        yield from _refuse_shape(node, "a mapping")
        return
    fields = fields_of(type_name)
    for key, item in value.items():
        # A key is compared as it is written: the server's decoder does not fold case, unlike Go's `encoding/json`.
        field = fields.get(key)
        if field is None or not field.is_known_to(version):
            yield _refuse_unknown(Node(item, node, key), fields, field, version)
        # null is the same as absent to the decoder, whatever the type of the field.
        elif item is not None:
            yield from _decode_value(item, node, key, field.code, version)


def _decode_value(
    item: object, parent: Node, step: str | int, code: str, version: KubernetesVersion
) -> Iterator[Violation]:
    check = SCALARS.get(code)
    if check is not None:
        if not check(item):  # type: ignore[arg-type]  # a tree holds nothing but values
            yield from find_misread_scalar(Node(item, parent, step), code)  # type: ignore[arg-type]
        return
    # What is unknown may be of the right type: nothing below it is judged.
    if isinstance(item, Unknown):
        return
    below = Node(item, parent, step)  # type: ignore[arg-type]
    yield from _COLLECTIONS.get(code[0], _structure_of)(below, code, version)


def _decode_list(node: Node, code: str, version: KubernetesVersion) -> Iterator[Violation]:
    if not isinstance(node.value, list):
        yield from _refuse_shape(node, "a list")
        return
    for index, item in enumerate(node.value):
        if item is not None:
            yield from _decode_value(item, node, index, code[1:], version)


def _decode_map(node: Node, code: str, version: KubernetesVersion) -> Iterator[Violation]:
    if not isinstance(node.value, dict):
        yield from _refuse_shape(node, "a mapping")
        return
    for key, item in node.value.items():
        if item is not None:
            yield from _decode_value(item, node, key, code[1:], version)


def _structure_of(node: Node, code: str, version: KubernetesVersion) -> Iterator[Violation]:
    return _decode_structure(node, code, version)


_COLLECTIONS: dict[str, Callable[[Node, str, KubernetesVersion], Iterator[Violation]]] = {
    "*": _decode_list,
    "%": _decode_map,
}


def _refuse_shape(node: Node, expected: str) -> Iterator[Violation]:
    value = node.value
    if value is None or isinstance(value, Unknown):
        return
    found = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a plain value"
    yield Violation(Reason.VALUE, node.path, f"holds {found} at {node.path or 'its top'}, which must be {expected}")


_OF_SELECTOR = {"matchLabels", "matchExpressions"}
_BARE = ": labels go below matchLabels, and without them everything is selected"


def _refuse_unknown(node: Node, fields: dict[str, Field], field: Field | None, version: KubernetesVersion) -> Violation:
    # The field exists in another version. That is said instead of a nearest name, which would be the field itself.
    if field is not None:
        when = (
            f"before Kubernetes 1.{field.since}" if field.since > version.minor else f"after Kubernetes 1.{field.until}"
        )
        return Violation(Reason.FIELD_UNKNOWN, node.path, f"sets {node.path}, a field that does not exist {when}")
    meant = find_nearest_field(str(node.step), (name for name, known in fields.items() if known.is_known_to(version)))
    hint = f" (nearest: {meant})" if meant else _BARE if fields.keys() == _OF_SELECTOR else ""
    shown = redact_path(node.path)
    return Violation(
        Reason.FIELD_UNKNOWN, node.path, f"sets {shown}, a field that does not exist{hint}", suggestion=meant
    )
