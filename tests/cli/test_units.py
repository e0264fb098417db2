"""PATHs and units as people meet them: several PATHs are one input, and what was guessed of it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kubeqed.cli import main

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {0}}}}}
  template: {{metadata: {{labels: {{app: {0}}}}}, spec: {{containers: [{{name: c, image: "{0}:{1}"}}]}}}}
---
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: guard-{0}, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: {0}}}}}, ingress: [{{from: [{{podSelector: {{}}}}], ports: [{{port: 80}}]}}]}}
---
"""
APPS = {"apps/web.yaml": WORKLOAD.format("web", 1), "apps/db.yaml": WORKLOAD.format("db", 1)}
GUARD = {"policies/guard.yaml": POLICY.format("db")}
VARIANT = {"staging/web.yaml": WORKLOAD.format("web", 2)}
JOINED = "policies/ joined to apps/ by guess"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*trees: dict[str, str]) -> None:
    for tree in trees:
        for name, text in tree.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("paths", [["apps", "policies"], ["policies", "apps"], ["apps/db.yaml", "apps", "policies"]])
def test_policies_of_one_path_govern_the_pods_of_another(paths: list[str]) -> None:
    put(APPS, GUARD)
    assert "shop/web[Deployment] => shop/db[Deployment] : TCP 80" in call("reach", *paths).stdout
    assert "denied" in call("why", "web", "db", "--port", "81", *paths).stdout


def test_policies_beside_variants_are_joined_to_the_first_and_that_is_said() -> None:
    put(APPS, GUARD, VARIANT)
    reached = call("reach").stdout
    assert "# apps, policies" in reached
    assert f"{JOINED}: only so its policies govern shop/db[Deployment]; state it under units:" in reached
    for form in ("mermaid", "dot"):
        assert JOINED in call("reach", "--output-format", form).stdout
    for command in (["reach"], ["why", "web", "db"], ["check", "."]):
        value = json.loads(call(*command, "--output-format", "json").stdout)
        assert [notice["kind"] for notice in value["notices"] if JOINED in notice["text"]] == ["guessed-join"]
    assert JOINED in call("check", ".").stderr
    assert JOINED in call("check", ".", "--output-format", "sarif").stdout
    assert JOINED in call("check", ".", "--output-format", "markdown").stdout


def test_an_answer_that_only_a_join_denies_says_so() -> None:
    put(APPS, GUARD, VARIANT)
    denied, allowed = f"{JOINED}: without it, this is allowed", f"{JOINED}; state it"
    assert denied in call("why", "web", "db", "--port", "81").stdout
    assert denied in call("why", "web", "db").stdout  # on all ports but one
    assert allowed in call("why", "web", "db", "--port", "80").stdout
    assert denied in json.loads(call("why", "web", "db", "--output-format", "json").stdout)["notices"][0]["text"]


def test_policies_without_workloads_were_applied_to_nothing() -> None:
    put(APPS, GUARD, {"policies/more.yaml": POLICY.format("web"), "policies/db.yaml": WORKLOAD.format("db", 2)})
    put(
        {
            "policies/db.yaml": "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {ports: [{port: 80}]}}"
        }
    )
    put(
        {
            "apps/svc.yaml": "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {ports: [{port: 81}]}}"
        }
    )
    said = "warning: policies/ has no workloads; its 2 policies were applied to nothing"
    assert said in call("reach").stdout
    assert said in call("why", "web", "db").stdout
    value = json.loads(call("reach", "--output-format", "json").stdout)
    assert [notice["kind"] for notice in value["notices"]] == ["unmet-policies"]
    assert said in call("reach", "policies/guard.yaml", "policies/more.yaml").stdout


def test_a_policy_that_selects_no_pod_is_named() -> None:
    put(APPS, GUARD, {"apps/lost.yaml": POLICY.format("lost")})
    assert "warning: NetworkPolicy shop/guard-lost selects no pod of ./" in call("reach").stdout
    assert "guard-lost" in call("why", "web", "db").stdout
    put({"kubeqed.yaml": "units: [{paths: [apps, policies]}]"})
    assert "guard-lost" not in call("reach").stdout  # what is stated is not in doubt


def test_what_is_fetched_from_elsewhere_is_named_once() -> None:
    remote = [f"https://example.com/part-{number}?ref=v1" for number in range(7)]
    listed = "".join(f"- {one}\n" for one in ("web.yaml", *remote))
    put({"web.yaml": WORKLOAD.format("web", 1), "kustomization.yaml": f"resources:\n{listed}"})
    named = f"{', '.join(remote[:5])} and 2 more"
    assert f"\n= {named} are fetched from another machine, so nothing of them is judged\n" in call("check", ".").stderr


def test_a_join_to_many_directories_names_some() -> None:
    apps = {f"{name}/web.yaml": WORKLOAD.format(name, 1) for name in ("a", "b", "c", "d", "e", "f", "g")}
    put(apps, GUARD, {"staging/web.yaml": WORKLOAD.format("a", 2)})
    assert "policies/ joined to a/, b/, c/, d/, e/ and 2 more by guess" in call("check", ".").stderr
