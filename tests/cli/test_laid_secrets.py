"""What tools lay into Secrets is in no output: neither a value of a chart under a plain key, nor what is copied on from a Secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.model.laid_canaries import encodings, laid_canaries

from kubeqed.app.check.run import CheckRequest, analyze
from kubeqed.cli import main

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
COMMANDS = [
    ("check", "--show", "all,suppressed", "--evidence"),
    *(("check", "--show", "all", "--output-format", f"{form}=out.{form}") for form in FORMATS[1:]),
    ("reach", "--exposure"),
    ("reach", "--output-format", "json"),
    ("why", "web", "web"),
    ("units",),
    ("diff", "empty", "."),
    ("baseline", "--show", "all", "--output", "baseline.json"),
]


@pytest.mark.parametrize("name", sorted(laid_canaries()))
def test_no_output_holds_what_is_laid_into_a_secret(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, laid_canaries()[name])
    monkeypatch.chdir(tmp_path)
    built = [
        ("build", one, *origins) for one in ("c", "k", ".") if os.path.isdir(one) for origins in ((), ("--origins",))
    ]
    shown = [] if name == "variable" else built  # a variable is printed as it is applied
    for command in (*COMMANDS, *shown):
        result = CliRunner().invoke(main, command)
        assert result.exception is None or isinstance(result.exception, SystemExit), command
        assert find(result.output) == "", command
    for written in (*tmp_path.glob("out.*"), tmp_path / "baseline.json"):
        assert find(written.read_text()) == "", written.name
    analysis = analyze(CheckRequest((".",)))
    for file in analysis.parsed:
        assert find("\n".join(analysis.visible_lines(file))) == "", file


def plant(root: Path, tree: dict[str, str]) -> None:
    (root / ".git").mkdir()
    (root / "empty").mkdir()
    for name, text in tree.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def find(output: str) -> str:
    """The neighbourhood of a canary."""
    text = output.lower()
    places = [place for one in encodings() if (place := text.find(one)) >= 0]
    return output[max(min(places) - 100, 0) : min(places) + 60] if places else ""


def test_a_value_that_a_plain_field_shows_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: {{ .Values.type }}, selector: {a: b}, ports: [{port: 80}]}\n"
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: {{ .Values.one | upper }}}\n"
    plant(
        tmp_path,
        {
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
            "templates/a.yaml": f"{service}---\n{secret}",
            "values.yaml": "type: NodPort # of the Service\none: two\nport: 80\n",
        },
    )
    monkeypatch.chdir(tmp_path)
    lines = analyze(CheckRequest((".",))).visible_lines("values.yaml")
    assert lines == ["type: NodPort # of the Service", "one: ***", "port: 80", ""]


def test_a_release_shows_its_values_but_for_those_of_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = laid_canaries()["Argo CD's values"]
    plant(tmp_path, tree)
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(main, ["build", "."]).output
    assert "one: ***\n          port: 0" in output
    assert "2 values of Secrets are redacted" in output
