"""SARIF as Microsoft's validator sees it, with the rules of the format and those of GitHub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from tests.surfaces.conftest import Run

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "tests/report/sarif-2.1.0.json").read_text(encoding="utf-8")))
TREES = ("worlds", "faulty", "broken", "clean")


def complaints(run: Run, log: dict[str, Any], folder: Path) -> list[str]:
    """What the validator says; its exit code says nothing, and what breaks the schema it does not read."""
    SCHEMA.validate(log)
    asked, said = folder / "kubeqed.sarif", folder / "said.sarif"
    asked.write_text(json.dumps(log))
    found = run(["node", "-p", "require('@microsoft/sarif-multitool')"], ROOT / ".surfaces")
    if found.returncode != 0:
        pytest.fail("surfaces: sarif-multitool is missing", pytrace=False)
    program = found.stdout.strip().strip('"')  # not by its own script, which loses quotes
    done = run([program, "validate", asked, "--rule-kind", "Sarif;Ghas", "--output", said, "--log", "ForceOverwrite"])
    assert said.exists(), done.stdout + done.stderr
    (only,) = json.loads(said.read_text(encoding="utf-8-sig"))["runs"]
    assert only["invocations"][0]["executionSuccessful"]
    return [f"{it['ruleId']} {it.get('level', 'warning')}: {it['message']}" for it in only.get("results", [])]


def log_of(kubeqed: Run, *arguments: object) -> dict[str, Any]:
    log = json.loads(kubeqed("check", "--output-format", "sarif", *arguments).stdout)
    assert isinstance(log, dict)
    return log


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("shown", [["--show", "all", "--evidence"], ["--category", "production"]])
def test_nothing_to_complain_about(run: Run, kubeqed: Run, tmp_path: Path, tree: str, shown: list[str]) -> None:
    assert complaints(run, log_of(kubeqed, *shown, f"fixtures/{tree}"), tmp_path) == []


BEFORE, AFTER = "fixtures/clean/policy-change/before.yaml", "fixtures/clean/policy-change/after.yaml"


@pytest.mark.parametrize(("old", "new"), [(BEFORE, AFTER), (AFTER, BEFORE), (BEFORE, BEFORE)])
def test_nothing_to_complain_about_a_difference(run: Run, kubeqed: Run, tmp_path: Path, old: str, new: str) -> None:
    log = json.loads(kubeqed("diff", old, new, "--output-format", "sarif").stdout)
    assert complaints(run, log, tmp_path) == []
    assert bool(log["runs"][0]["results"]) is (old != new)


def test_nothing_to_complain_about_a_difference_of_revisions(run: Run, kubeqed: Run, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "all.yaml").write_text((ROOT / BEFORE).read_text())
    for command in ("init -q", "add .", "commit -qm one"):
        run(["git", *command.split()], tree)
    (tree / "all.yaml").write_text("\n".join((ROOT / AFTER).read_text().split("---\n")[1:2]))
    log = json.loads(kubeqed("diff", "HEAD", ".", "--output-format", "sarif", at=tree).stdout)
    assert log["runs"][0]["results"]
    assert complaints(run, log, tmp_path) == []


def test_the_validator_complains(run: Run, kubeqed: Run, tmp_path: Path) -> None:
    log = log_of(kubeqed, "fixtures/faulty")
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 9
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["endLine"] = 3
    assert any("error" in line for line in complaints(run, log, tmp_path))
