"""The same question has the same answer, whatever the working directory, the spelling of PATHs and the place of the configuration."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from tests.cli.running import git

from kubeqed.app.check.run import CheckRequest, analyze
from kubeqed.cli import main

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {0}}}}}
  template: {{metadata: {{labels: {{app: {0}}}}}, spec: {{containers: [{{name: c, image: "{0}:{1}"}}]}}}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: guard, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: {0}, namespace: shop}}
spec: {{selector: {{app: {1}}}, ports: [{{port: 80}}]}}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: nowhere, port: {number: 80}}}}
"""
FILES = {
    "k8s/apps/web.yaml": DEPLOYMENT.format("web", 1),
    "k8s/apps/db.yaml": DEPLOYMENT.format("db", 1),
    "k8s/policies/guard.yaml": POLICY,
    "k8s/services/a.yaml": SERVICE.format("accepted", "nobody"),
    "k8s/services/b.yaml": SERVICE.format("broken", "nobody"),
    "k8s/services/i.yaml": SERVICE.format("ignored", "nobody"),
    "k8s/ingress/web.yaml": INGRESS,
    "k8s/old/more.yaml": DEPLOYMENT.format("more", 1),
    "conf/kept": "",
}
PLACES = ["", "k8s", "conf"]  # of kubeqed.yaml; the last one is named by --config
COMMANDS = {
    "check": ["check"],
    "reach": ["reach"],
    "why": ["why", "web", "db", "--port", "81"],
    "diff": ["diff", "git:HEAD"],
}


class Call(NamedTuple):
    """Where kubeqed is called, below the temporary directory, and how `k8s` is spelt there."""

    where: str
    path: str


CALLS = [
    Call("repo", "k8s"),
    Call("repo", "./k8s"),
    Call("repo", "k8s/"),
    Call("repo", "conf/../k8s"),
    Call("repo", "{here}/repo/k8s"),
    Call("repo/k8s", "."),
    Call("repo/k8s", "../k8s/"),
    Call("repo/k8s/apps", ".."),
    Call("repo/k8s/apps", "../../k8s"),
    Call("repo/k8s/apps", "{here}/repo/k8s"),
    Call("other", "../repo/k8s"),
    Call("other", "{here}/repo/k8s"),
    Call("other", "link"),
    Call("other", "{here}/other/link/"),
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("same").resolve()
    for name, text in FILES.items():
        file = here / "repo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(here / "repo", "init", "-q")
    git(here / "repo", "add", ".")
    git(here / "repo", "commit", "-q", "-m", "a")
    (here / "repo/k8s/policies/guard.yaml").write_text(POLICY.replace("port: 80", "port: 81"))
    (here / "other").mkdir()
    (here / "other/link").symlink_to(here / "repo/k8s")
    return here


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, here: Path) -> Iterator[str]:
    """Where the configuration stands; it states a closed unit, and mutes a finding in each way that there is."""
    place = str(request.param)
    up = os.path.relpath("k8s", place or ".")
    directory = here / "repo" / place
    known = "service-selects-nothing Service shop/accepted spec.selector.app"
    entry = {
        "rule": "service-selects-nothing",
        "file": os.path.normpath(f"{up}/services/a.yaml"),
        "fingerprint": known,
        "reason": "known",
    }
    lists = [
        f"units: [{{path: {up}, world: closed}}]",
        f"ignore: [{{paths: ['{up}/services/i.yaml'], reason: known}}]",
        "exclude: [old]" if place != "conf" else "exclude: []",
        "baseline: accepted.json",
    ]
    (directory / "kubeqed.yaml").write_text("\n".join(lists))
    (directory / "accepted.json").write_text(json.dumps({"version": 1, "findings": [entry]}))
    yield place
    (directory / "kubeqed.yaml").unlink()
    (directory / "accepted.json").unlink()


def call(here: Path, at: Call, command: list[str], place: str) -> Result:
    os.chdir(here / at.where)
    config = ["--config", os.path.relpath(here / "repo/conf/kubeqed.yaml")] if place == "conf" else []
    return CliRunner().invoke(main, [*command, at.path.format(here=here), *config, "--output-format", "json"])


