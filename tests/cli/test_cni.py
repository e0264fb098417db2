"""`kubeqed cni`: what each CNI enforces of the policies, which lines it loses and in which direction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from kubeqed.cli import main
from kubeqed.model.cni.capabilities import cni_names
from kubeqed.report.schema import schema_of
from kubeqed.report.schema.cni import CniReport

PODS = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: a, image: b, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: shop, labels: {app: client}}
spec: {containers: [{name: a, image: b}]}
---
"""
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
"""
PLAIN = POLICY + "  ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]\n"
RANGE = POLICY + "  ingress: [{ports: [{port: 8000, endPort: 8100}]}]\n"
NAMED = POLICY + "  ingress: [{ports: [{port: http}]}]\n"
HOLE = POLICY + "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]\n"
EGRESS = POLICY + "  policyTypes: [Egress]\n  egress: [{ports: [{port: 53, protocol: UDP}]}]\n"
SCTP = POLICY + "  ingress: [{ports: [{port: 99, protocol: SCTP}]}]\n"
LABELS = POLICY.replace("app: web}}", "app: web, b: c, d: e, f: g, h: i}}")
ADMIN = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: all}
spec: {priority: 10, subject: {namespaces: {}}, ingress: [{action: ACTION, from: [{namespaces: {}}]}]}
"""
FLANNEL = """
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec: {template: {spec: {containers: [{name: kube-flannel, image: "ghcr.io/flannel-io/flannel:v0.26.1"}]}}}
"""
CILIUM = """
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec: {template: {spec: {containers: [{name: agent, image: "quay.io/cilium/cilium:v1.15.3"}]}}}
"""
NEVER = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-policy: "never"}
"""
ENGINE = """
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-network-policies, namespace: kube-system}
spec: {template: {spec: {containers: [{name: a, image: registry.k8s.io/networking/kube-network-policies}]}}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(text: str, *arguments: str) -> Result:
    Path("a.yaml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["cni", *arguments], catch_exceptions=False)


def rows(text: str, *arguments: str) -> list[dict[str, Any]]:
    done = call(text, *arguments, "--output-format", "json").stdout
    Draft202012Validator(schema_of("cni")).validate(json.loads(done))
    CniReport.model_validate_json(done)
    (unit,) = json.loads(done)["units"]
    found: list[dict[str, Any]] = unit["cnis"]
    return found


def row(text: str, cni: str, version: str = "") -> dict[str, Any]:
    """The row of a CNI that is stated."""
    first = rows(text, "--cni", cni, *(["--cni-version", version] if version else []))[0]
    assert (first["name"], first["chosen"]) == (cni, "stated")
    return first


@pytest.mark.parametrize("text", [PLAIN, RANGE, NAMED, HOLE, EGRESS, SCTP, LABELS, ADMIN.replace("ACTION", "Deny")])
def test_every_cni_of_the_data_gives_an_answer(text: str) -> None:
    found = rows(PODS + text)
    assert {one["name"] for one in found} == set(cni_names())
    for one in found:
        lost = one["verdict"] != "enforced"
        assert lost == bool(one["lost"])
        assert one["chosen"] is None
        assert one["effect"] is None or lost


@pytest.mark.parametrize(
    ("text", "cni", "version", "verdict", "path", "direction"),
    [
        (PLAIN, "flannel", "", "ignored", "metadata.name", "too-open"),
        (RANGE, "cilium", "1.15.3", "loses", "spec.ingress[0].ports[0].endPort", "too-strict"),
        (RANGE, "weave-net", "", "loses", "spec.ingress[0].ports[0].endPort", "too-strict"),
        (RANGE, "azure-cni-npm", "", "loses", "spec.ingress[0].ports[0].endPort", "too-strict"),
        (RANGE, "calico", "3.20", "may-lose", "spec.ingress[0].ports[0].endPort", "too-strict"),
        (NAMED, "ovn-kubernetes", "", "loses", "spec.ingress[0].ports[0].port", "too-open"),
        (NAMED, "weave-net", "", "may-lose", "spec.ingress[0].ports[0].port", "unknown"),
        (HOLE, "openshift-sdn-networkpolicy", "", "loses", "spec.ingress[0].from[0].ipBlock.except", "too-strict"),
        (EGRESS, "weave-net", "2.3", "loses", "spec.policyTypes[0]", "too-open"),
        (SCTP, "nsx-ncp", "", "loses", "spec.ingress[0].ports[0].protocol", "too-strict"),
        (LABELS, "nsx-ncp", "", "loses", "spec.podSelector.matchLabels.h", "unknown"),
        (ADMIN.replace("ACTION", "Deny"), "cilium", "", "loses", "metadata.name", "too-open"),
        (ADMIN.replace("ACTION", "Allow"), "cilium", "", "loses", "metadata.name", "too-strict"),
    ],
)
def test_what_is_lost_and_in_which_direction(
    text: str, cni: str, version: str, verdict: str, path: str, direction: str
) -> None:
    found = row(PODS + text, cni, version)
    (lost,) = found["lost"]
    assert (found["verdict"], lost["path"], lost["direction"]) == (verdict, path, direction)
    assert found["too_open"] is (direction == "too-open")
    assert found["too_strict"] is (direction == "too-strict")
    assert lost["file"] == "a.yaml"
    assert lost["line"] > PODS.count("\n")


@pytest.mark.parametrize(
    ("text", "cni", "version"),
    [
        (PLAIN, "calico", ""),
        (RANGE, "cilium", "1.16"),
        (RANGE, "cisco-aci-cni", "2026-02"),
        (NAMED, "calico", ""),
        (EGRESS, "weave-net", "2.8.1"),
        (ADMIN.replace("ACTION", "Deny"), "calico", "3.30"),
    ],
)
def test_what_is_enforced(text: str, cni: str, version: str) -> None:
    found = row(PODS + text, cni, version)
    assert (found["verdict"], found["lost"], found["effect"]) == ("enforced", [], None)


@pytest.mark.parametrize(
    ("text", "cni", "opens", "closes"),
    [
        (PLAIN, "flannel", True, False),
        (RANGE, "weave-net", False, True),
        (NAMED, "ovn-kubernetes", True, False),
        (HOLE, "openshift-sdn-networkpolicy", False, True),
        (SCTP, "nsx-ncp", False, True),
        (POLICY + "  ingress: [{}, {ports: [{port: 8000, endPort: 8100}]}]\n", "weave-net", False, False),
        (ADMIN.replace("ACTION", "Deny"), "cilium", True, False),
    ],
)
def test_the_engine_says_what_a_loss_changes(text: str, cni: str, opens: bool, closes: bool) -> None:
    effect = row(PODS + text, cni)["effect"]
    assert (effect["opens"]["connections"] > 0, effect["closes"]["connections"] > 0) == (opens, closes)
    assert (effect["opens"]["example"] is not None, effect["closes"]["example"] is not None) == (opens, closes)


def test_versions_are_told_apart_where_the_data_does() -> None:
    bands = [one["versions"] for one in rows(PODS + RANGE) if one["name"] == "cilium"]
    assert bands == [{"exact": None, "from": None, "before": "1.16"}, {"exact": None, "from": "1.16", "before": None}]
    assert [one["versions"] for one in rows(PODS + PLAIN) if one["name"] == "cilium"] == [
        {"exact": None, "from": None, "before": None}
    ]
    assert row(PODS + RANGE, "cilium", "1.15.3")["versions"] == {"exact": "1.15.3", "from": None, "before": None}


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        (PODS + PLAIN, (), 0),
        (PODS + RANGE, (), 0),
        (PODS + PLAIN + FLANNEL, (), 1),
        (PODS + PLAIN + FLANNEL + ENGINE, (), 0),
        (PODS + PLAIN + CILIUM, (), 0),
        (PODS + PLAIN + CILIUM + NEVER, (), 1),
        (PODS + RANGE + CILIUM, (), 1),
        (PODS + RANGE, ("--cni", "calico"), 0),  # what no source tells is no loss
        (PODS + RANGE, ("--cni", "cilium"), 1),  # of a version that is not stated
        (PODS + RANGE, ("--cni", "cilium", "--cni-version", "1.17"), 0),
        (PODS + PLAIN, ("--cni", "kindnet"), 0),  # older than kind 0.24?
        (PODS + PLAIN, ("--cni", "none"), 1),
        (PODS + PLAIN, ("--cni", "flannel+calico"), 0),
        (PODS, ("--cni", "flannel"), 0),
        (PODS + PLAIN, ("--cni", "callico"), 2),
        (PODS + PLAIN, ("--cni-version", "1.2"), 2),
        (PODS + PLAIN, ("--cni", "cilium", "--cni-version", "new"), 2),
        (PODS + PLAIN + "---\nkind: [", ("--cni", "flannel"), 3),
    ],
)
def test_exit_status(text: str, arguments: tuple[str, ...], status: int) -> None:
    assert call(text, *arguments).exit_code == status


