"""Builds for tests: of a directory on the disk, or of files written here; objects as plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.kustomize.build import build
from kubeqed.parse import Mapping as Tree
from kubeqed.parse import Place, PlacedDocument, Sequence, Unknown, Value, parse
from kubeqed.sources import SourceFile, tree_around

Objects = dict[tuple[str, ...], list[Any]]


def build_directory(directory: Path) -> Built:
    with tree_around(str(directory.parent)) as tree:
        return build(str(directory.resolve()), TreeFiles(tree, str), Place(str(directory), 0, 0))


def build_files(root: Path, files: Mapping[str, str], directory: str = "overlay") -> Built:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return build_directory(root / directory)


def plain(value: Value) -> Any:
    if isinstance(value, Tree):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return value.text if isinstance(value, Unknown) else value


def objects(documents: Iterable[PlacedDocument]) -> Objects:
    """The objects by version, kind, namespace and name."""
    found: Objects = defaultdict(list)
    for placed in documents:
        root = plain(placed.document.root)
        metadata = root.get("metadata") or {}
        key = (root.get("apiVersion"), root.get("kind"), metadata.get("namespace"), metadata.get("name"))
        found[tuple(map(str, key))].append(root)
    return dict(found)


def objects_of(text: bytes) -> Objects:
    documents = parse(SourceFile("expected.yaml", text)).documents
    return objects(placed for placed in documents if isinstance(placed.document.root, Tree))
