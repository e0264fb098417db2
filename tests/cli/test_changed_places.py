"""`why`, `reach` and `diff` name the line of a patch that set a part of what decides, beside the line of the rule."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from kubeqed.cli.group import main
from kubeqed.report.schema import schema_of

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}}}
spec:
  selector: {{matchLabels: {{app: {0}}}}}
  template:
    metadata: {{labels: {{app: {0}}}}}
    spec: {{containers: [{{name: {0}, image: nginx, ports: [{{containerPort: 8080}}]}}]}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: client}}
    ports:
    - port: 8080
"""
FILES = {
    "base/kustomization.yaml": "resources: [pods.yaml, policy.yaml]\n",
    "base/pods.yaml": POD.format("web") + "---\n" + POD.format("client"),
    "base/policy.yaml": POLICY,
    "prod/kustomization.yaml": "namespace: prod\nresources: [../base]\npatches: [{path: port.yaml, target: {kind: NetworkPolicy}}]\n",
    "prod/port.yaml": "- op: replace\n  path: /spec/ingress/0/ports/0/port\n  value: 9090\n",
}
RULE, PORTS, PATCH = "base/policy.yaml:8", "base/policy.yaml:10", "prod/port.yaml:3"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    git("init", "-q", ".")
    git("add", ".")
    git("commit", "-qm", "first")


def git(*arguments: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(
        ["git", *name, *arguments], check=True, capture_output=True
    )  # the git of the machine, on a tree made here


def kubeqed(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_why_names_the_patch_with_the_rule_and_with_the_edit() -> None:
    denied = kubeqed("why", "prod/client", "prod/web", "prod", "--port", "8080").stdout
    assert f"but not these ports  {RULE}, changed at {PATCH}\n" in denied
    assert f"add this to spec.ingress[0].ports of NetworkPolicy prod/web, {PORTS}, changed at {PATCH}:\n" in denied
    assert f"allows TCP 9090  {RULE}, changed at {PATCH}\n" in kubeqed("why", "prod/client", "prod/web", "prod").stdout


def test_a_rule_that_no_patch_touched_has_one_line() -> None:
    Path("prod/kustomization.yaml").write_text("namespace: prod\nresources: [../base]\n")
    assert "changed at" not in kubeqed("why", "prod/client", "prod/web", "prod").stdout


def test_json_of_why_holds_the_place() -> None:
    report = json.loads(kubeqed("why", "prod/client", "prod/web", "prod", "--output-format", "json").stdout)
    jsonschema.validate(report, schema_of("why"))
    (decision,) = report["decisions"]
    (rule,) = decision["ingress"]["policies"][0]["rules"]
    (edit,) = decision["edits"]
    assert [(one["file"], one["line"]) for one in (*rule["changed"], *edit["changed"])] == [("prod/port.yaml", 3)] * 2


def test_a_note_about_ports_stands_where_the_patch_sets_them() -> None:
    assert f"{PATCH}:10: note: NetworkPolicy prod/web: allows TCP 9090" in kubeqed("reach", "prod").stderr


def test_diff_names_the_patch_in_both_versions() -> None:
    Path("prod/port.yaml").write_text(FILES["prod/port.yaml"].replace("9090", "9091"))
    text = kubeqed("diff", "HEAD", "prod").stdout
    assert f"+ {RULE}, changed at {PATCH}: NetworkPolicy prod/web, ingress[0], allows TCP 9091\n" in text
    assert f"- HEAD:{RULE}, changed at HEAD:{PATCH}: NetworkPolicy prod/web, ingress[0], allows TCP 9090\n" in text
    report = json.loads(kubeqed("diff", "HEAD", "prod", "--output-format", "json").stdout)
    jsonschema.validate(report, schema_of("diff"))
    causes = [cause for change in report["changes"] for cause in change["causes"]]
    assert {cause["changed"][0]["file"] for cause in causes} == {"prod/port.yaml", "HEAD:prod/port.yaml"}
    (run,) = json.loads(kubeqed("diff", "HEAD", "prod", "--output-format", "sarif").stdout)["runs"]
    related = [one["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"][0]["relatedLocations"]]
    assert "prod/port.yaml" in related
