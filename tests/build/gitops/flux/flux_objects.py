"""Objects of Flux for tests, and builds of their paths."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.flux.statement import read_flux
from kubeqed.build.gitops.statement import ObjectLookup, Statement
from kubeqed.build.node import OriginNode, thaw
from kubeqed.parse import parse
from kubeqed.sources import SourceFile, tree_around


def tree_of(text: str) -> OriginNode:
    (placed,) = parse(SourceFile("flux.yaml", text.encode())).documents
    return thaw(placed)


def read(text: str) -> Statement:
    found = read_flux(tree_of(text))
    assert found is not None
    return found


def kustomization(spec: str = "", path: str = "./apps") -> str:
    head = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n"
    return f"{head}spec:\n  path: {path}\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{spec}"


def nothing(*_: str) -> OriginNode | None:
    return None


def build_path(root: Path, files: Mapping[str, str], flux: str, lookup: ObjectLookup = nothing) -> Built:
    """What the path of the only Kustomization in the text `flux`, a file `flux.yaml`, gives among some files."""
    for name, text in {"flux.yaml": flux, **files}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with tree_around(str(root), str(root)) as tree:
        read_files = TreeFiles(tree, lambda real: real.removeprefix(f"{root}/"))
        (placed,) = read_files.documents(str(root / "flux.yaml"))
        statement = read_flux(thaw(placed))
        assert statement is not None
        (stated,) = statement.paths
        return stated.build(read_files, str(root / stated.path.removeprefix("./")), lookup)
