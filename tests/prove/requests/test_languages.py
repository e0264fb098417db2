"""Languages, patterns and covers against Python's own engine, Z3 and all short texts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from itertools import product

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from kubeqed.prove.requests.coverage import CoverageGaveUp, SearchAllowance, find_cover
from kubeqed.prove.requests.languages import NONE, Language, contains, derive, list_samples
from kubeqed.prove.requests.patterns import is_plain, read_location, read_whole

LETTERS = "/aAb0"
URLS = ["/" + "".join(rest) for length in range(5) for rest in product(LETTERS, repeat=length)]

ATOMS = st.sampled_from(["/", "a", "A", "b", ".", "[ab]", "[^a]", "[A-B]", r"\d", r"\w", r"\.", "0"])
PARTS = st.one_of(
    ATOMS,
    st.tuples(ATOMS, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map("".join),
    st.sampled_from(["(/|$)", "(.*)", "(a|b)", "$", "(?:ab)?", "|b", "(/a|/b$)"]),
)
PATTERNS = st.lists(PARTS, max_size=4).map(lambda parts: "/" + "".join(parts))


def language_of(path: str) -> Language:
    found = read_location(path)
    assert found is not None, path
    return found


@settings(max_examples=200)
@given(PATTERNS)
def test_a_pattern_takes_what_nginx_would_let_it_take(path: str) -> None:
    language, pattern = language_of(path), re.compile(f"^{path}", re.IGNORECASE)
    wrong = [url for url in URLS if contains(language, url.lower()) is not (pattern.search(url) is not None)]
    assert not wrong, (path, wrong[:3])


@settings(max_examples=200)
@given(PATTERNS)
def test_samples_are_in_their_language(path: str) -> None:
    language = language_of(path)
    assert all(contains(language, text) for text in list_samples(language))
    assert bool(list_samples(language)) is (language != NONE)


def find_text_outside(language: Language, others: Sequence[Language]) -> str | None:
    """A shortest text of a language that none of the others has."""
    start = (language, *others)
    seen, queue = {start}, deque([("", start)])
    while queue:
        text, state = queue.popleft()
        if state[0].has_empty and not any(one.has_empty for one in state[1:]):
            return text
        for character in "/abc01._~\u00fe":  # one for each that these patterns tell apart, and one for all others
            following = tuple(derive(one, character) for one in state)
            if following[0] is not NONE and following not in seen:
                seen.add(following)
                queue.append((text + character, following))
    return None


def covers_in_z3(language: Language, others: Sequence[Language]) -> bool:
    """Whether the others hold all of it, as Z3's regular expressions say."""
    solver = z3.Solver()
    text = z3.String("request")
    solver.add(z3.InRe(text, encode(language)), *(z3.Not(z3.InRe(text, encode(other))) for other in others))
    result = solver.check()
    assert result != z3.unknown
    return bool(result == z3.unsat)


def encode(language: Language) -> z3.ReRef:
    parts = [encode(part) for part in language.parts]
    if language.kind == "one":
        parts = [z3.Range(one, one) for one in sorted(language.characters)]
    if language.kind in ("one", "alt"):
        return parts[0] if len(parts) == 1 else z3.Union(*parts)
    if language.kind == "cat":
        return z3.Concat(*parts)
    if language.kind == "star":
        return z3.Star(parts[0])
    return z3.Re("") if language.kind == "empty" else z3.Empty(z3.ReSort(z3.StringSort()))


@settings(max_examples=200, deadline=None)
@given(PATTERNS, st.lists(PATTERNS, min_size=1, max_size=3))
def test_a_cover_leaves_no_url_and_what_is_no_cover_leaves_one(path: str, paths: list[str]) -> None:
    language, others = language_of(path), [language_of(one) for one in paths]
    cover = find_cover(language, others)
    mine, *theirs = (re.compile(f"^{one}", re.IGNORECASE) for one in (path, *paths))
    if cover is None:
        url = find_text_outside(language, others)
        assert url is not None
        assert mine.search(url)
        assert not any(other.search(url) for other in theirs)
        return
    kept = [theirs[at] for at in cover]
    assert not [url for url in URLS if mine.search(url) and not any(other.search(url) for other in kept)]
    for at in cover:  # as few as will do
        fewer = [others[other] for other in cover if other != at]
        assert find_text_outside(language, fewer) is not None or language is NONE


@pytest.mark.parametrize(
    ("path", "paths"),
    [
        ("/v1", ["/(.*)"]),
        ("/api", ["/api(/|$)(.*)"]),
        ("/api/", ["/api(/|$)(.*)"]),
        ("/api/.*", ["/api(/|$)(.*)"]),
        ("/foo/bar/bar", ["/foo/bar/[A-Z0-9]{3}"]),
        ("/foo/bar/bar", ["/foo/bar/[A-Z0-9]{3}$"]),
        ("/x[0-9]+/y", ["/x[0-4].*/y", "/x[5-9].*/y"]),
        ("/x[0-9]+/y", ["/x[0-4].*/y", "/x[6-9].*/y"]),
        ("/(a|b)*a(a|b){3}x", ["/(a|b)*b(a|b){3}x"]),
        ("/a|/b", ["/[ab]"]),
        ("/[^/]+/b", ["/.*"]),
    ],
)
def test_z3_says_the_same(path: str, paths: list[str]) -> None:
    language, others = language_of(path), [language_of(one) for one in paths]
    assert (find_cover(language, others) is not None) is covers_in_z3(language, others)


@pytest.mark.parametrize(
    "path", ["/(?!a)", "/(a)\\1", "/(?<=a)b", "/a{1000}", "/(a$)*", "/\u00e9", "/(", "/[", "/" + "a" * 400, r"/\bword"]
)
def test_what_is_not_regular_or_not_known_is_not_read(path: str) -> None:
    assert read_location(path) is None


def test_a_capital_makes_a_difference_in_headers_alone() -> None:
    lower, both = read_whole("[a-z]+"), read_whole("[A-Za-z]+")
    assert lower is not None
    assert both is not None
    assert find_cover(lower, [both]) == (0,)
    assert find_cover(both, [lower]) is None


def test_what_costs_too_much_is_given_up() -> None:
    wide, narrow = language_of("/x[0-9]+/y"), [language_of("/x[0-4].*/y"), language_of("/x[5-9].*/y")]
    assert find_cover(wide, narrow) == (0, 1)
    with pytest.raises(CoverageGaveUp):
        find_cover(wide, narrow, SearchAllowance(5))
    with pytest.raises(CoverageGaveUp):  # the states of this are too many to be listed, and Z3 counts none of them
        find_cover(language_of("/.*a.{20}b.{20}c"), [language_of("/.*a.{20}b.{20}")])


def test_no_state_is_searched_where_a_sample_decides() -> None:
    nothing = SearchAllowance(0)
    assert find_cover(language_of("/api"), [language_of("/api(/|$)(.*)")], nothing) is None
    assert find_cover(language_of("/a.*"), [language_of("/b"), language_of("/a.*")], nothing) == (1,)


def test_plain_paths() -> None:
    assert is_plain("/a-b_c/~d")
    assert not any(is_plain(path) for path in ("/a.b", "/a+", "/a(b)", "/a\\d"))
