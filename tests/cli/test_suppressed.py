"""Suppressed findings from the command line: what is shown, what is counted, what a run ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from kubeqed.cli.group import main
from kubeqed.report.schema import schema_of

RULE = "node-port-out-of-range"
SARIF = json.loads((Path(__file__).parents[1] / "report" / "sarif-2.1.0.json").read_text())
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  ports:
    - {port: 80, nodePort: 20080}  # kubeqed: ignore[node-port-out-of-range] wider
    - {port: 81, nodePort: 20081}
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "web.yaml").write_text(SERVICE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kubeqed(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def report(tree: Path, *arguments: str, form: str = "json") -> Any:
    kubeqed("check", *arguments, "--output-format", f"{form}=report")
    return json.loads((tree / "report").read_text())


def test_what_is_suppressed_is_counted_and_not_shown(tree: Path) -> None:
    result = kubeqed("check", "--output-format", "concise")
    assert result.exit_code == 1
    assert "20080" not in result.output
    assert "20081" in result.output
    assert "1 finding suppressed; --show suppressed shows them" in result.output
    assert [summary["summary"]["suppressed"] for summary in [report(tree)]] == [1]
    assert all("suppression" not in finding for finding in report(tree)["findings"])


def test_the_exit_status_ignores_what_is_suppressed(tree: Path) -> None:
    text = "".join(line for line in SERVICE.splitlines(keepends=True) if "20081" not in line)
    (tree / "k8s" / "web.yaml").write_text(text)
    assert kubeqed("check").exit_code == 0
    shown = kubeqed("check", "--show", "suppressed", "--output-format", "concise")
    assert shown.exit_code == 0
    assert f"(suppressed: wider) [{RULE}]" in shown.output
    assert "--show suppressed" not in shown.output
    assert "no findings in" in shown.output


@pytest.mark.parametrize("form", ["text", "concise", "github", "gitlab", "markdown", "junit"])
def test_every_format_marks_what_is_suppressed(tree: Path, form: str) -> None:
    assert kubeqed("check", "--show", "suppressed", "--output-format", form).output.count("suppressed: wider") == 1
    assert "suppressed: wider" not in kubeqed("check", "--output-format", form).output


def test_json(tree: Path) -> None:
    shown = report(tree, "--show", "all,suppressed")
    jsonschema.Draft202012Validator(schema_of("check")).validate(shown)
    marks = [finding.get("suppression") for finding in shown["findings"] if finding["rule"] == RULE]
    assert marks == [{"kind": "inSource", "reason": "wider"}, None]
    assert shown["summary"]["suppressed"] == 1


def test_sarif(tree: Path) -> None:
    shown = report(tree, "--show", "suppressed", form="sarif")
    jsonschema.Draft7Validator(SARIF).validate(shown)
    marks = [result["suppressions"] for result in shown["runs"][0]["results"]]
    assert [mark for mark in marks if mark] == [[{"kind": "inSource", "status": "accepted", "justification": "wider"}]]
    assert [] in marks, "all results of a run have suppressions, or none"
    assert all("suppressions" not in result for result in report(tree, form="sarif")["runs"][0]["results"])


@pytest.mark.parametrize(
    ("show", "shown"), [("suppressed", 2), ("rejected,suppressed", 2), ("rejected", 1), ("all", 1)]
)
def test_show(tree: Path, show: str, shown: int) -> None:
    findings = report(tree, "--show", show)["findings"]
    assert len([finding for finding in findings if finding["rule"] == RULE]) == shown


def test_show_names_what_it_knows(tree: Path) -> None:
    result = kubeqed("check", "--show", "supressed")
    assert result.exit_code == 2
    assert "rejected, proved, likely, possible, posture, all, suppressed" in result.output


def test_what_nothing_suppresses_costs_no_import(tree: Path) -> None:
    (tree / "k8s" / "web.yaml").write_text(SERVICE.replace("# kubeqed: ", "# "))
    program = (
        "import sys; from kubeqed.app.check.run import CheckRequest, analyze; analyze(CheckRequest(('k8s',)));"
        "print([name for name in ('apply', 'suppression', 'baseline') if f'kubeqed.rule.suppress.{name}' in sys.modules])"
    )
    paths = repr([path for path in sys.path if path])
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths}\n{program}"], capture_output=True, text=True
    )
    assert run.stdout.strip() == "[]", run.stderr
