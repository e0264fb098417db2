"""A stated unit is read whole, even if the PATHs name only a part of it; only the PATHs are reported on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.running import git

from kubeqed.cli import main

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {0}, namespace: shop, labels: {{app: {0}}}}}\nspec: {{containers: [{{name: a, image: a}}]}}\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {{name: {0}, namespace: shop}}\nspec: {{selector: {{app: {1}}}, ports: [{{port: 80}}]}}\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {0}, namespace: shop}}\nspec: {{defaultBackend: {{service: {{name: {0}, port: {{number: 80}}}}}}}}\n"
DENY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}\n"
FILES = {
    "k8s/ingress/web.yaml": INGRESS.format("web"),
    "k8s/ingress/lost.yaml": INGRESS.format("lost"),
    "k8s/services/web.yaml": SERVICE.format("web", "web"),
    "k8s/services/none.yaml": SERVICE.format("none", "none"),
    "k8s/pods/web.yaml": POD.format("web"),
    "k8s/pods/other.yaml": POD.format("other"),
    "k8s/db/db.yaml": POD.format("db"),
    "policies/deny.yaml": DENY,
    "elsewhere/pod.yaml": POD.format("elsewhere"),
}
UNIT = "units: [{paths: [k8s, policies], world: closed}]"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {**FILES, "kubeqed.yaml": UNIT}.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    git(tmp_path, "init", "-q")
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def found(*arguments: str) -> list[tuple[str, str]]:
    value = json.loads(call("check", *arguments, "--output-format", "json").stdout)
    return [(item["certainty"], item["object"]["name"]) for item in value["findings"]]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("k8s/ingress", [("proved", "lost")]),
        ("k8s/ingress/web.yaml", []),
        ("k8s/ingress/lost.yaml", [("proved", "lost")]),
        ("k8s/services", [("proved", "lost"), ("proved", "none")]),  # none may be what lost means
        ("k8s/pods", []),
        ("policies", []),
        ("elsewhere", []),
    ],
)
def test_check_knows_the_unit_and_reports_on_the_paths(path: str, expected: list[tuple[str, str]]) -> None:
    assert found(path) == expected
    assert call("check", path).exit_code == bool(expected)


def test_check_from_a_subdirectory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("k8s/ingress")
    assert found() == found(".") == [("proved", "lost")]


def test_a_finding_elsewhere_with_a_related_place_in_the_paths_is_reported() -> None:
    for name, directory in (("a", "k8s/services"), ("b", "k8s/more")):
        text = SERVICE.format(name, "web").replace(
            "ports: [{port: 80}]", "type: NodePort, ports: [{port: 80, nodePort: 30080}]"
        )
        Path(directory).mkdir(exist_ok=True)
        Path(directory, f"{name}.yaml").write_text(text)
    assert [name for _, name in found("k8s/more")] == ["a"]  # the second, wherever the PATH is
    assert "a" in [name for _, name in found("k8s/services")]


def test_reach_lists_connections_with_an_end_in_the_paths() -> None:
    lines = call("reach", "k8s/db").stdout
    assert "shop/db[Pod] =>" in lines
    assert "=> shop/db[Pod]" not in lines  # the policy beyond the PATH holds
    assert "shop/other[Pod], shop/web[Pod] => 0.0.0.0/0" not in lines
    assert "shop/db[Pod] => shop/other[Pod], shop/web[Pod]" in lines or "shop/db[Pod] => 0.0.0.0/0" in lines
    pairs = call("reach", "k8s/db", "--expand").stdout.splitlines()
    assert pairs
    assert all("shop/db[Pod]" in line for line in pairs)


def test_reach_of_policies_alone_answers_for_the_unit() -> None:
    assert call("reach", "policies").stdout == call("reach", "k8s", "policies").stdout


def test_why_knows_the_unit() -> None:
    assert "denied" in call("why", "web", "db", "k8s/pods").stdout
    assert "denied" in call("why", "web", "db", "k8s/db/db.yaml").stdout


def test_diff_compares_whole_units_and_reports_on_the_paths(repository: Path) -> None:
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "a")
    assert not call("diff", "git:HEAD", "k8s/db").stdout
    Path("policies/deny.yaml").unlink()
    assert "=> shop/db[Pod]" in call("diff", "git:HEAD", "k8s/db").stdout
    assert "=> shop/db[Pod]" in call("diff", "git:HEAD", "k8s/pods").stdout
    Path("policies/deny.yaml").write_text(DENY.replace("app: db", "app: other"))
    assert "=> shop/other[Pod]" not in call("diff", "git:HEAD", "k8s/ingress/web.yaml", "--expand").stderr
    only = call("diff", "git:HEAD", "k8s/db", "--expand").stdout.splitlines()
    assert only
    assert all("shop/db[Pod]" in line for line in only if line.startswith(("+", "-")))


def test_what_is_outside_of_the_repository_is_not_read(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "web.yaml").write_text(SERVICE.format("lost", "web"))
    Path("kubeqed.yaml").write_text(f"units: [{{paths: [k8s, '{outside}'], world: closed}}]")
    assert found("k8s/ingress") == []  # what may be there is not missing for sure
    done = call("check", "k8s/ingress", "--show", "all")
    assert f"{outside.name} is not read: outside of the repository" in done.stdout + done.stderr
    assert ("possible", "lost") in found("k8s/ingress", "--show", "all")


def test_a_part_that_is_excluded_leaves_the_unit_open() -> None:
    assert ("proved", "lost") not in found("k8s/ingress", "--exclude", "k8s/services")


def test_units_that_the_paths_do_not_name_are_not_spoken_of() -> None:
    Path("kubeqed.yaml").write_text("units: [{path: k8s}, {path: elsewhere}, {path: nowhere}]")
    assert "elsewhere" not in call("check", "k8s").stderr
    assert "holds no object" not in call("check", "k8s").stderr
    assert "nowhere of the configuration holds no object" in call("check", ".").stderr


def test_a_path_of_a_unit_that_leads_nowhere_is_named() -> None:
    Path("kubeqed.yaml").write_text("units: [{paths: [k8s, policy, policies]}]")
    said = call("check", "k8s").stderr
    assert "path policy of unit k8s, policy, policies of the configuration holds no object" in said
    assert said.count("holds no object") == 1
    Path("kubeqed.yaml").write_text(UNIT)
    assert "holds no object" not in call("check", ".").stderr


PARTS = sorted({"/".join(name.split("/")[:count]) for name in FILES for count in range(1, name.count("/") + 2)})


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_the_findings_of_the_whole_that_concern_it(part: str) -> None:
    more = {"k8s/a/node.yaml": "a", "k8s/pods/node.yaml": "b", "policies/node.yaml": "c"}
    for name, service in more.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(
            SERVICE.format(service, "web").replace("ports: [", "type: NodePort, ports: [{port: 1, nodePort: 30080}, ")
        )
    Path("kubeqed.yaml").write_text("units: [{paths: [policies, k8s], world: closed}]")

    def findings(path: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(
            call("check", path, "--show", "all", "--output-format", "json").stdout
        )["findings"]
        return found

    def concerns(finding: dict[str, object]) -> bool:
        places = [finding, *finding["related"]]  # type: ignore[misc]  # a list of places in every report
        return any(f"{place['file']}/".startswith(f"{part}/") for place in places)

    whole = findings(".")
    assert whole
    assert findings(part) == [finding for finding in whole if concerns(finding)]
