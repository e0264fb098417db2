"""From documents to resources, as kustomize takes them from a file: each must have a kind and a name, lists are taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError

_META = ("apiVersion", "kind", "metadata")


def read_resources(nodes: Iterable[OriginNode]) -> Iterator[BuildResource]:
    """The resources of some documents; a RefusalError where one has no kind or no name."""
    waiting = [node for node in nodes if not node.is_empty]
    for node in waiting:
        check_resource(node)
    while waiting:
        node = waiting.pop(0)
        items = node.entries.get("items")
        if not node.text_at("kind").endswith("List") or items is None:
            yield BuildResource(node)
            continue
        if items.value is not None and not isinstance(items.value, list):
            raise RefusalError(f"expected array in {node.text_at('kind')}/items", items.place)
        inside = [item for item in items.items if not item.is_empty]
        for item in inside:
            check_resource(item)
        waiting += inside


def is_resource(node: OriginNode) -> bool:
    """Whether a document has what every resource has."""
    return _find_lack(node) is None


def check_resource(node: OriginNode) -> None:
    """A RefusalError where a document has not what every resource has."""
    if (lack := _find_lack(node)) is not None:
        raise RefusalError(lack, node.place)


def _find_lack(node: OriginNode) -> str | None:
    """What a document lacks to be a resource, in the tool's words; None where it lacks nothing."""
    if not isinstance(node.value, dict):
        return "wrong node kind: expected MappingNode"
    if not any(key in node.entries for key in _META):
        return "missing Resource metadata"
    metadata = node.entries.get("metadata")
    if metadata is not None and metadata.value is not None and not isinstance(metadata.value, dict):
        return "missing metadata.name in object"
    kind = node.text_at("kind")
    if not kind:
        return "missing kind in object"
    if not kind.endswith("List") and not node.text_at("metadata", "name"):
        return "missing metadata.name in object"
    return None
