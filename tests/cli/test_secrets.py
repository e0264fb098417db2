"""No output of any command in any format holds a secret, however badly the manifest is written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.model.canaries import CANARY, canaries

from kubeqed.cli import main

COMMANDS = [
    *(
        ("check", "--show", "all,suppressed", "--evidence", "--output-format", form)
        for form in ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
    ),
    *(("reach", "--exposure", "--output-format", form) for form in ("text", "json", "mermaid", "dot")),
    ("why", "web", "web"),
    ("why", "kube-system/aws-node", "kube-system/aws-node", "--output-format", "json"),
    ("baseline", "--show", "all", "--output", "/dev/stdout"),
]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in canaries().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_output_holds_a_secret(tree: Path, arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert not re.search(CANARY, result.output, re.IGNORECASE), around(result.output)


def test_what_is_found_is_shown_beside_the_mask(tree: Path) -> None:
    output = CliRunner().invoke(main, ["check", "secret-6.yaml", "secret.json", "pod-0.yaml"]).output
    assert '"stringData": {"a": ' + "*" * (len(CANARY) + 2) + '}, "bogus": *}' in output
    assert re.search(r"\|     bogus: 1$", output, re.MULTILINE)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "sarif"])
def test_a_comparison_holds_no_secret(tree: Path, form: str) -> None:
    (tree / "empty").mkdir()
    result = CliRunner().invoke(main, ["diff", "empty", ".", "--output-format", form])
    assert CANARY not in result.output, around(result.output)


def test_standard_input_holds_no_secret(tree: Path) -> None:
    text = "\n---\n".join(canaries().values())
    process = subprocess.run(
        [sys.executable, "-m", "kubeqed.cli", "check", "-", "--show", "all"], input=text, capture_output=True, text=True
    )
    assert CANARY not in process.stdout + process.stderr, around(process.stdout + process.stderr)


def around(output: str) -> str:
    found = re.search(CANARY, output, re.IGNORECASE)
    return output[max(found.start() - 300, 0) : found.end() + 100] if found else ""
