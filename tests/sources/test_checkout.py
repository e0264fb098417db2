"""What is written of a commit stays below the directory, whatever a stranger's tree lists."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from kubeqed.sources.git import checkout
from kubeqed.sources.git.checkout import write_checkout
from kubeqed.sources.git.process import GitError
from kubeqed.sources.git.repository import GitDirectory


class Clone:
    """A bare repository, its objects made one by one, so that they may be what git itself never makes."""

    def __init__(self, at: Path) -> None:
        self.at = at
        self.git("init", "-q", "--bare", str(at))
        self.directory = GitDirectory(str(at), str(at))

    def git(self, *arguments: str, given: bytes = b"") -> str:
        command = ["git", f"--git-dir={self.at}", *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout.decode().strip()

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", given=content)

    def tree(self, *entries: tuple[str, str, str]) -> str:
        listed = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(thing) for mode, name, thing in entries)
        return self.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=listed)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path / "clone.git")


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


def test_files_links_and_the_index(clone: Clone, into: Path) -> None:
    inner = clone.tree(("100755", "b.yaml", clone.blob(b"b: 1\r\n")))
    tree = clone.tree(
        ("100644", ".gitattributes", clone.blob(b"* text=auto eol=lf filter=x\n")),
        ("120000", "a.yaml", clone.blob(b"c/b.yaml")),
        ("40000", "c", inner),
        ("160000", "module", "1" * 40),
    )
    write_checkout(clone.directory, tree, str(into), "https://example.com/x.git")
    assert (into / "a.yaml").read_bytes() == (into / "c" / "b.yaml").read_bytes() == b"b: 1\r\n"
    assert list((into / "module").iterdir()) == []
    assert b"c/b.yaml" in (into / ".git" / "index").read_bytes()
    assert "url = https://example.com/x.git" in (into / ".git" / "config").read_text()


@pytest.mark.parametrize("below", ["100644", "120000"])
def test_no_file_goes_through_a_link(clone: Clone, into: Path, tmp_path: Path, below: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    inner = clone.tree((below, "planted", clone.blob(b"planted")))
    tree = clone.tree(("120000", "a", clone.blob(os.fsencode(outside))), ("40000", "a", inner))
    with pytest.raises(OSError, match="File exists"):
        write_checkout(clone.directory, tree, str(into))
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["..", ".git", ".GIT"])
def test_what_git_would_not_write_is_not_written(clone: Clone, into: Path, tmp_path: Path, name: str) -> None:
    inner = clone.tree(("100644", "config", clone.blob(b"planted")))
    tree = clone.tree(("40000", name, inner), ("100644", "b.yaml", clone.blob(b"b")))
    with suppress(GitError):  # git may make no index of it
        write_checkout(clone.directory, tree, str(into))
    assert not (tmp_path / "config").exists()
    assert not (into / ".GIT").exists()
    assert not (into / ".git").exists() or (into / ".git" / "config").read_text() == ""


def test_a_file_that_nobody_reads_takes_no_room(clone: Clone, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "LARGEST", 100_000)
    large = clone.blob(bytes(100_001))
    write_checkout(clone.directory, clone.tree(("100644", "large.yaml", large)), str(into))
    status = (into / "large.yaml").stat()
    assert status.st_size == 100_001
    assert status.st_blocks == 0


def test_what_a_clone_lacks_is_said(clone: Clone, into: Path) -> None:
    with pytest.raises(GitError, match="1 of its files are not in this clone"):
        write_checkout(clone.directory, clone.tree(("100644", "a.yaml", "1" * 40)), str(into))
