"""What check says of clusters that GitOps objects state."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.app.test_gitops import SERVICE, SOURCE, flux, write

from kubeqed.cli import main

FLEET = {
    "cluster/kustomization.yaml": "resources: [flux, apps]\n",
    "cluster/flux/kustomization.yaml": "resources: [sync.yaml]\n",
    "cluster/flux/sync.yaml": f"{SOURCE}---\n{flux('flux', './cluster/flux')}---\n"
    + flux("apps", "./cluster/apps", "postBuild: {substitute: {TIER: web}}"),
    "cluster/apps/kustomization.yaml": "resources: [web.yaml]\n",
    "cluster/apps/web.yaml": SERVICE.replace("{name: web}", "{name: web, namespace: shop, labels: {tier: '${TIER}'}}"),
}


def check(path: Path) -> str:
    return CliRunner().invoke(main, ["check", str(path), "--output-format", "concise"]).stdout


def test_lines_that_a_root_takes_in_and_a_kustomization_applies_again_are_defined_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(tmp_path, FLEET))
    assert "object-defined-twice" not in check(Path())
