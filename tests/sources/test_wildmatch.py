"""Globs mean what git means by them, and their cost does not explode."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from fnmatch import translate
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.backtracking import SteppedMatch, TooManyStepsError

from kubeqed.sources.git.gitignore import Layer, enter_directory, list_ignored
from kubeqed.sources.patterns import wildmatch
from kubeqed.sources.patterns.pattern import parse_patterns
from kubeqed.sources.patterns.wildmatch import compile_glob

PIECES = (
    *(
        "a",
        "b",
        "ab",
        "*",
        "**",
        "***",
        "?",
        "/",
        "**/",
        "/**",
        "/**/",
        "*/",
        "\\",
        "\\*",
        "\\/",
        "\\\\",
        "é",
        "-",
        "!",
    ),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[]-]", "[a", "]", "[é]", "[/]", "[a/]", "[z-a]", "[\\]a]", "[!]a]", "#", " "),
    *("[[:alpha:]]", "[[:punct:]]", "[[:x:]]", "[[:]", "[[:digit:]-z]"),
)
LINE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)
NAMES = ("a", "b", "c", "ab", "ba", "aab", "é", "-", "]", "\\", "*", " ")
PATHS = [
    *("/".join(names) for length in (1, 2) for names in product(NAMES, repeat=length)),
    *("/".join(names) for length in (3, 4, 5) for names in product("ab", repeat=length)),
]


def is_ignored(text: str, path: str) -> bool:
    """Whether a .gitignore beside the first step of a path ignores the path or a directory on its way."""
    layers: tuple[Layer, ...] = (Layer(tuple(parse_patterns(text))[::-1], ""),)
    *above, last = path.split("/")
    for name in above:
        if list_ignored(layers, name, is_directory=True):
            return True
        layers = enter_directory(layers, name)
    return list_ignored(layers, last, is_directory=False)


def ignored_by_git(repository: Path, paths: Sequence[str]) -> dict[str, bool]:
    command = [
        "git",
        "-C",
        str(repository),
        "check-ignore",
        "--no-index",
        "-z",
        "--stdin",
        "--verbose",
        "--non-matching",
    ]
    done = subprocess.run(command, input="".join(f"{path}\0" for path in paths).encode(), capture_output=True)
    fields = done.stdout.decode().split("\0")[:-1]
    return {path: bool(line) and line[0] != "!" for line, path in zip(fields[2::4], fields[3::4], strict=True)}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", directory], check=True)
    return directory


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle")
@settings(max_examples=60, deadline=None)
@given(lines=st.lists(LINE, min_size=1, max_size=2))
def test_git_agrees_on_every_glob(repository: Path, lines: list[str]) -> None:
    text = "\n".join(lines)
    (repository / ".gitignore").write_text(text)
    assert {path: is_ignored(text, path) for path in PATHS} == ignored_by_git(repository, PATHS)


@pytest.mark.parametrize(
    ("repeated", "end", "path"),
    [
        ("*a", "b", "a"),
        ("**/a/", "b", "a/"),
        ("**/*a/", "b", "aaa/"),
        ("**/", "y", "a/"),
        ("*/", "x", "a/"),
        ("a*[!b]*", "b", "ac"),
        ("?*", "b/", "a"),
        ("[a-z]*", "1", "a"),
        ("[[:", "]", "["),
    ],
)
def test_the_cost_of_a_glob_does_not_explode(repeated: str, end: str, path: str) -> None:
    """No more than some steps for each character of the path and each byte of the glob."""
    glob, whole = f"{repeated * 60}{end}", path * 60
    compiled = compile_glob(glob)
    if compiled is not None:  # else it is none
        match = SteppedMatch(compiled, whole, most=2 * len(glob) * len(whole))
        assert match.matches is bool(re.compile(compiled, re.DOTALL).fullmatch(whole))


def test_the_name_of_a_class_is_read_no_further_than_names_are_long() -> None:
    assert not SteppedMatch(wildmatch._CLASS.pattern, "[:" + "[" * 2000, most=500).matches


@settings(max_examples=200)
@given(line=LINE, path=st.sampled_from(PATHS))
def test_the_steps_are_those_of_the_engine(line: str, path: str) -> None:
    compiled = compile_glob(os.fsencode(line).decode("latin-1"))
    text = os.fsencode(path).decode("latin-1")
    if compiled is not None:
        assert SteppedMatch(compiled, text, most=100_000).matches is bool(
            re.compile(compiled, re.DOTALL).fullmatch(text)
        )


def test_steps_tell_a_pattern_that_comes_back() -> None:
    with pytest.raises(TooManyStepsError):
        SteppedMatch(f"{'[^/]*?a' * 60}b", "a" * 60, most=100_000)


def test_a_glob_that_no_path_can_fill() -> None:
    assert [pattern.whole for pattern in parse_patterns("?" * 5000 + "\n" + "*" * 5000 + "x?")] == [False]


def test_globs_of_rules_do_not_explode() -> None:
    pattern = translate("*a" * 50 + "b").removesuffix("\\Z")
    assert not SteppedMatch(pattern, "a" * 200, most=100 * 200).matches
