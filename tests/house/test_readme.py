"""What README shows of a console is what kubeqed prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

ROOT = Path(__file__).parents[2]
LEFT_OUT = "…"
SAMPLES = re.findall(r"^```console\n\$ kubeqed (.*)\n([^`]*)^```$", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_readme_shows_what_people_start_with() -> None:
    assert {shlex.split(command)[0] for command, _ in SAMPLES} >= {"check", "reach", "why", "diff"}


@pytest.mark.parametrize(("command", "sample"), SAMPLES, ids=[command for command, _ in SAMPLES])
def test_a_console_sample_is_real_output(command: str, sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(main, shlex.split(command))
    real = "(?s:.*)".join(re.escape(part) for part in sample.split(f"{LEFT_OUT}\n"))
    assert re.fullmatch(real, result.stdout + result.stderr), result.output
