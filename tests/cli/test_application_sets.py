"""Each Application that an ApplicationSet makes is built by itself, also where several name one path."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: a, namespace: argocd}
spec:
  generators: [{list: {elements: [{c: one}, {c: two}]}}]
  template:
    metadata: {name: 'x-{{c}}'}
    spec:
      project: default
      destination: {namespace: 'ns-{{c}}', server: https://same}
      source: {repoURL: https://e.com/r.git, path: p}
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: web}]}\n"


def test_applications_of_one_path_are_applied_to_the_namespace_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p/pod.yaml").write_text(POD)
    (tmp_path / "set.yaml").write_text(SET)
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(main, ["reach", "--expand"]).output
    assert "ns-one/web[Pod] => ns-two/web[Pod] : All Connections" in output
