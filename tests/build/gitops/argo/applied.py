"""What an Application applies, for tests: written here beside the files of its repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.build.built import plain

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.argo.application import read_application
from kubeqed.build.gitops.statement import Statement
from kubeqed.build.node import OriginNode, thaw
from kubeqed.parse import parse
from kubeqed.sources import SourceFile, tree_around

HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\n"
URL = "https://git.example/shop/config.git"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"


def tree_of(text: str) -> OriginNode:
    (placed,) = parse(SourceFile("app.yaml", text.encode())).documents
    return thaw(placed)


def application(source: str, more: str = "") -> str:
    spec = f"spec:\n  source: {{repoURL: {URL}, {source}}}\n"
    return HEAD + spec + (more or "  destination: {name: in-cluster, namespace: shop}\n")


def statement(text: str) -> Statement:
    return statement_of(tree_of(text))


def statement_of(tree: OriginNode) -> Statement:
    read = read_application(tree)
    assert read is not None
    return read


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def build(root: Path, stated: Statement) -> list[Built]:
    with tree_around(str(root), str(root)) as tree:
        files = TreeFiles(tree, str)
        return [one.build(files, str(root.resolve() / one.path), lambda *_: None) for one in stated.paths]


def applied(root: Path, text: str, files: Mapping[str, str]) -> Built:
    """What the only source of an Application applies of some files."""
    write(root, files)
    (built,) = build(root, statement(text))
    return built


def names(built: Built) -> list[str]:
    """The objects in their order, as `kind namespace/name`."""
    return [_name(plain(placed.document.root)) for placed in built.documents]


def _name(root: Any) -> str:
    metadata = root.get("metadata") or {}
    return f"{root.get('kind')} {metadata.get('namespace', '')}/{metadata.get('name')}"
