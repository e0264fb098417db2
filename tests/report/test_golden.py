"""Whole outputs, once for each format: see fixtures/golden/README.md."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.report.sample import CLEAN, OPTIONS, REPORT

from kubeqed.report import format_names, renderer, summary_text

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
WRITE = bool(os.environ.get("KUBEQED_WRITE_GOLDEN"))


@pytest.mark.usefixtures("in_repository")
@pytest.mark.parametrize("name", format_names())
def test_format(name: str) -> None:
    compare(name, renderer(name)(REPORT, OPTIONS))


def test_text_in_colour() -> None:
    compare("text-in-colour", renderer("text")(REPORT, OPTIONS._replace(color=True)))


def test_summary() -> None:
    compare("summary", summary_text(REPORT, OPTIONS) + summary_text(CLEAN, OPTIONS))


def compare(name: str, output: str) -> None:
    golden = GOLDEN / f"{name}.golden"
    if WRITE:
        golden.write_text(output, encoding="utf-8", newline="")
    assert output.encode() == golden.read_bytes()


def test_every_golden_has_a_format() -> None:
    assert {path.stem for path in GOLDEN.glob("*.golden")} == {*format_names(), "summary", "text-in-colour"}
