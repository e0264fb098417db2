"""Columns in code points, and in the code units of three encodings."""

from __future__ import annotations

import pytest
from lsprotocol import types

from kubeqed.diagnostic import Span
from kubeqed.serve.columns import Columns

LINE = "a🦀é: b"


@pytest.mark.parametrize(
    ("encoding", "columns"), [("utf-8", [0, 1, 5, 7, 8]), ("utf-16", [0, 1, 3, 4, 5]), ("utf-32", [0, 1, 2, 3, 4])]
)
def test_there_and_back(encoding: str, columns: list[int]) -> None:
    conversion = Columns(encoding)
    assert [conversion.of_client(LINE, ours) for ours in range(5)] == columns
    assert [conversion.of_ours(LINE, theirs) for theirs in columns] == [0, 1, 2, 3, 4]


def test_a_column_inside_a_character_is_its_start() -> None:
    assert Columns("utf-16").of_ours(LINE, 2) == 1
    assert Columns("utf-8").of_ours(LINE, 3) == 1


def test_what_lies_behind_the_text_is_let_be() -> None:
    assert Columns().of_client("ab", 9) == 2
    assert Columns().range(Span("f", 3, 2, 3, 4), ["a"]) == types.Range(types.Position(2, 1), types.Position(2, 3))
