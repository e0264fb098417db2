"""`check --within`: what kustomizations build concerns every file that it came through, and a changed base its overlays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli.group import main

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""
APP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
"""
LABELS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: webb}}
  template:
    metadata: {labels: {app: webb}}
"""
PORT = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: NodePort\n  ports: [{port: 80, nodePort: 20080}]\n"
OVERLAY = "namespace: {}\nresources: [../base]\npatches: [{{path: {}}}]\n"
FILES = {
    "base/kustomization.yaml": "resources: [web.yaml, app.yaml]\n",
    "base/web.yaml": SERVICE,
    "base/app.yaml": APP,
    "dev/kustomization.yaml": OVERLAY.format("dev", "labels.yaml"),
    "dev/labels.yaml": LABELS,
    "prod/kustomization.yaml": OVERLAY.format("prod", "port.yaml"),
    "prod/port.yaml": PORT,
}
DEV, PROD = "service-selects-nothing", "node-port-out-of-range"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    put(FILES)


def put(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)


def found(*changed: str) -> dict[str, str]:
    """The rules of the findings about some files, with the file that each stands in."""
    done = CliRunner().invoke(main, ["check", "--within", ".", *changed, "--output-format", "json"])
    return {one["rule"]: one["file"] for one in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ("base/web.yaml", {DEV, PROD}),
        ("base/kustomization.yaml", {DEV, PROD}),
        ("base/app.yaml", {DEV}),
        ("dev/labels.yaml", {DEV}),
        ("dev/kustomization.yaml", {DEV}),
        ("prod/port.yaml", {PROD}),
        ("prod/kustomization.yaml", {PROD}),
    ],
)
def test_a_finding_concerns_every_file_that_it_came_through(changed: str, rules: set[str]) -> None:
    assert set(found(changed)) == rules


def test_a_base_whose_change_breaks_an_overlay_is_told() -> None:
    put({"base/web.yaml": SERVICE.replace("name: web", "name: web2")})
    assert found("base/web.yaml")["kustomization-broken"] == "prod/port.yaml"
    assert "kustomization-broken" not in found("dev/labels.yaml")


def test_what_is_no_yaml_is_one_mistake_with_the_build_that_it_breaks() -> None:
    put({"prod/port.yaml": "kind: Service\nmetadata:\n  name: web\n spec: {}\n"})
    done = CliRunner().invoke(main, ["check", ".", "--output-format", "json"])
    (broken,) = (one for one in json.loads(done.stdout)["findings"] if one["file"] == "prod/port.yaml")
    assert (broken["rule"], broken["units"]) == ("parse-error", ["prod"])
    assert found("prod/kustomization.yaml")["parse-error"] == "prod/port.yaml"
    assert "parse-error" not in found("dev/labels.yaml")


def test_a_broken_build_names_its_units() -> None:
    put({"base/kustomization.yaml": "resources: [web.yaml, app.yaml, app.yaml]\n"})
    done = CliRunner().invoke(main, ["check", ".", "--output-format", "json"])
    (broken,) = (one for one in json.loads(done.stdout)["findings"] if one["rule"] == "kustomization-broken")
    assert (broken["file"], broken["units"]) == ("base/app.yaml", ["dev", "prod"])
