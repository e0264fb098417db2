"""One distance, held to the plain definition on generated words, and each policy to a table."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.apiserver.decode.nearest import find_nearest_field
from kubeqed.model.spelling import differing_parts, edit_distance, find_nearest, limit_of_similar
from kubeqed.resolve.edit_distance import are_near

WORDS = st.text("abS-1", max_size=7)


def plain_distance(one: str, two: str) -> int:
    @cache
    def least(row: int, column: int) -> int:
        if not row or not column:
            return row + column
        changed = one[row - 1] != two[column - 1]
        costs = [least(row - 1, column) + 1, least(row, column - 1) + 1, least(row - 1, column - 1) + changed]
        if row > 1 and column > 1 and one[row - 2 : row] == two[column - 2 : column][::-1]:
            costs.append(least(row - 2, column - 2) + 1)
        return min(costs)

    return least(len(one), len(two))


@given(WORDS, WORDS, st.integers(0, 8))
def test_the_distance_is_the_plain_one_up_to_its_limit(one: str, two: str, limit: int) -> None:
    assert edit_distance(one, two, limit) == min(plain_distance(one, two), limit + 1)


@given(WORDS, WORDS)
def test_differing_parts_are_what_is_between_a_common_start_and_end(one: str, two: str) -> None:
    first, second = differing_parts(one, two)
    start = next((index for index, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(one), len(two)) if start is None else start
    end = len(one) - start - len(first)
    assert one == one[:start] + first + one[start + len(first) :]
    assert two == one[:start] + second + one[len(one) - end :]
    assert not (first and second and (first[0] == second[0] or first[-1] == second[-1]))


@given(WORDS, WORDS)
def test_a_slip_in_a_long_word_is_one_edit_of_letters(one: str, two: str) -> None:
    if min(len(one), len(two)) < 4 or one.replace("-", "").lower() == two.replace("-", "").lower():
        return
    plural = one + "s" == two or two + "s" == one
    letters = "".join(differing_parts(one, two)).isalpha()
    assert are_near(one, two) == (plural or (letters and plain_distance(one, two) == 1))


@pytest.mark.parametrize(
    ("word", "known", "field", "similar"),
    [
        ("containerPorts", ["containerPort", "hostPort"], "containerPort", "containerPort"),
        ("conatinerport", ["containerPort", "hostPort"], "containerPort", "containerPort"),
        ("image_pull_policy", ["imagePullPolicy", "image"], "imagePullPolicy", "imagePullPolicy"),
        ("calicooo", ["calico", "canal"], None, "calico"),
        ("tcp", ["udp", "http"], None, None),
        ("ba", ["ab", "cb"], "ab", None),
        ("bat", ["cat", "at", "bats"], "at", "at"),
        ("", ["a"], "a", None),
    ],
)
def test_policies(word: str, known: list[str], field: str | None, similar: str | None) -> None:
    assert find_nearest_field(word, known) == field
    assert find_nearest(word, known, limit_of_similar, lambda one: one.lower().replace("_", "")) == similar
