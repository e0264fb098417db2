"""Whatever a manifest, a path or an argument holds, it stays on its line, moves no cursor and commands no CI."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

RAW = "x\n::error file=a.yaml::boo\x1b[31m\u202e\x07\x9b##[error]boo\r"
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")
COMMAND = re.compile(r"^\s*::(?=[a-z-]*[g-z-])[a-z-]+[ :]|##\[", re.MULTILINE)
FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")


def quoted(text: str) -> str:
    return json.dumps(text)


NAMES = {
    "Pod": "{apiVersion: v1, kind: Pod, metadata: {name: @, namespace: @, labels: {app: @, @: b}}, spec: {containers: [{name: @, image: @, ports: [{name: @, containerPort: 0}], @: 1}]}}",
    "Service": "{apiVersion: v1, kind: Service, metadata: {name: @, namespace: @}, spec: {type: @, selector: {app: @}, ports: [{name: @, port: 80, targetPort: @}]}}",
    "Ingress": "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: @, namespace: @}, spec: {rules: [{host: @, http: {paths: [{path: @, pathType: @, backend: {service: {name: @, port: {name: @}}}}]}}]}}",
    "NetworkPolicy": "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: @, namespace: @}, spec: {podSelector: {matchLabels: {app: @}}, ingress: [{from: [{podSelector: {matchLabels: {other: @}}}, {namespaceSelector: {matchLabels: {@: @}}}, {ipBlock: {cidr: @}}], ports: [{port: @, protocol: @}]}]}}",
    "StatefulSet": "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: @, namespace: @}, spec: {serviceName: @, selector: {matchLabels: {app: @}}, template: {metadata: {labels: {app: @}}, spec: {containers: [{name: @, image: b}]}}}}",
    "Gateway": "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: @, namespace: @}, spec: {gatewayClassName: @, listeners: [{name: @, port: 80, protocol: @, hostname: @}]}}",
    "foreign": "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: @, namespace: @}, spec: {endpointSelector: {}}}",
    "kind": "{apiVersion: @, kind: @, metadata: {name: @}}",
    "twice": "{apiVersion: v1, kind: ConfigMap, metadata: {name: @}, data: {@: a, @: b}}",
    "ignored": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {kubeqed.dev/ignore: @}}",
    "broken": "{apiVersion: v1, kind: Service, metadata: {name: @",
}
MANIFEST = "\n---\n".join(text.replace("@", quoted(RAW)) for text in NAMES.values())
PLAIN = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 80}]}]}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all.yaml").write_text(MANIFEST)
    (tmp_path / RAW.replace("/", "")).mkdir()
    (tmp_path / RAW.replace("/", "") / f"{RAW}.yaml").write_text(MANIFEST + "\n---" + PLAIN)
    return tmp_path


def said(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert not isinstance(result.exception, Exception), result.exception
    return result.output


def assert_plain(output: str, *, commands: bool = True) -> None:
    assert not (found := UNSAFE.search(output)), repr(output[max(found.start() - 80, 0) : found.end() + 20])
    if commands:
        assert not (found := COMMAND.search(output)), output[max(found.start() - 80, 0) : found.end() + 40]


@pytest.mark.parametrize("form", FORMATS)
def test_check(form: str) -> None:
    output = said("check", "--show", "all", "--evidence", "--output-format", form)
    assert_plain(output, commands=form not in ("github", "json", "sarif", "gitlab", "junit"))
    if form == "github":
        assert not re.search(r"^::error file=a.yaml", output, re.MULTILINE)


@pytest.mark.parametrize("form", ["text", "json", "mermaid", "dot"])
def test_reach(form: str) -> None:
    output = said("reach", "--exposure", "--output-format", form)
    assert_plain(output, commands=form != "json")


def test_pairs() -> None:
    assert_plain(said("reach", "--expand", "--exposure"))


@pytest.mark.parametrize("form", ["text", "json"])
def test_why(form: str) -> None:
    for source, destination in (("web", f"{RAW}/{RAW}"), (RAW, "web"), ("web", f"{RAW}[Service]")):
        assert_plain(said("why", source, destination, "--output-format", form), commands=form != "json")


@pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
def test_diff(form: str, here: Path) -> None:
    (here / "before").mkdir()
    (here / "before" / "web.yaml").write_text(PLAIN)
    output = said("diff", "before", RAW, "--output-format", form)
    assert_plain(output, commands=form in ("text", "markdown"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", f"{RAW}nothing"),
        ("check", "--config", f"{RAW}nothing"),
        ("check", "--baseline", f"{RAW}nothing"),
        ("check", "--show", RAW),
        ("check", "--output-format", RAW),
        ("check", "--fail-on", RAW),
        ("check", f"--{RAW}"),
        ("reach", "--from", RAW),
        ("reach", "--port", RAW),
        ("reach", "--namespace", RAW),
        ("reach", "--cni", RAW),
        ("why", RAW, RAW, "--port", RAW),
        ("diff", RAW + "1", RAW + "2"),
        ("explain", RAW),
        (RAW,),
    ],
)
def test_arguments(arguments: tuple[str, ...]) -> None:
    assert_plain(said(*arguments))


@pytest.mark.parametrize(
    "text",
    [
        "@: 1",
        "units: [{path: @, world: @}]",
        "units: [{path: @}]",
        "cluster: {cni: {name: @}, kubernetes: @, service_cidr: @}",
        "rules: {ignore: [@], severity: {@: error}}",
        "baseline: @",
        "ignore: [{rules: [@], paths: [@], objects: [@], reason: @}]",
        "ignore: [{rules: [value-rejected], reason: @}]",
    ],
)
def test_configuration(text: str, here: Path) -> None:
    (here / "kubeqed.yaml").write_text(text.replace("@", quoted(RAW)))
    for command in ("check", "reach"):
        assert_plain(said(command))
    assert_plain(said("check", "--show", "all,suppressed"))


def test_colours_are_ours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = said("check", "--show", "all", "--evidence")
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = CliRunner().invoke(main, ["check", "--show", "all", "--evidence"], color=True)
    assert "\x1b[" in result.output
    assert re.sub(r"\x1b\[[0-9;]*m", "", result.output) == plain
