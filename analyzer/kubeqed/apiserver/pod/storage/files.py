"""Volumes whose content is made of files: keys of a Secret or a ConfigMap, fields of the pod, tokens."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.fields import FILE_FIELDS, validate_field_reference, validate_resource_reference
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, required
from kubeqed.model.values.known import equals, is_known, is_set, known_or

_PROJECTED = ("secret", "configMap", "downwardAPI", "serviceAccountToken")  # what no feature gate guards
_SHORTEST_TOKEN = 600
_LONGEST_TOKEN = 1 << 32


def validate_key_paths(node: Node) -> Iterator[Violation]:
    """A Secret or a ConfigMap."""
    yield from _validate_mode(node["defaultMode"])
    for item in node["items"].items():
        yield from _validate_key(item)


def _validate_key(item: Node) -> Iterator[Violation]:
    if equals(item["key"].text, ""):
        yield required(item["key"])
    yield from _validate_file(item)


def validate_downward_api(node: Node) -> Iterator[Violation]:
    """Fields of the pod; the server names the list's parent, not the item."""
    yield from _validate_mode(node["defaultMode"])
    yield from _validate_fields(node)


def _validate_fields(node: Node) -> Iterator[Violation]:
    for item in node["items"].items():
        for fault in _validate_field(item):
            yield rename_path(fault, node.path + fault.path.removeprefix(item.path))


def _validate_field(item: Node) -> Iterator[Violation]:
    yield from _validate_file(item)
    field, resource = item["fieldRef"], item["resourceFieldRef"]
    if field.present:
        yield from validate_field_reference(field, FILE_FIELDS)
        if resource.present:
            yield forbidden(item, "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif field.absent and resource.present:
        yield from validate_resource_reference(resource, in_volume=True)
    elif field.absent and resource.absent:
        yield required(item, "one of fieldRef and resourceFieldRef is required")


def validate_projected(node: Node) -> Iterator[Violation]:
    """Several sources in one directory."""
    yield from _validate_mode(node["defaultMode"])
    paths: set[str] = set()
    for source in node["sources"].items():
        if sum(source[key].present for key in _PROJECTED) > 1:
            yield forbidden(source, "may not specify more than one volume type per source")
        for key in ("secret", "configMap"):
            if source[key].present and equals(source[key]["name"].text, ""):
                yield required(source[key]["name"])
            for item in source[key]["items"].items():
                yield from _validate_key(item)
        yield from _validate_fields(source["downwardAPI"])
        yield from _validate_token(source["serviceAccountToken"], node)
        for key in ("secret", "configMap", "downwardAPI"):
            yield from _find_doubled(source[key]["items"], paths, node)


def _find_doubled(items: Node, paths: set[str], projected_volume: Node) -> Iterator[Violation]:
    for item in items.items():
        path = item["path"].text
        if is_set(path) and path in paths:
            yield rename_path(invalid(item["path"], "another file of the volume has the path"), projected_volume.path)
        paths.add(known_or(path, ""))


def _validate_token(node: Node, projected_volume: Node) -> Iterator[Violation]:
    if not node.present:
        return
    seconds, path = node["expirationSeconds"], node["path"]
    if seconds.present and is_known(seconds.number) and not _SHORTEST_TOKEN <= seconds.number <= _LONGEST_TOKEN:
        yield invalid(seconds, f"must be between {_SHORTEST_TOKEN} and {_LONGEST_TOKEN}")
    for fault in _needed_path(path):
        yield rename_path(fault, f"{projected_volume.path}.path")


def _validate_file(item: Node) -> Iterator[Violation]:
    yield from _needed_path(item["path"])
    yield from _validate_mode(item["mode"])


def _needed_path(path: Node) -> Iterator[Violation]:
    if equals(path.text, ""):
        yield required(path)
    elif is_known(path.text):
        yield from require_relative_path(path, path.text)
        if path.text.startswith("..") and not path.text.startswith("../") and path.text != "..":
            yield invalid(path, "must not start with '..'")


def require_relative_path(node: Node, path: str) -> Iterator[Violation]:
    """A path that stays below where it starts."""
    if path.startswith("/"):
        yield invalid(node, "must be a relative path")
    yield from refuse_parent_path(node, path)


def refuse_parent_path(node: Node, path: str) -> Iterator[Violation]:
    """A path without steps up."""
    if ".." in path.split("/"):
        yield invalid(node, "must not contain '..'")


def _validate_mode(node: Node) -> Iterator[Violation]:
    if node.present and is_known(node.number) and not 0 <= node.number <= 0o777:
        yield invalid(node, "must be a number between 0 and 0777 (octal), both inclusive")
