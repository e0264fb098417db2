"""Which files the PATHs give, in which order and under which names."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kubeqed.sources import Collected, Paths, Root, SourceFile, collect

Put = Callable[..., None]


def names(collected: Collected) -> list[str]:
    return [file.path for file in collected.files]


def test_a_file_is_read_whatever_its_suffix(put: Put, here: Path) -> None:
    put("rules.txt")
    assert collect(["rules.txt"], None) == Collected(
        files=(SourceFile("rules.txt", b"rules.txt"),),
        notices=(),
        paths=Paths({"rules.txt": f"{here}/rules.txt"}, {}, (Root("rules.txt", is_directory=False),)),
        charts=(),
        chart_templates=(),
    )


def test_a_directory_gives_manifests_only_files_before_directories_in_order(put: Put) -> None:
    put("k/b.yaml", "k/a.yml", "k/c.json", "k/notes.txt", "k/a/z.yaml", "k/B/y.yaml", "k/.github/x.yaml", "k/yaml")
    put("k/a.b/w.yaml", "k/upper.YAML")
    collected = collect(["k"], None)
    assert names(collected) == [
        "k/a.yml",
        "k/b.yaml",
        "k/c.json",
        "k/.github/x.yaml",
        "k/B/y.yaml",
        "k/a/z.yaml",
        "k/a.b/w.yaml",
    ]
    assert collected.paths.roots == (Root("k", is_directory=True),)


@pytest.mark.parametrize("directory", [".git", ".hg", ".svn", ".venv", "node_modules"])
def test_directories_that_never_hold_manifests(put: Put, directory: str) -> None:
    put(f"k/{directory}/a.yaml", "k/b.yaml")
    assert names(collect(["k"], None)) == ["k/b.yaml"]
    assert names(collect([f"k/{directory}"], None)) == [f"k/{directory}/a.yaml"]


@pytest.mark.parametrize(
    ("path", "name"),
    [("k", "k/a.yaml"), ("k/", "k/a.yaml"), ("./k", "./k/a.yaml"), ("k/../k", "k/../k/a.yaml")],
)
def test_names_start_with_the_path_as_given(put: Put, path: str, name: str) -> None:
    put("k/a.yaml")
    assert names(collect([path], None)) == [name]


def test_the_current_directory_adds_nothing_to_names(put: Put, here: Path) -> None:
    put("a.yaml", "k/b.yaml")
    assert names(collect(["."], None)) == ["a.yaml", "k/b.yaml"]
    assert names(collect(["./"], None)) == ["./a.yaml", "./k/b.yaml"]
    assert names(collect([str(here)], None)) == [f"{here}/a.yaml", f"{here}/k/b.yaml"]


def test_overlapping_paths_give_each_file_once_under_its_first_name(put: Put, here: Path) -> None:
    put("k/a.yaml", "k/sub/b.yaml", "c.yaml")
    collected = collect(["./k/sub", "k", "k/a.yaml", str(here / "c.yaml"), "c.yaml", "c.yaml", "k"], None)
    assert names(collected) == [f"{here}/c.yaml", "k/a.yaml", "./k/sub/b.yaml"]  # in the order of one walk
    assert [root.path for root in collected.paths.roots] == ["./k/sub", "k", "k/a.yaml", f"{here}/c.yaml", "c.yaml"]


def test_standard_input_is_read_once(put: Put) -> None:
    put("a.yaml")
    collected = collect(["-", "a.yaml", "-"], io.BytesIO(b"kind: Service"))
    assert collected.files == (SourceFile("<stdin>", b"kind: Service"), SourceFile("a.yaml", b"a.yaml"))
    assert collected.paths.roots[0] == Root("<stdin>", is_directory=False)


def test_standard_input_is_not_a_template_where_templates_are(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("Chart.yaml", "templates/a.yaml")
    monkeypatch.chdir("templates")
    assert names(collect(["-"], io.BytesIO(b""))) == ["<stdin>"]


@pytest.mark.parametrize("link", ["k/b.yaml", "k/Z.yaml", "a.yaml"])
def test_a_file_is_one_whatever_links_lead_to_it(put: Put, here: Path, link: str) -> None:
    put("k/a.yaml")
    os.symlink(here / "k/a.yaml", here / link)
    for paths in ([link, "k/a.yaml"], ["."]):
        collected = collect(paths, None)
        assert collected.files == (SourceFile("k/a.yaml", b"k/a.yaml"),)
        assert collected.paths.follow(f"{here}/{link}") == f"{here}/k/a.yaml"
    alone = collect([link], None)
    assert names(alone) == [link]
    assert alone.paths.real(link) == f"{here}/k/a.yaml"


def test_links_in_a_circle_end(put: Put, here: Path) -> None:
    put(".git/HEAD", "k/a/x.yaml", "k/b/y.yaml")
    os.symlink("..", here / "k/a/parent")
    os.symlink("../b", here / "k/a/other")
    os.symlink("../a", here / "k/b/other")
    os.symlink("../..", here / "k/b/far")
    os.symlink("itself", here / "k/itself")
    collected = collect(["k"], None)
    assert names(collected) == ["k/a/x.yaml", "k/b/y.yaml"]
    assert collected.notices == ()


def test_a_linked_directory_is_read_once_and_under_its_own_name_when_it_has_one(put: Put, here: Path) -> None:
    put(".git/HEAD", "k/real/x.yaml", "elsewhere/y.yaml")
    os.symlink("real", here / "k/alias")
    os.symlink("../elsewhere", here / "k/first")
    os.symlink("../elsewhere", here / "k/second")
    assert names(collect(["k"], None)) == ["k/real/x.yaml", "k/first/y.yaml"]


def test_a_linked_path_is_followed(put: Put, here: Path) -> None:
    put("real/x.yaml")
    os.symlink("real", here / "link")
    assert names(collect(["link"], None)) == ["link/x.yaml"]


def test_no_path_gives_nothing(here: Path) -> None:
    assert collect([], None) == Collected((), (), Paths(roots=()), (), ())
