"""What git tracks is read although it is ignored, by an index that is read without git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kubeqed.sources import collect
from kubeqed.sources.git.repository import GitDirectory, git_directory
from kubeqed.sources.git.tracked import Tracked

Put = Callable[..., None]

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git writes the index")


def git(*arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
    return subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=True).stdout


def names(*paths: str) -> list[str]:
    return [file.path for file in collect(paths, None).files]


@needs_git
@pytest.mark.parametrize(
    ("init", "configured"),
    [
        ([], {}),
        ([], {"index.version": "4"}),
        ([], {"core.splitIndex": "true"}),
        (["--object-format=sha256"], {}),
        (["--object-format=sha256"], {"index.version": "4"}),
    ],
)
def test_every_index_of_git_is_understood(put: Put, here: Path, init: list[str], configured: dict[str, str]) -> None:
    git("init", "-q", *init)
    for key, value in configured.items():
        git("config", key, value)
    put(*(f"{'d' * (number % 9 + 1)}/f{number}/é {number}.yaml" for number in range(120)))
    git("add", ".")
    git("commit", "-qm", "first")
    put(*(f"later/{number}.yaml" for number in range(9)), "meant.yaml")
    git("add", "later")
    git("add", "--intent-to-add", "meant.yaml")
    put("untracked.yaml")
    tracked = Tracked(str(here))
    listed = git("ls-files", "-z").split("\0")[:-1]
    assert len(listed) == 130
    assert [name for name in listed if not tracked.file(str(here / name))] == []
    assert not tracked.file(str(here / "untracked.yaml"))
    assert tracked.below(str(here / "later"))
    assert not tracked.below(str(here / "late"))


@needs_git
def test_tracked_files_are_read_although_they_are_ignored(put: Put) -> None:
    git("init", "-q")
    put("a.yaml", "out/a.yaml", "out/deep/b.yaml", "out/deep/.gitignore", "gone/c.yaml")
    git("add", "--force", "a.yaml", "out/deep/b.yaml")
    put("b.yaml", "out/untracked.yaml", "out/deep/untracked.yaml", "out/deeper/d.yaml")
    put(".gitignore", text="*.yaml\nout/\n")
    assert names(".") == ["a.yaml", "out/deep/b.yaml"]
    assert names("out") == [
        "out/a.yaml",
        "out/untracked.yaml",
        "out/deep/b.yaml",
        "out/deep/untracked.yaml",
        "out/deeper/d.yaml",
    ]


@needs_git
def test_another_repository_inside_has_rules_of_its_own(put: Put, here: Path) -> None:
    git("init", "-q")
    git("init", "-q", "inner")
    put(".gitignore", text="a.yaml\n")
    put("inner/a.yaml", "inner/b.yaml", "inner/c.yaml")
    put("inner/.gitignore", text="*.yaml\n!a.yaml\n")
    git("-C", "inner", "add", "--force", "c.yaml")
    assert names(".") == ["inner/a.yaml", "inner/c.yaml"]


@needs_git
def test_where_git_keeps_what_belongs_to_a_working_tree(put: Put, here: Path) -> None:
    put("sub/a.yaml", "main/b.yaml")
    for name in ("sub", "main"):
        git("init", "-q", name)
        git("-C", name, "add", ".")
        git("-C", name, "commit", "-qm", "first")
    git("-C", "main", "submodule", "--quiet", "add", f"{here}/sub", "module")
    git("-C", "main", "worktree", "add", "-q", f"{here}/tree")
    kept = str(here / "main/.git")
    assert git_directory(str(here / "main")) == GitDirectory(kept, kept)
    assert git_directory(str(here / "tree")) == GitDirectory(f"{kept}/worktrees/tree", kept)
    assert git_directory(str(here / "main/module")) == GitDirectory(f"{kept}/modules/module", f"{kept}/modules/module")
    assert Tracked(str(here / "tree")).file(str(here / "tree/b.yaml"))
    assert Tracked(str(here / "main/module")).file(str(here / "main/module/a.yaml"))


@needs_git
@pytest.mark.parametrize("how", ["file", "link", "worktree", "commondir"])
def test_the_repository_of_somebody_else_is_not_taken_for_that_of_a_tree(put: Put, here: Path, how: str) -> None:
    git("init", "-q", "victim")
    put("victim/a.yaml", "tree/a.yaml")
    git("-C", "victim", "add", ".")
    if how == "file":
        put("tree/.git", text=f"gitdir: {here}/victim/.git\n")
    elif how == "link":
        os.symlink("../victim/.git", here / "tree/.git")
    elif how == "worktree":
        put("kept/worktrees/x/gitdir", text=f"{here}/other/.git\n")
        put("tree/.git", text=f"gitdir: {here}/kept/worktrees/x\n")
    else:
        put("tree/.git/commondir", text=f"{here}/victim/.git\n")
    assert git_directory(str(here / "tree")) is None
    assert not Tracked(str(here / "tree")).file(str(here / "tree/a.yaml"))


def entry(name: bytes, flags: int = 0) -> bytes:
    raw = bytes(60) + (flags | len(name)).to_bytes(2) + name
    return raw + bytes(8 - len(raw) % 8)


@pytest.mark.parametrize(
    ("content", "tracked"),
    [
        (b"", False),
        (b"DIRC", False),
        (b"DIRC" + (9).to_bytes(4) + (1).to_bytes(4) + entry(b"a.yaml") + bytes(20), False),
        (b"DIRC" + (2).to_bytes(4) + (2**32 - 1).to_bytes(4) + entry(b"a.yaml") + bytes(20), True),
        (b"DIRC" + (2).to_bytes(4) + (1).to_bytes(4) + entry(b"a.yaml") + bytes(20), True),
        (b"DIRC" + (2).to_bytes(4) + (1).to_bytes(4) + entry(b"a.yaml")[:66], False),
        (b"DIRC" + (4).to_bytes(4) + (1).to_bytes(4) + bytes(62) + b"\xff" * 9000 + bytes(20), False),
        (b"DIRC" + (4).to_bytes(4) + (1).to_bytes(4) + bytes(62) + b"\x00a.yaml\0" + bytes(20), True),
    ],
)
def test_an_index_that_is_none(put: Put, here: Path, content: bytes, tracked: bool) -> None:
    put(".git/config", "a.yaml")
    put(".gitignore", text="a.yaml\n")
    (here / ".git/index").write_bytes(content)
    assert names(".") == (["a.yaml"] if tracked else [])


def test_names_that_grow_with_every_entry_cost_no_memory(put: Put, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubeqed.sources.git.tracked.LARGEST_INDEX", 1024 * 1024)
    put(".git/config")
    count = 10_000
    content = (
        b"DIRC" + (4).to_bytes(4) + count.to_bytes(4) + (bytes(62) + b"\x00" + b"a" * 30 + b"\0") * count + bytes(20)
    )
    (here / ".git/index").write_bytes(content)
    assert sum(map(len, Tracked(str(here))._names)) <= 1024 * 1024
