"""Whole numbers of any length are read, in time that does not grow with the square of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.parse import parse_whole_number

_digits = st.text("0123456789", min_size=1, max_size=60)


@given(st.sampled_from(["", "-", "+"]), st.sampled_from(["", "0" * 5_000]), _digits)
def test_it_is_the_number_that_is_written(sign: str, zeros: str, digits: str) -> None:
    assert parse_whole_number(sign + zeros + digits) == int(sign + digits)


@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_a_longer_one_than_python_reads_is_beyond_every_limit(sign: str) -> None:
    found = parse_whole_number(sign + "9" * 5_000_000)
    assert (-found if sign == "-" else found) == 10**1_000
    assert str(found), "it can be printed"


@pytest.mark.parametrize("text", ["", "x", "1x", "9" * 5_000 + "x", "1.5", "- 1"])
def test_another_text_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|limit"):
        parse_whole_number(text)
