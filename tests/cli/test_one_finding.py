"""One mistake is one finding, with its other places related to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.reach.samples import policy

from kubeqed.cli import main


def _findings(*arguments: object) -> list[dict[str, Any]]:
    found = CliRunner().invoke(main, ["check", "--output-format", "json", *map(str, arguments)])
    findings: list[dict[str, Any]] = json.loads(found.stdout)["findings"]
    return findings


def _config_map(name: str, value: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: x}}\ndata: {{e: {value}}}\n"


def test_variants_inside_a_stated_unit_are_one_finding_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "kubeqed.yaml").write_text("units: [{path: apps}]\n")
    for variant in ("dev", "prod", "test"):
        directory = tmp_path / "apps" / variant
        directory.mkdir(parents=True)
        for name in "abc":
            (directory / f"{name}.yaml").write_text(_config_map(name, variant))
    (found,) = _findings(tmp_path)
    dev, prod, test = (str(tmp_path / "apps" / one) for one in ("dev", "prod", "test"))
    assert (
        f"a and 2 more objects are defined a second time ({dev}, {prod} and {test} look like variants)"
        in found["message"]
    )
    assert {found["file"], *(one["file"] for one in found["related"])} == {f"{one}/a.yaml" for one in (dev, prod, test)}
    (tmp_path / "apps" / "dev" / "d.yaml").write_text(_config_map("d", "one") + "---\n" + _config_map("d", "two"))
    assert len(_findings(tmp_path)) == 2, "a repetition in one file is a mistake of its own"


def test_one_object_in_two_directories_is_no_variant(tmp_path: Path) -> None:
    (tmp_path / "kubeqed.yaml").write_text("units: [{path: apps}]\n")
    for variant in ("dev", "prod"):
        directory = tmp_path / "apps" / variant
        directory.mkdir(parents=True)
        (directory / "a.yaml").write_text(_config_map("a", variant))
    (found,) = _findings(tmp_path)
    assert found["message"] == "ConfigMap x/a is defined a second time, so that one definition overwrites the other"


def test_a_cni_that_obeys_no_policy_is_one_finding(tmp_path: Path) -> None:
    (tmp_path / "kubeqed.yaml").write_text("cluster: {cni: flannel}\n")
    for name in "abc":
        (tmp_path / f"{name}.yaml").write_text(policy(name, ingress=[{}]))
    (found,) = [one for one in _findings(tmp_path) if one["rule"] == "policy-not-enforced"]
    assert found["message"].startswith("NetworkPolicy shop/a and 2 more policies are not enforced by flannel")
    files = {Path(one["file"]).name for one in found["related"]}
    assert files == {"b.yaml", "c.yaml", "kubeqed.yaml"}
    (within,) = _findings("--within", tmp_path, tmp_path / "c.yaml")
    assert within["rule"] == "policy-not-enforced"


REFUSED = """\
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: KIND
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: TYPO}}, spec: {containers: [{name: c, image: db}]}}
"""


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_a_template_without_the_labels_that_all_ask_for_is_one_finding(kind: str, tmp_path: Path) -> None:
    text = REFUSED.replace("KIND", kind)
    if kind == "Deployment":
        text = text.replace("  serviceName: db\n", "")
    assert _rules(tmp_path, text.replace("TYPO", "dv")) == ["template-not-selected"]
    assert _rules(tmp_path, text.replace("TYPO", "db")) == []
    other = text.replace("TYPO", "backend").replace("matchLabels: {app: db}", "matchLabels: {app: front}")
    assert len(_rules(tmp_path, other)) == 2  # to mend the template does not mend the Service


def _rules(directory: Path, text: str) -> list[str]:
    (directory / "all.yaml").write_text(text)
    return [one["rule"] for one in _findings(directory)]


def test_a_path_that_is_not_there_is_lacking(tmp_path: Path) -> None:
    path = "{pathType: Exact, backend: {service: {name: db, port: {number: 80}}}}"
    spec = f"{{rules: [{{http: {{paths: [{path}]}}}}]}}"
    text = f"{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: db}}, spec: {spec}}}"
    (tmp_path / "all.yaml").write_text(text)
    said = "Ingress db lacks spec.rules[0].http.paths[0].path: must be an absolute path"
    assert [one["message"] for one in _findings(tmp_path)] == [said]
