"""Lists in sentences: what is left out is counted, in one wording."""

from __future__ import annotations

import pytest

from kubeqed.diagnostic import list_some, list_text, more_text


@pytest.mark.parametrize(
    ("parts", "most", "noun", "prose", "some"),
    [
        ([], 2, "", "", ""),
        (["a"], 2, "", "a", "a"),
        (["a", "b"], 2, "", "a and b", "a, b"),
        (["a", "b", "c"], 3, "", "a, b and c", "a, b, c"),
        (["a", "b", "c"], 2, "", "a, b and 1 more", "a, b and 1 more"),
        (["a", "b", "c"], 1, "kinds", "a and 2 more kinds", "a and 2 more kinds"),
        (["a"] * 1_201, 1, "", "a and 1,200 more", "a and 1,200 more"),
    ],
)
def test_lists(parts: list[str], most: int, noun: str, prose: str, some: str) -> None:
    assert list_text(parts, most, noun) == prose
    assert list_some(parts, most, noun=noun) == some


def test_of_what_is_not_written_only_the_count_is_known() -> None:
    assert list_some(["a", "b"], 2, count=5) == "a, b and 3 more"
    assert more_text(0, "rows") == []
    assert more_text(3, "rows") == ["and 3 more rows"]
