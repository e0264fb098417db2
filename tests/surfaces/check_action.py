"""The action with its installation, which `make test` takes as done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.action.runner import ROOT, Runner


def test_the_action_installs_kubeqed_and_checks(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    runner = Runner(ROOT, tmp_path / "temp", {"python": {"python-path": sys.executable}})
    job = runner.run({"paths": "fixtures/clean", "annotations": "false"}, {})
    assert job.status == 0, job.log
    assert job.summary.startswith("### kubeqed\n\nno findings in ")
    installed = tmp_path / "temp" / "kubeqed" / "bin" / "kubeqed"
    assert subprocess.run([installed, "--version"], capture_output=True, text=True, cwd=tmp_path).stdout


def test_a_version_is_a_release(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    runner = Runner(ROOT, tmp_path / "temp", {"python": {"python-path": sys.executable}})
    job = runner.run({"version": "0.1 --index-url=elsewhere"}, {})
    assert job.status == 1
    assert "::error title=kubeqed::version:" in job.log
    assert job.outputs["exit-code"] == ""
