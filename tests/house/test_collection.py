"""Every test is run: pytest looks into no folder called `build` unless it is told to, and says nothing."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    passed_over = pytestconfig.getini("norecursedirs")
    folders = {folder for file in TESTS.rglob("test_*.py") for folder in file.relative_to(TESTS).parents}
    assert [
        str(folder) for folder in sorted(folders) if any(fnmatch(folder.name, pattern) for pattern in passed_over)
    ] == []
