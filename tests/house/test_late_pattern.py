"""A pattern that is compiled late is the pattern that `re.compile` gives, and a wrong one is found here."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from kubeqed.late_pattern import compile_late

PACKAGE = Path(__file__).parents[2] / "analyzer"
USERS = [
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in sorted(PACKAGE.rglob("*.py"))
    if "compile_late(" in path.read_text(encoding="utf-8") and path.stem != "late_pattern"
]


def test_it_has_what_a_pattern_has() -> None:
    late, compiled = compile_late("(a)(?P<b>B)", re.IGNORECASE), re.compile("(a)(?P<b>B)", re.IGNORECASE)
    assert late.sub("x", "xABx") == compiled.sub("x", "xABx")
    assert (late.pattern, late.flags, late.groups) == (compiled.pattern, compiled.flags, compiled.groups)
    assert compile_late(b"a").search(b"bab") is not None


@pytest.mark.parametrize("name", USERS)
def test_every_late_pattern_compiles(name: str) -> None:
    late = [value for value in vars(importlib.import_module(name)).values() if type(value).__name__ == "_LatePattern"]
    assert late
    assert all(value.flags >= 0 for value in late)
