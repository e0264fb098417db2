"""Kustomizations are built where manifests are loaded: what is judged is what they apply, and a failure costs one build."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubeqed.app.load import load
from kubeqed.app.settings import CommandLineSettings
from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.kustomize.build import build
from kubeqed.diagnostic import NoticeKind
from kubeqed.parse import Place

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
FILES = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": SERVICE,
    "dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
    "prod/kustomization.yaml": "resources: [../base]\nnamespace: prod\n",
    "prod/other.yaml": SERVICE.replace("web", "other"),
}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(path: Path) -> set[str]:
    whole = load((str(path),), CommandLineSettings(), closed=False).input
    return {str(item) for unit in whole.units for item in unit.objects}


def test_what_is_judged_is_what_is_applied(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert names(tmp_path) == {"Service dev/web", "Service prod/web", "Service other"}


def test_a_build_that_fails_costs_that_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)

    def fail_in_dev(directory: str, files: Files, place: Place) -> Built:
        if directory.endswith("dev"):
            raise TypeError("planted")
        return build(directory, files, place)

    monkeypatch.setattr("kubeqed.build.kustomize.build.build", fail_in_dev)
    loaded = load((str(tmp_path),), CommandLineSettings(), closed=False)
    found = {str(item) for unit in loaded.input.units for item in unit.objects}
    assert found == {"Service web", "Service prod/web", "Service other"}
    assert [notice.kind for notice in loaded.collected.notices] == [NoticeKind.INTERNAL_ERROR]
