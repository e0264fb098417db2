"""Patterns of file names, against a translation into regular expressions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.build.glob import DIRECTORIES, FILES, INCLUDE, GlobDialect, matches

TEXTS = st.text(alphabet="ab/.-", max_size=8)
PLAIN = st.sampled_from(("a", "b", "/", ".", "*", "**", "?", "[ab]", "[!a]", "[a-b]", "\\*"))
PARTS = st.one_of(PLAIN, st.lists(PLAIN, min_size=1, max_size=3).map(lambda parts: "{" + ",".join(parts) + "}"))
SIGNS = {"*": ".*", "**": ".*", "?": ".", "[ab]": "[ab]", "[!a]": "[^a]", "[a-b]": "[a-b]", "\\*": "\\*"}


def translated(part: str, *, crosses: bool) -> str:
    if part.startswith("{"):
        return f"(?:{'|'.join(translated(one, crosses=crosses) for one in part[1:-1].split(','))})"
    sign = SIGNS.get(part, re.escape(part))
    if not crosses:
        sign = sign.replace(".*", "[^/]*").replace("[^a]", "[^a/]") if part != "?" else "[^/]"
    return sign


@given(st.lists(PARTS, max_size=5), TEXTS)
def test_include_is_like_a_regular_expression(parts: list[str], text: str) -> None:
    pattern = "".join(translated(part, crosses=True) for part in parts)
    assert matches("".join(parts), text, INCLUDE) == (re.fullmatch(pattern, text, re.DOTALL) is not None)


@given(st.lists(PLAIN, max_size=5), TEXTS)
def test_directories_and_files_are_like_regular_expressions(parts: list[str], text: str) -> None:
    for dialect, sign in ((DIRECTORIES, "^"), (FILES, "!")):
        pattern = "".join(translated(part, crosses=dialect.crosses) for part in parts)
        written = "".join(parts).replace("[!", f"[{sign}")
        assert matches(written, text, dialect) == (re.fullmatch(pattern, text, re.DOTALL) is not None)


@pytest.mark.parametrize("pattern", ["[", "[a", "a\\", "[a-", "[]"])
@pytest.mark.parametrize("dialect", [INCLUDE, DIRECTORIES, FILES])
def test_what_is_no_pattern_matches_nothing(pattern: str, dialect: GlobDialect) -> None:
    assert not matches(pattern, pattern, dialect)


def test_a_pattern_of_many_stars_is_matched_soon() -> None:
    assert not matches("*a" * 200, "a" * 199 + "b", INCLUDE)
    assert matches("{" * 1 + "*a" * 100 + "}", "a" * 100, INCLUDE)
