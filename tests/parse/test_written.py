"""Values as YAML: what is written reads as the value."""

from __future__ import annotations

import pytest

from kubeqed.parse import dump, parse
from kubeqed.sources import SourceFile


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("cinnamon", "cinnamon"),
        ("web-2.example/x", "web-2.example/x"),
        (8080, "8080"),
        ("8080", '"8080"'),
        ("on", '"on"'),
        ("null", '"null"'),
        ("1e3", '"1e3"'),
        ("0x1f", '"0x1f"'),
        ("a: b", '"a: b"'),
        ("-a", '"-a"'),
        ("", '""'),
        ("9" * 100, f'"{"9" * 100}"'),
    ],
)
def test_what_is_written_reads_as_the_value(value: str | int, text: str) -> None:
    assert dump(value) == text
    (placed,) = parse(SourceFile("f", f"key: {text}\n".encode())).documents
    assert placed.document.root == {"key": value}
