"""A command that `prove` prints to be tried runs nothing but what it says, whatever objects are called."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: "web$(touch x)", namespace: "shop; touch x"}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: w}]}}}
"""


def test_names_are_quoted_in_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(f"{DEPLOYMENT}---\n{DEPLOYMENT.replace('web', 'db')}")
    (tmp_path / "i.yaml").write_text("intents: [{name: one, from: all, to: all, expect: denied}]\n")
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(main, ["prove", "a.yaml", "--intents", "i.yaml", "--evidence"]).output
    (command,) = [line.strip() for line in output.splitlines() if "kubectl exec" in line]
    owner, namespace, target = (word for word in shlex.split(command) if "touch" in word)
    assert namespace == "shop; touch x"
    assert owner in ("deployment/web$(touch x)", "deployment/db$(touch x)")
    assert target in ("ADDRESS-OF-A-POD-OF-web$(touch x)", "ADDRESS-OF-A-POD-OF-db$(touch x)")
