"""`make new-rule` writes a module that passes the linter, and whose examples fail until somebody fills them in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from data.new_rule import RuleError, write_rule
from tests.rules.judging import faults

from kubeqed.rule.catalogue import GROUPS, Rule, find_rules

ID = "nothing-like-it"
ROOT = Path(__file__).parents[2]
FOLDERS = ["service", "networkpolicy", "httproute", "adminnetworkpolicy", *GROUPS]


def new_rule(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fill: tuple[str, str] = ("", "")) -> Rule:
    package = f"new_rules_{folder}_{len(fill[0])}"
    path = write_rule(ID, folder, tmp_path / package)
    path.write_text(path.read_text().replace(*fill))
    (tmp_path / package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    [rule] = find_rules(package)
    return rule


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_new_rule_fails_its_examples(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = new_rule(folder, tmp_path, monkeypatch)
    assert (rule.id, rule.folder) == (ID, folder)
    assert faults(rule, [rule])


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder != "intent"])  # they judge no object
def test_a_new_rule_sees_its_kind(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = new_rule(folder, tmp_path, monkeypatch, ('str(item) == "FILL"', "True"))
    wrong = faults(rule, [rule])
    assert len(wrong) == 1, wrong  # both examples are reported now, the valid one too


def test_a_new_rule_passes_the_linter(tmp_path: Path) -> None:
    paths = [write_rule(ID, folder, tmp_path / "rules" / "kubeqed_rules") for folder in FOLDERS]
    for check in (["check", "--no-cache"], ["format", "--no-cache", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, "--config", str(ROOT / "pyproject.toml"), *map(str, paths)]
        result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("rule_id", "folder", "why"),
    [
        ("no-port", "service", "no rule id"),
        ("Port-Unused", "service", "no rule id"),
        ("node-port-clash", "service", "already"),
        ("port-unused", "toaster", "no kind"),
        ("port-unused", "template", "no kind"),
    ],
)
def test_what_can_be_no_rule_is_refused(rule_id: str, folder: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=why):
        write_rule(rule_id, folder, tmp_path)
    assert not list(tmp_path.iterdir())
