"""What questions to a value that may be unknown answer."""

from __future__ import annotations

import pytest

from kubeqed.model.values.known import all_known, equals, is_known, is_one_of, is_set, known_only, known_or
from kubeqed.parse import Fresh, Unknown

UNKNOWN = Unknown(Fresh("x"), "${X}")


def test_no_question_is_answered_with_yes_for_an_unknown() -> None:
    assert not is_known(UNKNOWN)
    assert not is_set(UNKNOWN)
    assert not equals(UNKNOWN, "")
    assert not is_one_of(UNKNOWN, ("", "a"))


@pytest.mark.parametrize("value", ["", 0, False])
def test_a_zero_value_is_known_and_not_set(value: str | int) -> None:
    assert is_known(value)
    assert not is_set(value)
    assert equals(value, value)


def test_a_known_value_is_compared_as_it_is() -> None:
    assert is_set("a")
    assert equals("a", "a")
    assert not equals("a", "b")
    assert is_one_of("a", ("a", "b"))
    assert not is_one_of("c", ("a", "b"))


def test_an_unknown_gives_way_to_what_is_said_instead() -> None:
    assert known_or(UNKNOWN, 3) == 3
    assert known_or(0, 3) == 0


def test_of_several_values_those_that_are_known_or_none() -> None:
    assert [*known_only(("a", UNKNOWN, "b"))] == ["a", "b"]
    assert all_known(("a", "b")) == ["a", "b"]
    assert isinstance(all_known(("a", UNKNOWN, "b")), Unknown)
