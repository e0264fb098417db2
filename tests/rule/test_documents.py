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


@pytest.mark.parametrize(
    ("beside", "count"),
    [
        ("kind: Policy\nmetadata: {name: web}", 0),
        ("kind: Namespace\nmetadata: {name: web}\nspec: {authorization: {}, policies: [a]}", 0),
        ("apiVersion: example.com/v1\nkind: Policy\nmetadata: {name: web}", 1),
        ("kind: Policy\nname: web", 1),
        ("kind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}", 2),
    ],
)
def test_a_file_of_another_program_lacks_no_type(beside: str, count: int) -> None:
    said = judge_documents(whole({"web.yaml": f"kind: Namespace\nmetadata: {{name: shop}}\n---\n{beside}"}))
    assert [rule for rule, _ in said] == ["value-rejected"] * count
