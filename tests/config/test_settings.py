"""A configuration without faults becomes settings, each value with its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.config.loading import load_text

from kubeqed.config import RuleSettings, Settings, default_settings
from kubeqed.diagnostic import Severity
from kubeqed.model.cluster import Cluster, KubernetesVersion, PortRange, Stated
from kubeqed.model.units.input import StatedUnit

FULL = """\
units:
  - path: apps/prod
    world: closed
  - {path: apps/dev/}
cluster:
  kubernetes: "1.36"
  cni: {name: cilium, version: 1.16}
  provider: eks
  load_balancer: none
  ingress_controllers: [ingress-nginx, traefik]
  node_port_range: 30000-32000
  service_cidr: 10.96.0.0/12, fd00:0::/108
  pod_cidr: 10.244.0.0/16
rules:
  select: [node-port-clash, policy-*]
  ignore: [policy-overlap]
  severity: {node-port-clash: off, api-removed: note}
  options:
    port-names: {allow: [http, grpc], strict: true}
ignore:
  - rules: [api-removed]
    paths: [legacy/*]
    objects: [Service shop/*, Ingress web]
    reason: waits for <TICKET>
"""


def where(stated: Stated[Any] | None) -> tuple[int, int, int]:
    assert stated is not None
    assert stated.place is not None
    span = stated.place.span
    return span.line, span.column, span.end_column


def test_nothing_is_stated_without_a_configuration() -> None:
    assert default_settings() == Settings(None, ".", (), (), Cluster(), RuleSettings(None, (), (), ()), ())


def test_pydantic_and_difflib_are_imported_only_when_used() -> None:
    program = (
        "import sys; from kubeqed.config import default_settings, load; default_settings();"
        "print([name for name in ('pydantic', 'pydantic_core', 'difflib') if name in sys.modules]);"
        "from kubeqed.sources import SourceFile; load(SourceFile('k', b'cluster: {}')); print('difflib' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.split("\n") == ["[]", "False", ""]


def test_a_unit_of_several_directories() -> None:
    settings = load_text("units: [{paths: [apps, ./policies/], world: closed}]")
    assert settings.units == (StatedUnit((os.path.realpath("apps"), os.path.realpath("policies")), True),)
    assert [place.span[1:4] for place in settings.unit_places[0]] == [(1, 18, 1), (1, 24, 1)]


def test_units_are_real_places() -> None:
    settings = load_text(FULL)
    assert settings.path == "kubeqed.yaml"
    assert settings.directory == "."
    assert settings.units == (
        StatedUnit((os.path.realpath("apps/prod"),), True),
        StatedUnit((os.path.realpath("apps/dev"),), False),
    )
    assert [place.span[1:4] for (place,) in settings.unit_places] == [(2, 11, 2), (4, 12, 4)]


@pytest.mark.parametrize(
    ("path", "directory", "unit"),
    [
        ("deploy/kubeqed.yaml", "deploy", "deploy/apps"),
        ("./deploy/../kubeqed.yaml", ".", "apps"),
        ("../kubeqed.yaml", "..", "../apps"),
        ("/srv/repository/kubeqed.yaml", "/srv/repository", "/srv/repository/apps"),
    ],
)
def test_paths_are_relative_to_the_file(path: str, directory: str, unit: str) -> None:
    settings = load_text("units: [{path: ./apps}]", path)
    assert (settings.directory, settings.units) == (directory, (StatedUnit((os.path.realpath(unit),), False),))


def test_a_unit_that_is_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    assert load_text("units: [{path: apps/web}, {path: apps}]", "../kubeqed.yaml").units == (
        StatedUnit((str(tmp_path / "apps/web"),), False),
        StatedUnit((str(tmp_path / "apps"),), False),
    )


def test_the_cluster() -> None:
    cluster = load_text(FULL).cluster
    assert cluster.kubernetes is not None
    assert cluster.kubernetes.value == KubernetesVersion(1, 36)
    assert where(cluster.kubernetes) == (6, 15, 21)
    assert (cluster.cni and cluster.cni.value, where(cluster.cni)) == ("cilium", (7, 15, 21))
    assert (cluster.cni_version and cluster.cni_version.value, where(cluster.cni_version)) == ("1.16", (7, 32, 36))
    assert (cluster.provider and cluster.provider.value, where(cluster.provider)) == ("eks", (8, 13, 16))
    assert (cluster.load_balancer and cluster.load_balancer.value, where(cluster.load_balancer)) == (
        "none",
        (9, 18, 22),
    )
    assert [name.value for name in cluster.ingress_controllers or ()] == ["ingress-nginx", "traefik"]
    assert [where(name) for name in cluster.ingress_controllers or ()] == [(10, 25, 38), (10, 40, 47)]
    assert cluster.node_ports == PortRange(30000, 32000)
    assert where(cluster.node_port_range) == (11, 20, 31)
    assert cluster.service_cidr is not None
    assert cluster.service_cidr.value == "10.96.0.0/12,fd00::/108"
    assert where(cluster.service_cidr) == (12, 17, 43)
    assert (cluster.pod_cidr and cluster.pod_cidr.value, where(cluster.pod_cidr)) == ("10.244.0.0/16", (13, 13, 26))


def test_the_rules() -> None:
    rules = load_text(FULL).rules
    assert [name.value for name in rules.select or ()] == ["node-port-clash", "policy-*"]
    assert [where(name) for name in (*(rules.select or ()), *rules.ignore)] == [
        (15, 12, 27),
        (15, 29, 37),
        (16, 12, 26),
    ]
    assert [(entry.rule.value, entry.severity.value) for entry in rules.severity] == [
        ("node-port-clash", None),
        ("api-removed", Severity.NOTE),
    ]
    assert [(where(entry.rule), where(entry.severity)) for entry in rules.severity] == [
        ((17, 14, 29), (17, 31, 34)),
        ((17, 36, 47), (17, 49, 53)),
    ]
    (options,) = rules.options
    assert (options.rule.value, where(options.rule)) == ("port-names", (19, 5, 15))
    assert {name: stated.value for name, stated in options.values.items()} == {
        "allow": ["http", "grpc"],
        "strict": True,
    }
    assert {name: where(stated) for name, stated in options.values.items()} == {
        "allow": (19, 18, 23),
        "strict": (19, 47, 51),
    }


def test_the_ignores() -> None:
    (ignore,) = load_text(FULL).ignores
    assert ignore.place.span[1:] == (21, 5, 21, 10)
    assert (ignore.reason.value, where(ignore.reason)) == ("waits for <TICKET>", (24, 13, 31))
    assert [name.value for name in (*ignore.rules, *ignore.paths, *ignore.objects)] == [
        "api-removed",
        "legacy/*",
        "Service shop/*",
        "Ingress web",
    ]
    assert [where(name) for name in ignore.objects] == [(23, 15, 29), (23, 31, 42)]


def test_a_placeholder_in_a_reason_is_text() -> None:
    (ignore,) = load_text("ignore: [{paths: [a], reason: '${WHY}'}]").ignores
    assert ignore.reason.value == "${WHY}"


def test_a_plain_name_is_a_cni() -> None:
    cluster = load_text("cluster:\n  cni: none\n").cluster
    assert (cluster.cni and cluster.cni.value, where(cluster.cni)) == ("none", (2, 8, 12))
    assert cluster.cni_version is None


@pytest.mark.parametrize("text", ["none", "[none]", "[]"])
def test_no_ingress_controller_is_known(text: str) -> None:
    assert load_text(f"cluster: {{ingress_controllers: {text}}}").cluster.ingress_controllers == ()


def test_a_plain_name_is_an_ingress_controller() -> None:
    (stated,) = load_text("cluster: {ingress_controllers: traefik}").cluster.ingress_controllers or ()
    assert (stated.value, where(stated)) == ("traefik", (1, 32, 39))


@pytest.mark.parametrize(
    "text",
    [
        "units:\ncluster:\nrules:\nignore:\n",
        "cluster: {kubernetes: , cni: , provider: , ingress_controllers: , node_port_range: , pod_cidr: }",
        "rules: {ignore: , severity: , options: }",
        "rules: {select: }",
    ],
)
def test_an_empty_value_states_nothing(text: str) -> None:
    assert load_text(text) == Settings("kubeqed.yaml")


def test_selecting_nothing_is_not_selecting_all() -> None:
    assert load_text("rules: {select: []}").rules.select == ()


def test_an_alias_and_a_merge_are_read() -> None:
    settings = load_text(
        """\
        rules:
          ignore: &old [api-removed]
        ignore:
          - &entry {rules: *old, reason: old}
          - {<<: *entry, paths: [b]}
        """
    )
    assert [[name.value for name in ignore.rules] for ignore in settings.ignores] == [["api-removed"], ["api-removed"]]
    assert [ignore.reason.value for ignore in settings.ignores] == ["old", "old"]


def test_loading_twice_gives_the_same() -> None:
    assert load_text(FULL) == load_text(FULL)


def test_charts_have_real_paths_and_places() -> None:
    text = "charts: [{path: charts/web, values: [a.yaml], set: {x.y: 1}, release: r, namespace: ns}, {path: charts/b}]"
    first, second = load_text(text).charts
    assert first.directory == os.path.realpath("charts/web")
    assert [(one.value, where(one)) for one in first.files] == [(os.path.realpath("a.yaml"), (1, 38, 44))]
    assert [(key, one.value) for key, one in first.pairs] == [("x.y", 1)]
    assert (first.release, first.namespace, first.name) == ("r", "ns", "a.yaml, r")
    assert (second.files, second.release, second.name) == ((), "", "its own values")
