"""Links in charts, in kustomizations and at paths of GitOps objects that lead out of the repository: not read, said, and no fault of kubeqed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

CANARY = "c4n4ry"
CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}], selector: {a: b}}\n"
OUTSIDE = {
    "file.yaml": SERVICE.replace("web", CANARY),
    "sub/Chart.yaml": CHART.replace("shop", "sub"),
    "sub/templates/a.yaml": SERVICE.replace("web", CANARY),
    "sub/values.yaml": f"a: {CANARY}\n",
}
RELEASE = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a, namespace: argocd}
spec:
  project: default
  destination: {namespace: shop, server: https://kubernetes.default.svc}
  source: {repoURL: https://e.com/r.git, path: l/sub}
"""
CASES = {  # link, where it leads, and the files beside
    "template": ("c/templates/b.yaml", "../../../outside/file.yaml", {"c/templates/a.yaml": SERVICE}),
    "templates": ("c/templates", "../../outside/sub/templates", {}),
    "values": ("c/values.yaml", "../../outside/sub/values.yaml", {"c/templates/a.yaml": SERVICE}),
    "sub-chart": ("c/charts/sub", "../../../outside/sub", {"c/templates/a.yaml": SERVICE}),
    "archive": ("c/charts/sub-0.1.0.tgz", "../../../outside/file.yaml", {"c/templates/a.yaml": SERVICE}),
    "base": ("k/l", "../../outside", {"k/kustomization.yaml": "resources: [web.yaml, l]\n", "k/web.yaml": SERVICE}),
    "chart home": (
        "k/charts",
        "../../outside",
        {"k/kustomization.yaml": "resources: [web.yaml]\nhelmCharts: [{name: sub}]\n", "k/web.yaml": SERVICE},
    ),
    "path of an Application": ("l", "../outside", {"a.yaml": RELEASE}),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_link_leads_out_to_is_not_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link, target, beside = CASES[name]
    files = {f"outside/{file}": text for file, text in OUTSIDE.items()}
    files |= {f"repo/{file}": text for file, text in beside.items()} | {"repo/c/Chart.yaml": CHART}
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    (tmp_path / "repo/.git").mkdir()
    (tmp_path / "repo" / link).parent.mkdir(parents=True, exist_ok=True)
    os.symlink(target, tmp_path / "repo" / link)
    monkeypatch.chdir(tmp_path / "repo")
    for command in (["check", "--show", "all"], ["reach"], ["units"], ["build", "c"], ["build", "k"]):
        result = CliRunner().invoke(main, command)
        assert CANARY not in result.output, command
        assert "internal-error" not in result.output, command
    assert "out of the repository" in (said := CliRunner().invoke(main, ["check"]).output) or "outside of the" in said


def test_a_path_with_a_nul_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kustomization.yaml").write_text('resources: ["a\\0b"]\nhelmCharts: [{name: "c\\0"}]\n')
    (tmp_path / "a.yaml").write_text(RELEASE.replace("l/sub", '"l\\0"'))
    monkeypatch.chdir(tmp_path)
    assert "internal-error" not in CliRunner().invoke(main, ["check"]).output
    assert "internal-error" not in CliRunner().invoke(main, ["build", "."]).output
