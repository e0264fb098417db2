"""The action, the workflow and the hooks as their own linters see them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.surfaces.conftest import Run

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / ".github/workflows").glob("*.yml"))


def test_actionlint(run: Run) -> None:
    """It reads action.yml too, through the workflow that uses it."""
    done = run(["actionlint", "-no-color", *WORKFLOWS])
    assert (done.returncode, done.stdout) == (0, "")


def test_actionlint_knows_the_inputs_of_the_action(run: Run, tmp_path: Path) -> None:
    wrong = (ROOT / ".github/workflows/ci.yml").read_text().replace("paths: fixtures", "path: fixtures")
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/ci.yml").write_text(wrong)
    (tmp_path / "action.yml").write_text((ROOT / "action.yml").read_text())
    run(["git", "init", "-q"], tmp_path).check_returncode()
    done = run(["actionlint", "-no-color"], tmp_path)
    assert 'input "path" is not defined' in done.stdout


def test_zizmor(run: Run) -> None:
    done = run(["zizmor", "--offline", "--no-progress", "--persona", "pedantic", "action.yml", *WORKFLOWS])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        *(("vendor.github-workflows", workflow) for workflow in WORKFLOWS),
    ],
)
def test_schemas(run: Run, schema: str, file: str) -> None:
    done = run(["check-jsonschema", "--builtin-schema", schema, file])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_hooks(run: Run, program: str) -> None:
    done = run([program, "validate-manifest", ".pre-commit-hooks.yaml"])
    assert done.returncode == 0, done.stdout + done.stderr
