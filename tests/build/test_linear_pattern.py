from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.build import linear_pattern
from kubeqed.build.linear_pattern import CostlyPatternError, LinearPattern

ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "^", "$", r"\b", r"\w", "(?i:A)"])
ONE_OR_MORE = st.sampled_from(["a", "b", "[ab]", "."])  # where turns that match nothing are, engines differ
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("({0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["?", "??", "{2}", "{0,2}"])).map("({0[0]}){0[1]}".format),
        st.tuples(ONE_OR_MORE, ONE_OR_MORE, st.sampled_from(["*", "+", "*?", "+?", "{1,3}"])).map(
            "({0[0]}|{0[1]}b){0[2]}".format
        ),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.text("abc\n", max_size=9))
def test_the_match_is_that_of_an_engine_that_goes_back(pattern: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear_pattern, "_FEW", -1)
        patch.setattr(linear_pattern, "_STEPS_OF_UNIT", 0)  # asks never Python's engine
        linear, plain = LinearPattern(pattern), re.compile(pattern)
        found, expected = linear.search(text), plain.search(text)
        assert (found and (found.start(), found.end())) == (expected and expected.span())
        assert (linear.fullmatch(text) is None) == (plain.fullmatch(text) is None)


def test_groups_are_those_of_the_match() -> None:
    found = LinearPattern(r"^(a|a)*(?P<rest>b(x)?)$").search("a" * 60 + "b")
    assert found is not None
    assert (found[1], found[2], found[3]) == ("a", "b", "")


class CountingPattern(LinearPattern):
    """A pattern that counts how often a character is tried, and gives up where the promise of `work` is broken."""

    def __init__(self, pattern: str, text: str) -> None:
        super().__init__(pattern)
        self.steps = 0
        self.most = self.work(text)

    def takes(self, position: int, instruction: Any, character: str) -> bool:
        self.steps += 1
        assert self.steps <= self.most
        return super().takes(position, instruction, character)


def count_steps(pattern: str, length: int) -> int:
    """How many characters are tried in a text of twice a length that the pattern does not match."""
    text = "a" * length + "c" + "x" * length
    counting = CountingPattern(pattern, text)
    assert not counting.is_cheap(text)  # else Python's engine searches, which counts nothing
    assert counting.search(text) is None
    return counting.steps


@pytest.mark.parametrize("pattern", ["^(a|a)*$", "^((a+))+$", "a*a*a*a*a*a*a*a*b", "(.|..)*=", "(x+x+)+y"])
def test_steps_grow_with_the_text(pattern: str) -> None:
    few, many = (count_steps(pattern, length) for length in (100, 400))
    assert 0 < many <= 4.1 * few


@pytest.mark.parametrize("pattern", ["((a{0,900}){0,900}){0,900}", "(a{0,900}|b)*c"])
def test_what_takes_too_many_states_or_steps_is_refused(pattern: str) -> None:
    with pytest.raises(CostlyPatternError):
        LinearPattern(pattern).search("a" * 9000)
