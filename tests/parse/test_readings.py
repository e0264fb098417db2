"""Which scalars keep their text: those that JSON would spell otherwise."""

from __future__ import annotations

import pytest
from tests.parse.reading import document, under


@pytest.mark.parametrize("text", ["010", "0o14", "-010", "0x50", "8_080", "1e3", "1.10", "+5", "y", "on", "No", "True"])
def test_a_value_that_is_spelt_otherwise_keeps_its_text(text: str) -> None:
    content = f"a: {text}"
    assert {under(content, mark): kept for mark, kept in document(content).readings.items()} == {text: text}


@pytest.mark.parametrize(
    "text", ["10", "-3", "0", "1.5", "true", "false", "null", "~", "''", "'010'", "web", "1:30", "*b"]
)
def test_what_json_spells_alike_does_not(text: str) -> None:
    assert document(f"[&b 1, {text}]").readings == {}
