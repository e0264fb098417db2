"""What is listed, counted and colored, and what decides the exit status all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kubeqed.cli import main

LOW = (
    "{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {type: NodePort, ports: [{port: 80, nodePort: 1}]}}\n"
)
SLIP = """\
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web}, spec: {defaultBackend: {service: {name: frontend, port: {number: 80}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: fronted}, spec: {ports: [{port: 80}]}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {serviceName: nowhere, selector: {matchLabels: {a: b}}}}
"""
RULES = "node-port-out-of-range,backend-service-missing,governing-service-missing"
ERROR, WARNING, NOTE = "[node-port-out-of-range]", "[backend-service-missing]", "[governing-service-missing]"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text(LOW % "web" + SLIP)


def check(*arguments: str, form: str = "concise") -> Result:
    return CliRunner().invoke(main, ["check", "--select", RULES, "--output-format", form, *arguments])


@pytest.mark.parametrize("form", ["concise", "text", "github", "markdown"])
@pytest.mark.parametrize(
    ("only", "listed", "left"),
    [
        ("likely", {WARNING}, "1 error left out by --only"),
        ("node-port-out-of-range", {ERROR}, "1 warning left out by --only"),
        ("node-port-*,likely", {ERROR, WARNING}, ""),
        ("possible", set(), "1 error and 1 warning left out by --only; 1 note hidden"),
    ],
)
def test_only_shortens_what_people_read(form: str, only: str, listed: set[str], left: str) -> None:
    result = check("--only", only, form=form)
    for name in (ERROR, WARNING, NOTE):
        assert (name.strip("[]") in result.stdout) is (name in listed)
    assert left in result.stderr
    assert ("left out" in result.stderr) is bool(left)
    assert result.exit_code == 1


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab", "junit"])
def test_only_changes_no_document(form: str) -> None:
    whole = check(form=form)
    assert (check("--only", "likely", form=form).stdout, check("--only", "likely", form=form).stderr) == (
        whole.stdout,
        whole.stderr,
    )


def test_only_is_no_filter_of_what_counts() -> None:
    assert check("--only", "possible").stdout == ""
    assert check("--only", "possible").exit_code == 1
    assert check("--only", "likely", "--fail-on", "error").exit_code == 1
    both = ["--output-format", "json=out.json", "--only", "likely"]
    assert check(*both).stdout.count("\n") == 1
    assert len(json.loads(Path("out.json").read_text())["findings"]) == 2


def test_every_format_holds_the_same_findings() -> None:
    """Those that `--show` lets through, and no others."""
    for arguments, count in (((), 2), (("--show", "possible"), 3), (("--fail-on", "note"), 3)):
        assert len(json.loads(check(*arguments, form="json").stdout)["findings"]) == count
        assert len(json.loads(check(*arguments, form="sarif").stdout)["runs"][0]["results"]) == count
        assert len(json.loads(check(*arguments, form="gitlab").stdout)) == count
        assert check(*arguments, form="junit").stdout.count("<testcase") == count
        assert check(*arguments, form="github").stdout.count("title=kubeqed ") == count
        assert len(check(*arguments).stdout.splitlines()) == count
        assert check(*arguments, form="text").stdout.count("x.yaml:") >= count


def test_quiet_prints_findings_and_failures_alone() -> None:
    quiet = check("-q", "nope.yaml", "x.yaml")
    assert quiet.stdout == check("x.yaml").stdout
    assert quiet.stderr == "nope.yaml:1:1: error: cannot read nope.yaml: no such file or directory [unreadable]\n"
    assert quiet.exit_code == 3
    assert check("--quiet").stderr == ""


def test_statistics_count_by_rule() -> None:
    Path("y.yaml").write_text(LOW % "other")
    result = check("--statistics", "-q", "--only", "likely")
    assert result.stderr == "2  error    node-port-out-of-range\n1  warning  backend-service-missing\n"


@pytest.mark.parametrize(("color", "colored"), [("always", True), ("never", False), ("auto", False)])
def test_color(color: str, colored: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    result = CliRunner().invoke(main, ["check", "--color", color], color=True)
    assert ("\x1b[" in result.stdout, "\x1b[" in result.stderr) == (colored, colored)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    forced = CliRunner().invoke(main, ["check", "--color", color], color=True)
    assert ("\x1b[" in forced.stdout) is (color != "never")


def found(*arguments: str) -> set[str]:
    result = CliRunner().invoke(main, ["check", "--output-format", "concise", "--show", "all", *arguments])
    return {"[" + line.rpartition("[")[2] for line in result.stdout.splitlines()}


def test_rules_are_chosen_on_the_command_line() -> None:
    assert found("--select", "node-port-*") == {ERROR}
    assert found("--select", "node-port-*,backend-service-missing", "--select", "governing-*") == {ERROR, WARNING, NOTE}
    assert found("--select", RULES, "--ignore", "backend-*", "--ignore", "governing-service-missing") == {ERROR}
    Path("kubeqed.yaml").write_text("rules: {select: [backend-*, governing-*], ignore: [governing-*]}\n")
    assert found() == {WARNING}
    assert found("--ignore", "backend-*") == set()
    assert found("--select", RULES) == {ERROR, WARNING}, "--select takes the place of rules.select, not of rules.ignore"


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        ("--select", "node-port-clahs", 'unknown rule "node-port-clahs", did you mean "node-port-clash"?'),
        ("--ignore", "node-prot-*", 'no rule matches "node-prot-*"'),
        ("--only", "likley", 'unknown rule "likley", did you mean "likely"?'),
        ("--show", "posible", "'posible' is none of rejected"),
    ],
)
def test_a_name_that_is_none(option: str, value: str, text: str) -> None:
    result = check(option, value)
    assert result.exit_code == 2
    assert text in result.stderr


def test_a_baseline_takes_what_is_chosen() -> None:
    written = CliRunner().invoke(
        main, ["baseline", "--select", RULES, "--ignore", "backend-*", "--output", "known", "x.yaml"]
    )
    assert written.exit_code == 0
    assert [entry["rule"] for entry in json.loads(Path("known").read_text())["findings"]] == ["node-port-out-of-range"]
