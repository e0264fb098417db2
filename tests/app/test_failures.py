"""Whatever raises an exception nobody foresaw costs what it was doing, and nothing that was found besides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kubeqed.cli import main

REJECTED = """apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  ports: [{port: 80, nodePort: 80}]
"""
BROKEN = "apiVersion: v1\nkind: Service\n  metadata: x\n"
FOUND = "[node-port-out-of-range]"


def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    for name, text in {"a.yaml": REJECTED, "b.yaml": REJECTED.replace("web", "api"), "c.yaml": BROKEN}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return CliRunner().invoke(main, ["check", *options])


def failing(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise RuntimeError("secret-value")

    monkeypatch.setattr(target, fail)


@pytest.mark.parametrize(
    ("target", "rule", "doing"),
    [
        ("kubeqed.app.load.divide", "[parse-error]", "dividing the files into units failed"),
        ("kubeqed.rule.run.judge_documents", FOUND, "judging each document by itself failed"),
        ("kubeqed.app.check.run.suppress_findings", FOUND, "looking for what suppresses findings failed"),
        ("kubeqed.app.check.run.summarize", FOUND, "summing up failed"),
        ("kubeqed.report.check.formats.text._render_block", FOUND, "writing the format text failed"),
    ],
)
def test_a_step_that_fails_leaves_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, rule: str, doing: str
) -> None:
    failing(monkeypatch, target)
    result = check(tmp_path, monkeypatch)
    assert result.exit_code == 3
    assert rule in result.stdout
    assert f"{doing}: RuntimeError at " in result.stderr
    assert "secret-value" not in result.output


def test_a_file_that_kubeqed_fails_on_costs_that_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kubeqed.model.units.read import read_objects as real

    def fail_on_one(parsed: Any) -> Any:
        if parsed.file == "a.yaml":
            raise RuntimeError("secret-value")
        return real(parsed)

    monkeypatch.setattr("kubeqed.app.load.read_objects", fail_on_one)
    result = check(tmp_path, monkeypatch)
    assert result.exit_code == 3
    assert [line.split(":")[0] for line in result.stdout.splitlines() if FOUND in line] == ["b.yaml"]
    assert "reading a.yaml failed: RuntimeError at " in result.stderr
    assert "secret-value" not in result.output


def test_what_was_not_read_may_hold_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kubeqed.app.check.run import CheckRequest, analyze
    from kubeqed.model.units.read import read_objects as real

    monkeypatch.setattr(
        "kubeqed.app.load.read_objects", lambda parsed: real(parsed) if "b.yaml" in parsed.file else 1 / 0
    )
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(REJECTED)
    unit = analyze(CheckRequest((str(tmp_path),))).input.units[0]
    assert ["which was not read" in producer.text for producer in unit.producers] == [True]


def test_a_format_that_fails_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "kubeqed.report.check.formats.json.render")
    result = check(tmp_path, monkeypatch, "--output-format", "json=x.json", "--output-format", "sarif=x.sarif")
    assert result.exit_code == 3
    assert "writing the format json failed" in result.stderr
    assert "node-port-out-of-range" in (tmp_path / "x.sarif").read_text()


WORKLOAD = """apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: x}]}
"""


def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.yaml").write_text(WORKLOAD.replace("image: x", f"image: {name}"))
    (tmp_path / "b" / "y.yaml").write_text(WORKLOAD.replace("web", "db"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("output_format", ["text", "json", "dot"])
def test_a_unit_that_kubeqed_fails_on_leaves_the_answers_about_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output_format: str
) -> None:
    units(tmp_path, monkeypatch)
    monkeypatch.setattr(
        "kubeqed.reach.query.answer.find_refused_policies", lambda unit: 1 / len(unit.workloads[1:]) and []
    )
    result = CliRunner().invoke(main, ["reach", "--output-format", output_format])
    assert result.exit_code == 3
    assert "answering for the unit a failed: ZeroDivisionError at " in result.stderr
    assert "db" in result.stdout
    assert "internal-error" in (result.stdout if output_format == "json" else result.stderr)


def test_a_question_about_what_was_not_read_is_no_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units(tmp_path, monkeypatch)
    for command in (["why", "db", "web"], ["reach", "--from", "nope"]):
        result = CliRunner().invoke(main, [*command, "a", "absent"])
        assert result.exit_code == 3
        assert "absent" in result.stderr
        assert "is called" in result.stderr