def answer(here: Path, at: Call, command: list[str], place: str) -> tuple[int, object]:
    """The exit status, and what was printed, with files as they are called from the root of the repository."""
    done = call(here, at, command, place)
    path = at.path.format(here=here)
    text = done.stdout.replace("HEAD:k8s/", "HEAD:")
    for spelt in (path.rstrip("/"), os.path.normpath(path)):
        text = text.replace(f" {spelt} ", " PATH ").replace(f"{spelt}/", "" if spelt != "." else "./")
    return done.exit_code, normal(json.loads(text), os.path.relpath(here / "repo/k8s"), path.rstrip("/"))


def normal(value: object, *roots: str) -> object:
    """Lists in order, the PATH itself without its spelling, all else as it is."""
    if isinstance(value, dict):
        return {key: normal(item, *roots) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((normal(item, *roots) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return "PATH" if value in (*roots, ".") else value


@pytest.mark.parametrize("command", COMMANDS)
def test_the_answer_is_the_same_from_everywhere(
    here: Path, place: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    answers = {at: answer(here, at, COMMANDS[command], place) for at in CALLS}
    wrong = {at: found for at, found in answers.items() if found != answers[CALLS[0]]}
    assert not wrong, f"not as {answers[CALLS[0]]}"


def test_the_configuration_mutes_the_same_from_each_place(
    here: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    for at in CALLS:
        found = json.loads(call(here, at, ["check", "--show", "all"], place).stdout)["findings"]
        assert {item["object"]["name"] for item in found} == {"broken", "web"}, at


@pytest.mark.parametrize("paths", [["a", "b"], ["b", "a"], ["b", "a/x.yaml"]])
def test_two_configurations_are_refused(paths: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (".git", "a", "b"):
        Path(name).mkdir()
    for name in ("a/x.yaml", "b/x.yaml"):
        Path(name).write_text(SERVICE.format("x", "x"))
    Path("kubeqed.yaml").write_text("cluster: {cni: calico}")
    Path("a/kubeqed.yaml").write_text("cluster: {cni: cilium}")
    done = CliRunner().invoke(main, ["check", *paths])
    assert done.exit_code == 2
    assert "one call has one configuration: name it with --config" in done.stderr
    assert "a/kubeqed.yaml is" in done.stderr or "a/kubeqed.yaml that of" in done.stderr
    assert CliRunner().invoke(main, ["check", *paths, "--config", "kubeqed.yaml"]).exit_code == 0
    assert CliRunner().invoke(main, ["check", ".", "a"]).exit_code == 0  # a is a part of .
    Path("kubeqed.yaml").unlink()
    assert CliRunner().invoke(main, ["check", *paths]).exit_code == 0  # the only one holds for all


@pytest.mark.parametrize("paths", [["apps", "other"], ["other", "apps"]])
def test_the_order_of_paths_does_not_decide_about_the_configuration(
    paths: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (".git", "apps", "other"):
        Path(name).mkdir()
    Path("apps/kubeqed.yaml").write_text("rules: {ignore: [backend-service-missing]}")
    Path("other/web.yaml").write_text(INGRESS)
    found = json.loads(CliRunner().invoke(main, ["check", *paths, "--show", "all", "--output-format", "json"]).stdout)
    assert not found["findings"]


@pytest.mark.parametrize("path", ["k8s", "./k8s", "k8s/../k8s/", "{tmp_path}/k8s"])
def test_names_of_services_are_shown_however_the_path_is_spelt(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("k8s").mkdir()
    env = "env: [{name: DB, value: db}, {name: OTHER, value: secret}]"
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: a, {env}}}]}}"
    Path("k8s/a.yaml").write_text(f"{pod}\n---\n{SERVICE.format('db', 'db')}")
    analysis = analyze(CheckRequest((path.format(tmp_path=tmp_path),)))
    (file,) = analysis.parsed
    line = analysis.visible_lines(file)[3]
    assert "value: db" in line
    assert "secret" not in line
