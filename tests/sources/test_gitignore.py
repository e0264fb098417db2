"""`.gitignore` means what git says that it means."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubeqed.sources import collect

Put = Callable[..., None]


def names(*paths: str) -> list[str]:
    return [file.path for file in collect(paths, None).files]


def listed_by_git(directory: str) -> list[str]:
    subprocess.run(["git", "init", "-q", directory], check=True)
    command = ["git", "-C", directory, "ls-files", "-z", "--others", "--exclude-standard", "*.yaml"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]


def test_a_file_in_the_path_and_one_below_that_takes_back(put: Put) -> None:
    put("k/a.yaml", "k/b.yaml", "k/in/a.yaml", "k/in/b.yaml", "k/out/b.yaml")
    put("k/.gitignore", text="a.yaml\nout/\n")
    put("k/in/.gitignore", text="!a.yaml\nb.yaml\n")
    assert names("k") == ["k/b.yaml", "k/in/a.yaml"]


def test_files_above_the_path_count_up_to_the_root(put: Put) -> None:
    put(".gitignore", text="c.yaml\n")
    put("repo/.git/HEAD", "repo/k/deep/a.yaml", "repo/k/deep/b.yaml", "repo/k/deep/c.yaml", "repo/k/deep/d.yaml")
    put("repo/.gitignore", text="/k/deep/a.yaml\n/b.yaml\n")
    put("repo/k/.gitignore", text="deep/d.yaml\n")
    assert names("repo/k/deep") == ["repo/k/deep/b.yaml", "repo/k/deep/c.yaml"]


def test_the_exclude_file_of_the_repository_yields_to_others(put: Put) -> None:
    put("repo/.git/info/exclude", text="a.yaml\nb.yaml\n")
    put("repo/a.yaml", "repo/b.yaml", "repo/k/b.yaml")
    put("repo/.gitignore", text="!a.yaml\n")
    assert names("repo") == ["repo/a.yaml"]
    assert names("repo/k") == []


def test_what_is_named_is_read_though_ignored(put: Put) -> None:
    put("repo/.git/HEAD", "repo/out/deep/a.yaml", "repo/out/deep/b.yaml")
    put("repo/.gitignore", text="out/\n")
    put("repo/out/deep/.gitignore", text="b.yaml\n")
    assert names("repo") == []
    assert names("repo/out") == names("repo/out/deep") == ["repo/out/deep/a.yaml"]
    assert names("repo/out/deep/b.yaml") == ["repo/out/deep/b.yaml"]


def test_what_is_named_is_read_though_everything_is_ignored(put: Put) -> None:
    put("repo/.git/HEAD", "repo/out/deep/a.yaml")
    put("repo/.gitignore", text="*\n")
    assert names("repo") == []
    assert names("repo/out") == ["repo/out/deep/a.yaml"]


def test_an_odd_file_costs_nothing(put: Put, here: Path) -> None:
    put("k/a.yaml", "k/b.yaml", "k/c.yaml", "l/.gitignore/x.yaml", "l/a.yaml")
    (here / "k/.gitignore").write_bytes(b"\xef\xbb\xbfa.yaml\r\n!\n\xff\nb.yaml\n")
    assert names("k") == ["k/c.yaml"]
    assert names("l") == ["l/a.yaml", "l/.gitignore/x.yaml"]


@pytest.mark.parametrize(
    ("pattern", "ignored"),
    [
        ("x/", ["x/y.yaml", "z/x/y.yaml"]),
        ("y.yaml/", []),
        ("/y.yaml", ["y.yaml"]),
        ("/*.yaml", ["xy.yaml", "y.yaml"]),
        ("x/*.yaml", ["x/y.yaml"]),
        ("x/**", ["x/y.yaml"]),
        ("x/**/y.yaml", ["x/y.yaml"]),
        ("**/x", ["x/y.yaml", "z/x/y.yaml"]),
        ("z/**/y.yaml", ["z/x/y.yaml"]),
        ("/x?y.yaml", []),
        ("/x*y.yaml", ["xy.yaml"]),
        ("/x[!b]y.yaml", []),
        ("x**/y.yaml", ["x/y.yaml", "xy.yaml"]),
        ("d\\ ", ["d /y.yaml"]),
        ("d ", []),
        ("*\n!/z\n!y.yaml", ["d /y.yaml", "x/y.yaml", "xy.yaml", "z/x/y.yaml"]),
    ],
)
def test_where_a_pattern_matches(put: Put, pattern: str, ignored: list[str]) -> None:
    files = ["d /y.yaml", "x/y.yaml", "xy.yaml", "y.yaml", "z/x/y.yaml"]
    put(*files)
    put(".gitignore", text=pattern)
    assert sorted(set(files) - set(names("."))) == ignored
    if shutil.which("git"):
        assert sorted(set(files) - set(listed_by_git("."))) == ignored


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("[[:alpha:]].yaml", ["1.yaml"]),
        ("[[:digit:]].yaml", ["a.yaml"]),
        ("[[:unheard-of:]].yaml", ["1.yaml", "a.yaml"]),
        ("[[:unheard:]].yaml", ["1.yaml", "a.yaml"]),
        ("[!a].yaml", ["a.yaml"]),
        ("[^1].yaml", ["1.yaml"]),
        ("[0-9].yaml", ["a.yaml"]),
        ("[z-ab].yaml", ["1.yaml", "a.yaml"]),
        ("[]a].yaml", ["1.yaml"]),
        ("[\\a].yaml", ["1.yaml"]),
        ("[a.yaml", ["1.yaml", "a.yaml"]),
        ("a.yaml\\", ["1.yaml", "a.yaml"]),
        ("\\a.yaml", ["1.yaml"]),
        ("# a.yaml", ["1.yaml", "a.yaml"]),
        ("a.yaml   ", ["1.yaml"]),
        ("a.yaml\\ ", ["1.yaml", "a.yaml"]),
        ("?.yaml", []),
    ],
)
def test_what_a_pattern_means(put: Put, pattern: str, left: list[str]) -> None:
    put("1.yaml", "a.yaml")
    put(".gitignore", text=pattern)
    assert names(".") == left
    if shutil.which("git"):
        assert listed_by_git(".") == left


PART = st.sampled_from(["a", "b", "ab", "a.yaml", "b.yaml"])
FILES = st.sets(st.lists(PART, min_size=1, max_size=3).map(lambda parts: "/".join([*parts, "f.yaml"])), min_size=1)
GLOB = st.sampled_from(
    [
        "a",
        "b",
        "a*",
        "*",
        "**",
        "?",
        "[ab]",
        "*.yaml",
        "f.yaml",
        "ab",
        "\\a",
        "#a",
        " ",
        "a ",
        "***",
        "a**",
        "**b",
        "[!a]",
        "\\*",
    ]
)
PATTERN = st.builds(
    lambda bang, slash, parts, end: bang + slash + "/".join(parts) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(GLOB, min_size=1, max_size=3),
    st.sampled_from(["", "/", "/*", "/**"]),
)
IGNORES = st.dictionaries(st.sampled_from(["", "a/", "a/b/", "b/"]), st.lists(PATTERN, max_size=4), max_size=3)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle")
@settings(max_examples=60)
@given(FILES, IGNORES)
def test_git_agrees(files: set[str], ignores: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        for file in files:
            (top / file).parent.mkdir(parents=True, exist_ok=True)
            (top / file).touch()
        for directory, patterns in ignores.items():
            if (top / directory).is_dir():
                (top / directory / ".gitignore").write_text("\n".join(patterns))
        assert sorted(names(name)) == sorted(f"{name}/{file}" for file in listed_by_git(name))
