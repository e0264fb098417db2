"""`kubeqed init`, and `kubeqed config show`."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kubeqed.cli import main
from kubeqed.config import default_settings, load
from kubeqed.model.cluster import Cluster, Stated
from kubeqed.sources import read

CILIUM = """apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: cilium}}
  template:
    metadata: {labels: {k8s-app: cilium}}
    spec: {containers: [{name: agent, image: "quay.io/cilium/cilium:v1.17.2"}]}
"""
STATED = """units:
  - {path: clusters/one, world: closed}
  - paths: [clusters/two, "a: b"]
cluster:
  kubernetes: "1.33"
  cni: {name: calico, version: "3.30"}
  provider: eks
  load_balancer: metallb
  ingress_controllers: [traefik, kong]
  node_port_range: 30000-32000
  service_cidr: 10.96.0.0/12
  pod_cidr: 10.244.0.0/16
  network_mode: secondary-ip
  network_policy: calico
  virtual_nodes: false
  nodes: 7
  node_cidr: 10.0.0.0/16
  peered_cidrs: [10.1.0.0/16, 10.2.0.0/16]
  dns_service_ip: 10.96.0.10
  node_pools:
  - {name: a, nodes: 3, surge: 33%, subnet: /24, os: windows, vcpus: 2}
  outbound: {type: none, addresses: 3}
rules:
  select: ["node-*", "service-*", "target-port-undeclared"]
  ignore: [target-port-undeclared]
  severity: {service-selects-nothing: error, node-port-clash: off}
ignore:
  - {rules: [node-*], reason: "x # y"}
  - {paths: [old/], objects: ["Service shop/*"], reason: later}
