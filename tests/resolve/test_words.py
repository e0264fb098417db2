"""When two words are alike, and that the index over words finds all that are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.resolve.edit_distance import are_near, without_role
from kubeqed.resolve.near_words import NearWords

_LETTERS = "abcdxyzS"
words = st.text(alphabet=f"{_LETTERS}019-_.", max_size=8)
long_words = st.text(alphabet=_LETTERS, min_size=5, max_size=9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cinnamon-service", "cinamon-service"),  # a letter dropped
        ("sample-app", "sample-apps"),
        ("frontend", "frontent"),  # changed
        ("backend", "bakcend"),  # swapped
        ("redis-cart", "rediscart"),
        ("my_app", "my-app"),
        ("Web", "web"),
        ("app", "apps"),  # a plural, however short
        ("v1.web", "v1-web"),
        ("redis", "redits"),  # a word that looks like a plural
    ],
)
def test_slips(one: str, other: str) -> None:
    assert are_near(one, other)
    assert are_near(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("web", "web"),
        ("web-1", "web-2"),  # a digit
        ("web1", "web"),
        ("node1", "node12"),
        ("node12", "node21"),
        ("web", "wee"),  # too short
        ("api", "app"),
        ("frontend", "backend"),
        ("web", "web-canary"),
        ("sample", "simplex"),  # two letters
        ("abcde", "badce"),
        ("ab", "ba"),
        ("", "s"),
    ],
)
def test_no_slips(one: str, other: str) -> None:
    assert not are_near(one, other)
    assert not are_near(other, one)


@given(words, words)
def test_being_alike_goes_both_ways_and_is_never_being_equal(one: str, other: str) -> None:
    assert are_near(one, other) is are_near(other, one)
    assert not are_near(one, one)


@given(long_words, st.data())
def test_one_slip_is_always_seen(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("qkw"))
    slips = [word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
    if at + 1 < len(word) and word[at] != word[at + 1]:
        slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    assert all(are_near(word, slip) for slip in slips)


@given(long_words, st.data())
def test_a_digit_is_never_a_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    digit, another = data.draw(st.permutations("0123456789"))[:2]
    assert not are_near(word, word[:at] + digit + word[at + 1 :])
    assert not are_near(word[:at] + digit + word[at:], word)
    assert not are_near(word[:at] + digit + word[at:], word[:at] + another + word[at:])


@given(st.lists(st.one_of(words, long_words), max_size=12), st.one_of(words, long_words))
def test_the_index_finds_what_looking_at_all_finds(held: list[str], word: str) -> None:
    assert sorted(NearWords(held).find_alike(word)) == sorted({other for other in held if are_near(word, other)})


@pytest.mark.parametrize(("one", "other"), [("redis", "redits"), ("redis", "redi"), ("Web", "web"), ("a-b", "ab")])
def test_the_index_finds_it_both_ways(one: str, other: str) -> None:
    assert list(NearWords([one]).find_alike(other)) == [one]
    assert list(NearWords([other]).find_alike(one)) == [other]


@given(long_words, st.data())
def test_the_index_finds_slips(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    slips = {
        word[:at] + word[at + 1 :],
        word[:at] + "q" + word[at:],
        word[:at] + "-" + word[at:],
        word.upper(),
        word + "s",
    }
    slips.discard(word)
    assert set(NearWords(slips).find_alike(word)) == slips


@pytest.mark.parametrize(
    "name", ["web", "web-svc", "web-service", "web_deployment", "web-deploy", "web.sts", "webservice"]
)
def test_a_name_without_its_role(name: str) -> None:
    assert without_role(name) == "web"


def test_a_name_that_is_a_role_only_is_not_another() -> None:
    assert without_role("service") != without_role("deployment")