def test_the_configuration_names_the_cni() -> None:
    Path("kubeqed.yaml").write_text("cluster: {cni: {name: cilium, version: 1.15.0}}\n", encoding="utf-8")
    assert call(PODS + RANGE).exit_code == 1
    assert call(PODS + RANGE, "--cni", "kube-ovn").exit_code == 0
    assert call(PODS + RANGE, "--cni", "cilium").exit_code == 1  # the version of the configuration is not that of --cni


def test_text() -> None:
    lines = call(PODS + RANGE + CILIUM).stdout.splitlines()
    assert lines[0] == "./: 1 policy"
    assert lines[2].split("  ")[0] == "cilium (installed)"
    assert lines[2].endswith("loses 1 line, too strict")
    assert lines[3].startswith("    a.yaml:18:44: endPort: too strict: before 1.16 endPort was accepted and ignored")
    assert all(len(line) <= 100 for line in lines)
    alike = next(line for line in lines if line.startswith("flannel"))
    assert "kubenet" not in alike or alike.endswith("ignores all, too open")


def test_a_unit_without_policies() -> None:
    done = call(PODS)
    assert (done.stdout, done.exit_code) == ("", 0)
    assert "no policy was found" in done.stderr


def test_markdown() -> None:
    lines = call(PODS + NAMED, "--cni", "ovn-kubernetes", "--output-format", "markdown").stdout.splitlines()
    assert lines[0] == "### Policies of ./ on each CNI"
    assert lines[4].startswith("| **ovn-kubernetes** | any | loses 1 line, too open<br><sub>a.yaml:18:29:")
    assert lines[-1] == "| kindnet | before 0.24.0 | ignores all, too open |"