exclude: [vendor/, "**/testdata/"]
baseline: base.json
"""


def kubeqed(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def values(stated: Any) -> Any:
    """What is stated, without the places and the name of the file."""
    if isinstance(stated, Stated):
        return values(stated.value)
    if isinstance(stated, Cluster):
        return [values(getattr(stated, field.name)) for field in fields(stated)]
    if hasattr(stated, "_asdict"):
        return {key: values(value) for key, value in stated._asdict().items() if "place" not in key and key != "path"}
    return [*map(values, stated)] if isinstance(stated, tuple) else stated


@pytest.mark.parametrize("text", [STATED, "cluster: {ingress_controllers: none}\n", "rules: {select: []}\n"])
def test_what_is_shown_states_the_same(tree: Path, text: str) -> None:
    (tree / "kubeqed.yaml").write_text(text)
    shown = kubeqed("config", "show")
    assert shown.exit_code == 0
    (tree / "again.yaml").write_text(shown.stdout)
    assert values(load(read("again.yaml"))) == values(load(read("kubeqed.yaml")))


def test_where_it_is_stated_and_what_is_taken_where_nothing_is(tree: Path) -> None:
    (tree / "kubeqed.yaml").write_text("cluster:\n  cni: calico\n")
    assert kubeqed("config", "show").stdout.splitlines()[:4] == [
        "# kubeqed.yaml",
        "# units: none stated; `kubeqed units` lists those that are found",
        "cluster:",
        '  # kubernetes: "1.36", the newest known version, is taken',
    ]
    assert '  cni: "calico" # kubeqed.yaml:2\n' in kubeqed("config", "show").stdout
    assert '  kubernetes: "1.30"\n' in kubeqed("config", "show", "--kubernetes-version", "1.30").stdout


def test_without_a_configuration_all_is_a_comment(tree: Path) -> None:
    shown = kubeqed("config", "show").stdout
    assert all(line.lstrip().startswith("#") for line in shown.splitlines())
    (tree / "again.yaml").write_text(shown)
    assert values(load(read("again.yaml"))) == values(default_settings())


def test_a_wrong_configuration_is_not_shown(tree: Path) -> None:
    (tree / "kubeqed.yaml").write_text("nope: 1\n")
    shown = kubeqed("config", "show")
    assert (shown.exit_code, shown.stdout) == (2, "")


def test_a_first_configuration_states_what_the_manifests_show(tree: Path) -> None:
    (tree / "k8s").mkdir()
    (tree / "k8s" / "cilium.yaml").write_text(CILIUM)
    assert kubeqed("init").exit_code == 0
    text = (tree / "kubeqed.yaml").read_text()
    assert "  cni: cilium # seen: DaemonSet cilium, k8s/cilium.yaml:3:18\n" in text
    assert "#   - path: . # guessed\n" in text
    assert values(load(read("kubeqed.yaml")).cluster.cni) == "cilium"


@pytest.mark.parametrize("manifests", [CILIUM, ""])
def test_a_first_configuration_without_its_comment_signs_is_one(tree: Path, manifests: str) -> None:
    (tree / "cilium.yaml").write_text(manifests)
    kubeqed("init")
    _, *lines = (tree / "kubeqed.yaml").read_text().split("\n\n", 1)[1].splitlines()
    uncommented = [re.sub("^( *)# ", r"\1", line, count=1) for line in ["cluster:", *lines]]
    (tree / "all.yaml").write_text("\n".join(uncommented))
    stated = load(read("all.yaml"))
    assert (stated.cluster.node_port_range is not None, bool(stated.units), bool(stated.exclude)) == (True, True, True)


def test_a_first_configuration_of_nothing_states_nothing(tree: Path) -> None:
    assert kubeqed("init").exit_code == 0
    assert load(read("kubeqed.yaml")).cluster == Cluster()
    assert kubeqed("check").exit_code == 0


def test_a_configuration_that_is_there_stays(tree: Path) -> None:
    (tree / "kubeqed.yaml").write_text("rules: {ignore: [node-port-clash]}\n")
    refused = kubeqed("init")
    assert (refused.exit_code, (tree / "kubeqed.yaml").read_text()) == (2, "rules: {ignore: [node-port-clash]}\n")
    assert "kubeqed.yaml is there already" in refused.stderr
    assert kubeqed("init", "nowhere").exit_code == 2


@pytest.mark.parametrize("name", ["kubeqed.yml", ".kubeqed.yaml", ".kubeqed.yml"])
def test_a_configuration_of_another_name_is_not_passed_over(tree: Path, name: str) -> None:
    """Whoever wrote it believes that it holds."""
    (tree / "k8s").mkdir()
    (tree / name).write_text("cluster: {cni: calico}\n")
    for command in (["check", "k8s"], ["reach", "k8s"], ["config", "show", "k8s"], ["baseline", "k8s"]):
        refused = kubeqed(*command)
        assert refused.exit_code == 2
        assert f"{name}:1:1: error: a configuration is called kubeqed.yaml: rename this file" in refused.stderr
    assert kubeqed("check", "--config", name, "k8s").exit_code == 0
    (tree / "kubeqed.yaml").write_text("cluster: {cni: calico}\n")
    assert kubeqed("check", "k8s").exit_code == 0


def test_values_that_a_chart_gets_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: a\nversion: 0.1.0\n")
    stated = "{enabled: true, db.password: hunter2, pin: 4711}"
    (tmp_path / "kubeqed.yaml").write_text(f"charts:\n- {{path: chart, set: {stated}}}\n")
    shown = CliRunner().invoke(main, ["config", "show"]).stdout
    assert 'set: {"enabled": true, "db.password": "***", "pin": "***"}' in shown


def test_intents_are_named_with_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kubeqed.yaml").write_text(
        "intents:\n- default-deny\n- {name: dns, from: all, to: dns, expect: allowed}\n"
    )
    shown = CliRunner().invoke(main, ["config", "show"]).stdout
    assert "# intents: 2 stated\n  # default-deny # kubeqed.yaml:2\n  # dns # kubeqed.yaml:3\n" in shown
