"""Findings that stand in kubeqed.yaml itself: where it lies, what is shown of it, and what suppresses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

STATED = """cluster:
  service_cidr: 10.96.0.0/12
  pod_cidr: 10.100.0.0/16
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "k8s").mkdir()
    (tmp_path / "kubeqed.yaml").write_text(STATED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", ["k8s", "."])
@pytest.mark.parametrize("pods", ["", POD])
def test_it_is_shown_wherever_the_configuration_lies(tree: Path, path: str, pods: str) -> None:
    (tree / "k8s" / "pod.yaml").write_text(pods)
    result = CliRunner().invoke(main, ["check", path])
    assert result.exit_code == 1
    assert "kubeqed.yaml:3:13: error: The range of pods 10.100.0.0/16 meets" in result.stdout
    assert " 3 |   pod_cidr: 10.100.0.0/16\n" in result.stdout


def test_two_units_say_it_once(tree: Path) -> None:
    for name in ("one", "two"):
        (tree / "k8s" / name).mkdir()
        (tree / "k8s" / name / "pod.yaml").write_text(POD)
    assert CliRunner().invoke(main, ["check"]).stdout.count("cidr-overlap") == 1


@pytest.mark.parametrize("path", ["k8s", "."])
def test_a_comment_beside_it_suppresses_it(tree: Path, path: str) -> None:
    (tree / "k8s" / "pod.yaml").write_text(POD)
    comment = "  # kubeqed: ignore[cidr-overlap] the pods never dial Services\n"
    (tree / "kubeqed.yaml").write_text(STATED.rstrip() + comment)
    assert CliRunner().invoke(main, ["check", path]).exit_code == 0


def test_what_other_files_concern_leaves_it_out(tree: Path) -> None:
    (tree / "k8s" / "pod.yaml").write_text(POD)
    assert CliRunner().invoke(main, ["check", "--within", ".", "k8s/pod.yaml"]).exit_code == 0
    assert CliRunner().invoke(main, ["check", "--within", ".", "kubeqed.yaml"]).exit_code == 1
