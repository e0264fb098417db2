"""`--quiet` leaves notes out, and never what could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

LONE = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {}}
"""
COMMANDS = [["reach", "k"], ["diff", "k", "k"], ["baseline", "k", "--output", "known.json"], ["check", "k"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_notes_are_left_out(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("k").mkdir()
    Path("k/deny.yaml").write_text(LONE)
    runner = CliRunner()
    assert runner.invoke(main, command).stderr
    assert runner.invoke(main, [*command, "-q"]).stderr == ""
    Path("k/broken.yaml").write_text("apiVersion: v1\nkind: [\n")
    if command[0] != "baseline":  # which writes it down as a finding
        assert "broken.yaml" in runner.invoke(main, [*command, "-q"]).output
