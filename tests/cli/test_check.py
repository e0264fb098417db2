"""`kubeqed check` as people call it: exit statuses, what is shown and where, configuration, and what cannot be read."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kubeqed.cli import main
from kubeqed.rule import catalogue
from kubeqed.rule.catalogue import Rule

CLEAN = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80}]}}\n"
REJECTED = CLEAN.replace("port: 80", "port: 80, nodePort: 1")
LIKELY = """\
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {defaultBackend: {service: {name: frontend, port: {number: 80}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: fronted}, spec: {ports: [{port: 80}]}}
"""
POSSIBLE = """\
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {serviceName: nowhere, selector: {matchLabels: {a: b}}}}
"""
SELECT = "node-port-out-of-range, backend-*, governing-*, parse-error"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory to be in, whose configuration leaves the rules that these tests speak of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "kubeqed.yaml").write_text(f"rules: {{select: [{SELECT}]}}\n")
    return tmp_path


def check(*arguments: str, files: dict[str, str] | None = None, stdin: str = "") -> Result:
    for name, text in (files or {}).items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    return CliRunner().invoke(main, ["check", "--output-format", "concise", *arguments], input=stdin)


@pytest.mark.parametrize(
    ("text", "arguments", "status"),
    [
        (CLEAN, [], 0),
        (REJECTED, [], 1),
        (LIKELY, [], 1),
        (POSSIBLE, [], 0),
        (POSSIBLE, ["--show", "all"], 0),
        (POSSIBLE, ["--show", "all", "--fail-on", "note"], 1),
        (LIKELY, ["--fail-on", "error"], 0),
        (REJECTED, ["--fail-on", "error"], 1),
        (REJECTED, ["--fail-on", "never"], 0),
        ("kind: [", [], 1),
        ("a: [", [], 0),
        (CLEAN, ["--fail-on", "loud"], 2),
        (CLEAN, ["--show", "certain"], 2),
        (CLEAN, ["--output-format", "xml"], 2),
        (CLEAN, ["--kubernetes-version", "new"], 2),
        (CLEAN, ["--config", "absent.yaml"], 2),
        (CLEAN, ["--output-format", "json=x.yaml/out.json"], 2),
        (CLEAN, ["--output-format", "json=."], 2),
        (CLEAN, ["--output-format", "json="], 2),
        (CLEAN, ["--output-format", "json"], 2),  # beside the other one of these tests
        (CLEAN, ["--output-format", "json=out", "--output-format", "concise=out"], 2),
        (CLEAN, ["--output-format", "json=out", "--output-format", "github"], 0),
        (REJECTED, ["absent.yaml"], 3),
    ],
)
def test_exit_status(text: str, arguments: list[str], status: int) -> None:
    result = check("x.yaml", *arguments, files={"x.yaml": text})
    assert result.exit_code == status, result.stderr
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output


def test_what_cannot_be_read_is_said_and_the_rest_is_checked() -> None:
    result = check("absent.yaml", "x.yaml", files={"x.yaml": REJECTED})
    assert result.exit_code == 3
    assert "absent.yaml" in result.stderr
    assert "[node-port-out-of-range]" in result.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read() -> None:
    Path("x.yaml").write_text(REJECTED)
    Path("x.yaml").chmod(0)
    result = check("x.yaml")
    assert result.exit_code == 3
    assert "x.yaml" in result.stderr


def test_a_rule_that_fails_is_an_internal_error_beside_the_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(rule: Rule) -> object:
        if rule.id == "governing-service-missing":
            raise RuntimeError("no good")
        return real(rule)

    real = vars(Rule)["check"].fget
    monkeypatch.setattr(Rule, "check", property(failing))
    result = check("x.yaml", files={"x.yaml": REJECTED + "---\n" + POSSIBLE})
    assert result.exit_code == 3
    assert "[node-port-out-of-range]" in result.stdout
    assert "governing-service-missing" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("show", "rules"),
    [
        ("rejected,proved,likely", {"node-port-out-of-range", "backend-service-missing"}),
        ("likely", {"node-port-out-of-range", "backend-service-missing"}),
        ("", {"node-port-out-of-range", "backend-service-missing"}),
        ("posture", {"node-port-out-of-range", "backend-service-missing"}),
        ("possible", {"node-port-out-of-range", "backend-service-missing", "governing-service-missing"}),
        ("all", {"node-port-out-of-range", "backend-service-missing", "governing-service-missing"}),
    ],
)
def test_show(show: str, rules: set[str]) -> None:
    files = {"a.yaml": REJECTED, "b/x.yaml": LIKELY, "c/x.yaml": POSSIBLE}
    result = check("--show", show, ".", files=files)
    assert {line.rpartition("[")[2].rstrip("]") for line in result.stdout.splitlines()} == rules
    shown = json.loads(CliRunner().invoke(main, ["check", "--output-format", "json", "--show", show]).stdout)
    assert {finding["rule"] for finding in shown["findings"]} == rules
    assert shown["summary"]["hidden"] == 3 - len(rules)


def test_what_the_hint_says_shows_the_notes_and_hides_no_error() -> None:
    """The hint that the tool itself prints turned errors into exit status 0."""
    plain = check(".", files={"a.yaml": REJECTED, "c/x.yaml": POSSIBLE})
    hint = re.search(r"--show (\S+) shows them", plain.stderr)
    assert hint is not None
    hinted = check("--show", hint[1], ".")
    assert (plain.exit_code, hinted.exit_code) == (1, 1)
    assert set(plain.stdout.splitlines()) < set(hinted.stdout.splitlines())
    assert "hidden" not in hinted.stderr


def test_a_run_that_fails_on_notes_shows_them_in_every_format() -> None:
    result = check("x.yaml", "--fail-on", "note", files={"x.yaml": POSSIBLE})
    assert result.exit_code == 1
    assert "[governing-service-missing]" in result.stdout
    assert check("x.yaml", files={"x.yaml": POSSIBLE}).exit_code == 0


def test_a_stated_severity_is_shown_and_counts() -> None:
    config = f"rules: {{select: [{SELECT}], severity: {{governing-service-missing: error}}}}\n"
    result = check("x.yaml", files={"x.yaml": POSSIBLE, "kubeqed.yaml": config})
    assert result.exit_code == 1
    assert ": error: " in result.stdout


def test_formats_go_to_files_and_findings_to_standard_output() -> None:
    arguments = ("--output-format", "json=out.json", "--output-format", "sarif=out.sarif", "x.yaml")
    result = check(*arguments, files={"x.yaml": REJECTED})
    assert result.exit_code == 1
    assert result.stdout.startswith("x.yaml:1:")
    assert len(result.stdout.splitlines()) == 1
    assert len(json.loads(Path("out.json").read_text())["findings"]) == 1
    assert len(json.loads(Path("out.sarif").read_text())["runs"][0]["results"]) == 1
    assert "1 error" in result.stderr


def test_the_directory_of_a_report_is_made() -> None:
    result = check("--output-format", "json=reports/kubeqed/out.json", "x.yaml", files={"x.yaml": CLEAN})
    assert result.exit_code == 0, result.stderr
    assert json.loads(Path("reports/kubeqed/out.json").read_text())["findings"] == []


def test_only_to_a_file_leaves_standard_output_empty() -> None:
    Path("x.yaml").write_text(REJECTED)
    result = CliRunner().invoke(main, ["check", "--output-format", "json=out.json", "x.yaml"])
    assert result.stdout == ""
    assert Path("out.json").exists()


def test_standard_input_has_a_name_of_its_own() -> None:
    result = check("-", stdin=REJECTED)
    assert result.exit_code == 1
    assert result.stdout.startswith("<stdin>:1:")


def test_a_finding_in_what_helm_rendered_names_the_template() -> None:
    head = "---\n# Source: shop/templates/one.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    result = check("-", "--output-format", "text", stdin=f"{head}---\n# Source: shop/templates/two.yaml\n{REJECTED}")
    assert "<stdin>:7:1: rendered from shop/templates/two.yaml\n" in result.stdout
    assert "one.yaml" not in result.stdout


@pytest.mark.parametrize(("head", "is_error"), [(b"\0GITCRYPT\0", False), (b"", True)])
def test_a_file_that_git_crypt_has_encrypted_is_no_error_of_the_kustomization(head: bytes, *, is_error: bool) -> None:
    Path("kubeqed.yaml").unlink()
    Path("web.yaml").write_bytes(head + b"\xb2\x0a: {")
    result = check(".", files={"kustomization.yaml": "resources: [web.yaml, clean.yaml]\n", "clean.yaml": CLEAN})
    assert ("[kustomization-broken]" in result.stdout) is is_error
    assert ("web.yaml is encrypted by git-crypt" in result.stderr) is not is_error


@pytest.mark.parametrize(("named", "is_error"), [("a/kustomization.yaml", False), ("a", True)])
def test_an_object_of_flux_in_a_file_named_kustomization_is_no_kustomization(named: str, *, is_error: bool) -> None:
    Path("kubeqed.yaml").unlink()
    flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {path: ./app}\n"
    above = f"resources: [{named}, clean.yaml]\n"
    files = {"apps/a/kustomization.yaml": flux, "apps/kustomization.yaml": above, "apps/clean.yaml": CLEAN}
    assert ('json: unknown field "spec" [kustomization-broken]' in check(".", files=files).stdout) is is_error


@pytest.mark.parametrize("output", ["concise", "markdown", "github"])
def test_formats_without_related_places_name_the_template_in_the_sentence(output: str) -> None:
    head = "---\n# Source: shop/templates/two.yaml\n"
    found = check("-", "--output-format", output, stdin=f"{head}{REJECTED}").stdout
    assert " (rendered from shop/templates/two.yaml)" in found
    assert "rendered from" not in check("-", "--output-format", output, stdin=REJECTED).stdout


def test_without_a_path_the_current_directory_is_checked() -> None:
    result = check(files={"a/b.yaml": REJECTED, "a/c.txt": REJECTED})
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["a/b.yaml"]


def test_nothing_to_check_comes_with_a_hint() -> None:
    Path("kubeqed.yaml").unlink()
    result = check(".")
    assert result.exit_code == 0
    assert "no Kubernetes object was found" in result.stderr


def test_a_closed_world_proves_what_is_missing() -> None:
    result = check("--world", "closed", "x.yaml", files={"x.yaml": POSSIBLE})
    assert result.exit_code == 1
    assert ": error: " in result.stdout


def test_the_configuration_is_looked_for_upwards_from_the_first_path(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = "cluster: {node_port_range: 1-32767}\n" + Path("kubeqed.yaml").read_text()
    files = {"k8s/deep/x.yaml": REJECTED, "k8s/kubeqed.yaml": config, "other/x.yaml": REJECTED}
    assert check("k8s/deep/x.yaml", files=files).exit_code == 0
    assert check("k8s").exit_code == 0
    assert check("other").exit_code == 1
    assert check("other", "--config", "k8s/kubeqed.yaml").exit_code == 0
    assert check("k8s", "--config", "kubeqed.yaml").exit_code == 1
    monkeypatch.chdir(here / "other")
    assert check("../k8s/deep/x.yaml").exit_code == 0


def test_units_of_the_configuration_start_at_its_directory() -> None:
    config = f"units: [{{path: a, world: closed}}]\nrules: {{select: [{SELECT}]}}\n"
    result = check(".", files={"kubeqed.yaml": config, "a/x.yaml": POSSIBLE, "b/x.yaml": POSSIBLE})
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == ["a/x.yaml"]


@pytest.mark.parametrize(
    ("config", "place", "message"),
    [
        ("rules:\n  select: [node-port-clsh]\n", "kubeqed.yaml:2:12", "node-port-clash"),
        ("rules:\n  ignor: []\n", "kubeqed.yaml:2:3", "ignore"),
        ("cluster:\n  cni: {name: calcio}\n", "kubeqed.yaml:2:15", "calico"),
        ("cluster: {\n", "kubeqed.yaml:", ""),
    ],
)
def test_a_wrong_configuration_is_said_with_its_place(config: str, place: str, message: str) -> None:
    result = check("x.yaml", files={"kubeqed.yaml": config, "x.yaml": REJECTED})
    assert result.exit_code == 2
    assert place in result.stderr
    assert message in result.stderr
    assert result.stdout == ""


def test_the_target_version_may_be_given() -> None:
    config = "rules: {select: [api-removed]}\n"
    old = "{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: web}, spec: {}}\n"
    files = {"kubeqed.yaml": config, "x.yaml": old}
    assert check("x.yaml", files=files).exit_code == 1
    assert check("x.yaml", "--kubernetes-version", "1.16").exit_code == 0
    assert check("x.yaml", "--kubernetes-version", "v1.36.2").exit_code == 1


def test_evidence_is_printed_when_asked_for() -> None:
    Path("x.yaml").write_text(REJECTED)
    runner = CliRunner()
    plain, proof = (runner.invoke(main, ["check", "x.yaml", *more]).stdout for more in ([], ["--evidence"]))
    assert "the node port range starts at 30000" not in plain
    assert "the node port range starts at 30000" in proof


def test_explain_prints_a_rule_in_its_own_words() -> None:
    result = CliRunner().invoke(main, ["explain", "node-port-clash"])
    assert result.exit_code == 0
    assert result.stdout.startswith("node-port-clash: ")
    assert "apiVersion" in result.stdout
    wrong = CliRunner().invoke(main, ["explain", "node-port-clsh"])
    assert wrong.exit_code == 2
    assert "node-port-clash" in wrong.stderr


def test_rules_are_listed() -> None:
    text = CliRunner().invoke(main, ["rules"]).stdout.splitlines()
    known = [rule.id for rule in catalogue.find_rules()]
    assert [line.split()[0] for line in text] == known
    page = CliRunner().invoke(main, ["rules", "--format", "markdown"]).stdout
    assert all(f"### {rule}\n" in page for rule in known)


def test_markdown_links_to_the_checked_out_commit_of_a_workflow(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"SERVER_URL": "https://git.example", "REPOSITORY": "o/r", "SHA": "c0ffee", "WORKSPACE": str(here)}
    for name, value in told.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    (here / "web.yaml").write_text(REJECTED)
    link = "[web.yaml:1:108](https://git.example/o/r/blob/c0ffee/web.yaml#L1)"
    assert link in check("--output-format", "markdown").stdout
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here.parent))  # another repository, checked out below
    assert "](https://git.example" not in check("--output-format", "markdown").stdout


def test_the_schema_of_the_configuration_is_json() -> None:
    schema = json.loads(CliRunner().invoke(main, ["config", "schema"]).stdout)
    assert {"units", "cluster", "rules"} <= set(schema["properties"])


@pytest.mark.parametrize("command", [[], ["check"], ["explain"], ["rules"], ["config"]])
def test_every_command_has_help(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_a_command_that_is_none() -> None:
    assert CliRunner().invoke(main, ["chek"]).exit_code == 2


def test_a_template_given_by_name_is_of_a_chart() -> None:
    result = check("c/templates/a.yaml", files={"c/Chart.yaml": "name: c\n", "c/templates/a.yaml": CLEAN})
    assert "1 template file of 1 chart not read" in result.stderr
