"""`kubeqed diff` compares what absent pods may do as well as what present ones do, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.graph.reach.samples import app, deployment, policy

from kubeqed.cli import main
from kubeqed.report.schema.diff import DiffReport

ANY = "any pod in any namespace"
FROM_WEB = {"from": [{"podSelector": app("web")}], "ports": [{"port": 5432}]}
FROM_ALL = {"from": [{"namespaceSelector": {}}], "ports": [{"port": 5432}]}
DNS = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"port": 53, "protocol": "UDP"}],
}


def _guard(**spec: Any) -> str:
    return policy("guard", podSelector=app("db"), **spec)


@pytest.fixture
def diff(tmp_path: Path) -> Any:
    """Compares two texts with the options."""

    def run(old: str, new: str, *options: str) -> Result:
        paths = []
        for name, text in (("old", old), ("new", new)):
            paths.append(tmp_path / f"{name}.yaml")
            paths[-1].write_text(text)
        return CliRunner().invoke(main, ["diff", *map(str, paths), *options])

    return run


OLD = deployment("db") + _guard(ingress=[FROM_WEB])
WIDE = deployment("db") + _guard(ingress=[FROM_ALL])


def test_a_policy_that_lets_everybody_in_is_an_addition(diff: Any) -> None:
    first, cause = diff(OLD, WIDE).stdout.splitlines()
    assert first == f"+ {ANY} => shop/db[Deployment] : TCP 5432"
    assert "new.yaml:4: NetworkPolicy shop/guard, ingress[0], allows TCP 5432" in cause
    assert diff(OLD, WIDE, "--fail-on", "added").exit_code == 1
    assert diff(OLD, WIDE, "--fail-on", "removed").exit_code == 0
    assert diff(WIDE, OLD).stdout.startswith(f"- {ANY} => shop/db[Deployment] : TCP 5432\n")
    assert diff(WIDE, OLD, "--fail-on", "removed").exit_code == 1


@pytest.mark.parametrize("form", [["--expand"], *[["--output-format", one] for one in ("markdown", "sarif", "json")]])
def test_every_format_says_it(diff: Any, form: list[str]) -> None:
    text = diff(OLD, WIDE, *form).stdout
    assert ("entire-cluster" if form == ["--expand"] else ANY) in text
    if form[-1] == "json":
        found = DiffReport.model_validate_json(text)
        assert found.model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(text)
        (change,) = json.loads(text)["changes"]
        assert json.loads(text)["groups"][change["source"][0]] == [
            {"absent": ANY, "namespaceSelector": {}, "podSelector": {}}
        ]


def test_a_lost_way_to_an_absent_pod_is_a_removal(diff: Any) -> None:
    egress = {"policyTypes": ["Ingress", "Egress"]}
    old, new = (deployment("db") + _guard(egress=rules, **egress) for rules in ([DNS], []))
    shown = diff(old, new).stdout
    assert shown.startswith("- shop/db[Deployment] => pods with k8s-app=kube-dns of kube-system : UDP 53\n")
    assert "old.yaml:4: NetworkPolicy shop/guard, egress[0], allows UDP 53" in shown
    assert diff(old, new, "--fail-on", "removed").exit_code == 1


def test_policies_without_pods_are_compared_too(diff: Any) -> None:
    found = diff(_guard(ingress=[FROM_WEB]), _guard(ingress=[FROM_ALL]), "--fail-on", "added")
    assert found.stdout.startswith(f"+ {ANY} => pods with app=db of shop : TCP 5432\n")
    assert found.exit_code == 1


def test_a_port_that_only_an_absent_pod_can_resolve_has_its_name(diff: Any) -> None:
    egress = {"policyTypes": ["Egress"]}
    named = {**DNS, "ports": [{"port": "dns", "protocol": "UDP"}]}
    old, new = (deployment("db") + _guard(egress=[rule], **egress) for rule in (DNS, named))
    assert "k8s-app=kube-dns of kube-system : UDP 53 -> UDP dns\n" in diff(old, new).stdout
    (change,) = json.loads(diff(old, new, "--output-format", "json").stdout)["changes"]
    assert (change["old"], change["new"]) == ({"UDP": [[53, 53]]}, {})
    assert change["names"] == {"old": [], "new": [{"protocol": "UDP", "name": "dns"}]}


def test_a_label_of_a_namespace_concerns_absent_pods_too(diff: Any) -> None:
    space = '---\n{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "far", "labels": {"env": "ENV"}}}\n'
    rule = {"from": [{"namespaceSelector": {"matchLabels": {"env": "prod"}}}]}
    text = space + deployment("db") + _guard(ingress=[rule])
    found = diff(text.replace("ENV", "dev"), text.replace("ENV", "prod"))
    first, *causes = found.stdout.splitlines()
    assert first == "+ any pod of far => shop/db[Deployment] : All Connections"
    assert any("labels of Namespace far changed: -env=dev +env=prod" in cause for cause in causes)


@pytest.mark.parametrize("change", [("[0]", "[0]"), ('"name": "guard"', '"name": "other"')])
def test_what_is_the_same_for_all_is_no_difference(diff: Any, change: tuple[str, str]) -> None:
    found = diff(WIDE, WIDE.replace(*change), "--fail-on", "any")
    assert (found.stdout, found.exit_code) == ("", 0)
