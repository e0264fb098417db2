"""What is said of documents that are no objects."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.rule.documents import judge_documents

UNTYPED = "apiVersion: example.com/v1\nmetadata: {name: web}\nspec: {}\n"
MISSPELT = "apiVersion: example.com/v1\nknd: Web\nmetadata: {name: web}\n"


@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        ("web.yaml", UNTYPED, 1),
        ("web-patch.yaml", UNTYPED, 0),
        ("patches/web.yaml", UNTYPED, 0),
        ("01-assert.yaml", UNTYPED, 0),
        ("web-patch.yaml", MISSPELT, 1),
    ],
)
def test_a_part_needs_no_kind_of_its_own(file: str, text: str, count: int) -> None:
    said = judge_documents(whole({file: text}))
    assert [rule for rule, _ in said] == ["value-rejected"] * count
