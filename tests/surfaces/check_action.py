"""The action with its installation, which `make test` takes as done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.action.runner import ROOT, Runner


def test_the_action_installs_kubeqed_and_checks(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()
    runner = Runner(ROOT, tmp_path / "temp", {"python": {"python-path": sys.executable}})
    job = runner.run({"paths": "fixtures/clean", "annotations": "false"}, {})
    assert job.status == 0, job.log
    assert job.summary.startswith("### kubeqed\n\nno findings in ")
    installed = tmp_path / "temp" / "kubeqed" / "bin" / "kubeqed"
    assert subprocess.run([installed, "--version"], capture_output=True, text=True, cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.1 --index-url=elsewhere", "version: '0.1 --index-url=elsewhere' is no release"),
        ("v99.0", "kubeqed==99.0 cannot be installed"),
    ],
)
def test_a_version_is_a_release(tmp_path: Path, version: str, said: str) -> None:
    (tmp_path / "temp").mkdir()
    runner = Runner(ROOT, tmp_path / "temp", {"python": {"python-path": sys.executable}})
    job = runner.run({"version": version}, {})
    assert job.status == 1
    assert f"::error title=kubeqed::{said}" in job.log
    assert "Traceback" not in job.log
    assert job.outputs["exit-code"] == ""
