"""Docstrings are found again where Python runs without them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kubeqed.rule.catalogue import find_rules
from kubeqed.sources import docstrings
from kubeqed.sources.docstrings import read_docstring

ROOTS = [str(Path(__file__).parents[2] / name) for name in ("analyzer", "rules")]


def test_they_are_what_python_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_docstring(docstrings) == (docstrings.__doc__ or "").strip()
    kept, of_function = docstrings.__doc__, read_docstring.__doc__
    monkeypatch.setattr(docstrings, "__doc__", None)
    monkeypatch.setattr(read_docstring, "__doc__", None)
    assert read_docstring(docstrings) == (kept or "").strip()
    assert read_docstring(vars(docstrings)["read_docstring"]) == of_function


@pytest.mark.parametrize(
    "command",
    ["explain value-rejected", "rules --format markdown", "config schema", "schema check", "check --help", "--help"],
)
def test_what_people_read_does_not_depend_on_it(command: str) -> None:
    with_text, without = (
        subprocess.run(
            [sys.executable, *options, "-m", "kubeqed.cli", *command.split()],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)},
            capture_output=True,
        ).stdout
        for options in ([], ["-OO"])
    )
    assert without == with_text
    assert with_text


def test_every_rule_has_one() -> None:
    assert all(read_docstring(rule._module) == rule.text for rule in find_rules())
