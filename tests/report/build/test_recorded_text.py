"""What is printed of small builds is what the tool printed, character by character."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import build_directory

from kubeqed.report.build.yaml import render_documents

# The tool writes lines with tabs or blanks at their ends in quotes; a literal block holds them as well.
READABLE = ["022-text-blocks"]
CASES = sorted(path.parent for path in Path("tests/oracle/kustomize").glob("*/expected.yaml"))


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in READABLE], ids=lambda case: case.name)
def test_the_text_is_the_tools(case: Path) -> None:
    built = build_directory(case / "root")
    assert render_documents(built.documents) == (case / "expected.yaml").read_text()
