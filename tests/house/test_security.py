"""SECURITY.md: every promise names its tests, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_promise_names_its_tests() -> None:
    promised = TEXT.partition("## What is promised")[2].partition("\n## ")[0]
    promises = re.findall(r"^\*\*.*?(?=^\*\*|\Z)", promised, re.MULTILINE | re.DOTALL)
    assert promises
    assert [promise for promise in promises if not re.search(r"^Tests: `tests/", promise, re.MULTILINE)] == []


def test_the_files_that_it_names_are_there() -> None:
    named = re.findall(r"`((?:tests|benchmarks)/[^`]*)`", TEXT)
    assert [name for name in named if not (ROOT / name).is_file()] == []
