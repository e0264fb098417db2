"""From parsed files to objects: lists are taken apart, and what is no Kubernetes object is told from what is."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.file_names import is_kustomization
from kubeqed.model.kinds.object import Identity, Object
from kubeqed.model.kinds.registry import find_reader
from kubeqed.model.units.commented import commented_patches
from kubeqed.model.units.fragment import Fragment
from kubeqed.model.units.server_facts import ServerFacts, find_server_facts
from kubeqed.parse import Mapping, Parsed, PlacedDocument, Sequence, Value, parse
from kubeqed.sources import SourceFile


class Manifest(NamedTuple):
    """A file as the model sees it: its objects and its documents, also those that hold no object.

    `fragments` are those of its objects that seem no whole ones; `divide` takes them out of `objects`. `commented` are the
    patches that the comments of a kustomization name. `passed_over` is the text of a file in which no object can stand,
    and whose documents were not looked at. `facts` is what the file says of the API server.
    """

    file: str
    objects: tuple[Object, ...]
    documents: tuple[PlacedDocument, ...]
    fragments: tuple[Fragment, ...] = ()
    commented: tuple[str, ...] = ()
    passed_over: str | None = None
    facts: ServerFacts = ServerFacts()

    def contents(self) -> tuple[PlacedDocument, ...]:
        """The documents, for who needs them even though they hold no object."""
        if self.passed_over is None:
            return self.documents
        return parse(SourceFile(self.file, self.passed_over.encode())).documents


def read_objects(parsed: Parsed) -> Manifest:
    """The manifest of a parsed file."""
    objects = tuple(item for placed in parsed.documents for item in objects_of(placed))
    commented = commented_patches(parsed.text) if is_kustomization(parsed.file) else ()
    passed_over = parsed.text if parsed.passed_over else None
    return Manifest(
        parsed.file,
        objects,
        parsed.documents,
        commented=tuple(commented),
        passed_over=passed_over,
        facts=find_server_facts(parsed),
    )


def objects_of(placed: PlacedDocument) -> Iterator[Object]:
    """The objects of a document: its own, or the items of a list."""
    return _read_item(placed, placed.document.root, "")


def _read_item(placed: PlacedDocument, node: Value, inside: str) -> Iterator[Object]:
    if not isinstance(node, Mapping):
        return
    kind, api_version = node.get("kind"), node.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(api_version, str):
        return
    items = node.get("items")
    if kind.endswith("List") and "items" in node and (items is None or isinstance(items, Sequence)):
        for index, item in enumerate(items or ()):  # null is the empty list to kubectl
            yield from _read_item(placed, _add_type(item, kind, api_version), f"{inside}items[{index}].")
        return
    group, _, version = api_version.rpartition("/")
    yield find_reader(group, kind)(Identity(placed, inside, node, group, version, kind))


def _add_type(item: Value, kind: str, api_version: str) -> Value:
    """An item of a ServiceList need not say that it is a Service."""
    if kind == "List" or not isinstance(item, Mapping) or "kind" in item:
        return item
    typed = Mapping()
    typed.update(item)
    here = item.marks[0] if item.marks else 0
    typed.marks = item.marks + array("Q", [here] * 4)
    typed.open = item.open
    typed.update({"kind": kind.removesuffix("List"), "apiVersion": api_version})
    return typed
