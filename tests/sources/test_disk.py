"""Nothing outside of the repository is read, nor what is no plain file, unless the user names it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kubeqed.diagnostic import NoticeKind
from kubeqed.sources import collect
from kubeqed.sources.disk import DiskTree
from kubeqed.sources.unread import NotReadError

Put = Callable[..., None]

OUT, NOWHERE = "a link that leads out of the repository", "a link that leads nowhere"


def read(*paths: str) -> dict[str, bytes]:
    return {file.path: file.content for file in collect(paths, None).files}


def unread(*paths: str) -> dict[str, str]:
    return {item.path: item.reason for item in collect(paths, None).unread}


@pytest.fixture
def repo(put: Put, here: Path) -> Path:
    """A repository with a file, and a canary beside it."""
    put("repo/.git/config", "repo/.git/hooks/a.yaml", "repo/k/a.yaml", "repo/other/b.yaml", "outside/canary.yaml")
    return here / "repo"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("../../outside/canary.yaml", OUT),
        ("/etc/passwd", OUT),
        ("../../outside", OUT),
        ("../../outside/gone.yaml", OUT),
        ("../../../../../../../../../../proc/self/environ", OUT),
        ("../.git/config", OUT),
        ("../.git/hooks", OUT),
        ("gone.yaml", NOWHERE),
        ("link.yaml", NOWHERE),
    ],
)
def test_a_link_out_of_the_repository_is_not_followed(repo: Path, target: str, reason: str) -> None:
    os.symlink(target, repo / "k/link.yaml")
    for path in ("repo", "repo/k"):
        assert set(read(path)) == {"repo/k/a.yaml", "repo/other/b.yaml"} - (
            {"repo/other/b.yaml"} if "k" in path else set()
        )
        assert unread(path) == {"repo/k/link.yaml": reason}


def test_a_link_inside_of_the_repository_is_followed_from_every_path(repo: Path) -> None:
    os.symlink("../other/b.yaml", repo / "k/link.yaml")
    os.symlink("../other", repo / "k/more")
    assert read("repo/k") == {"repo/k/a.yaml": b"repo/k/a.yaml", "repo/k/more/b.yaml": b"repo/other/b.yaml"}
    assert unread("repo/k") == {}


def test_links_through_links_lead_out_too(repo: Path) -> None:
    os.symlink("../../outside", repo / "k/out")
    os.symlink("out/canary.yaml", repo / "k/link.yaml")
    assert unread("repo") == {"repo/k/link.yaml": OUT, "repo/k/out": OUT}


def test_a_link_that_says_nothing_of_manifests_is_passed_over(repo: Path) -> None:
    os.symlink("/etc/passwd", repo / "k/README")
    os.symlink("nowhere", repo / "k/broken")
    assert collect(["repo"], None).notices == ()


@pytest.mark.parametrize("marker", ["directory", "worktree", "submodule"])
def test_the_root_is_the_nearest_repository(put: Put, here: Path, marker: str) -> None:
    put("repo/.git/HEAD", "repo/a.yaml", "repo/sub/k/b.yaml")
    put("repo/sub/.git/HEAD" if marker == "directory" else "repo/sub/.git")
    os.symlink("../../a.yaml", here / "repo/sub/k/link.yaml")
    assert unread("repo/sub") == {"repo/sub/k/link.yaml": OUT}
    assert unread("repo/sub/k") == {"repo/sub/k/link.yaml": OUT}
    assert unread("repo") == {}


def test_without_a_repository_the_path_is_the_root(put: Put, here: Path) -> None:
    put("k/a.yaml", "l/b.yaml")
    os.symlink("../l", here / "k/l")
    assert unread("k") == {"k/l": OUT}
    assert unread(".") == {}


@pytest.mark.parametrize("swapped", ["directory", "file"])
def test_what_is_swapped_for_a_link_meanwhile_is_not_followed(repo: Path, here: Path, swapped: str) -> None:
    (repo / "k/canary.yaml").write_text("once a file of the repository")
    with DiskTree(str(repo)) as tree:
        mode = tree._stat_mode

        def swap(path: str) -> int:
            before = mode(path)
            moved = repo / ("k" if swapped == "directory" else "k/a.yaml")
            moved.rename(here / "moved")
            os.symlink(here / "outside" if swapped == "directory" else here / "outside/canary.yaml", moved)
            tree._let_go()
            return before

        tree._stat_mode = swap  # type: ignore[method-assign]  # between the look and the opening
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            tree.read(str(repo / ("k/canary.yaml" if swapped == "directory" else "k/a.yaml")))


def test_a_path_outside_of_the_tree_is_refused(repo: Path, here: Path) -> None:
    with DiskTree(str(repo)) as tree:
        for path in (here / "outside/canary.yaml", repo / "k/../../outside/canary.yaml", here / "repository/a.yaml"):
            with pytest.raises(OSError, match=r"outside of the repository|No such file|symbolic"):
                tree.read(str(path))


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs a /proc")
def test_a_file_that_says_it_is_empty_and_is_not() -> None:
    real = os.path.realpath("/proc/self")
    with DiskTree(real) as tree, pytest.raises(NotReadError, match="a file that says it is empty, and is not"):
        tree.read(f"{real}/status")


def test_a_file_that_grows_while_it_is_read(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = os.stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, 10, 0, 0, 0))
    (repo / "k/a.yaml").write_bytes(bytes(5000))
    monkeypatch.setattr(os, "fstat", lambda _: small)
    with DiskTree(str(repo)) as tree, pytest.raises(NotReadError, match="larger than 4 KiB"):
        tree.read(str(repo / "k/a.yaml"), 4096)


def test_only_so_many_files_and_bytes(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("k/a.yaml", "k/b.yaml", "k/c.yaml")
    put("k/d.yaml", text="d" * 100)
    monkeypatch.setattr("kubeqed.sources.collected.MOST_FILES", 3)
    assert unread("k") == {"k/d.yaml": "more than 3 files"}
    assert unread("k/a.yaml", "k/b.yaml", "k/c.yaml", "k/d.yaml") == {}
    monkeypatch.setattr("kubeqed.sources.collected.MOST_FILES", 4)
    monkeypatch.setattr("kubeqed.sources.collected.MOST_BYTES", 40)
    assert list(unread("k")) == ["k/d.yaml"]


def test_a_pointer_is_not_the_file(put: Put) -> None:
    put("k/a.yaml", text="version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert unread("k") == {"k/a.yaml": "a pointer of Git LFS, not the file"}


@pytest.mark.parametrize("kind", ["link", "pipe", "large", "device"])
def test_an_ignore_file_comes_through_the_same_door(put: Put, repo: Path, here: Path, kind: str) -> None:
    file = repo / "k/.gitignore"
    put("outside/patterns", text="a.yaml\n")
    if kind == "link":
        os.symlink("../../outside/patterns", file)
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "device":
        os.symlink("/dev/zero", file)
    else:
        file.write_bytes(b"a.yaml\n" * 100_000)
    collected = collect(["repo/k"], None)
    assert [found.path for found in collected.files] == ["repo/k/a.yaml"]
    (notice,) = collected.notices
    assert (notice.kind, notice.span and notice.span.file) == (NoticeKind.NOT_READ, "repo/k/.gitignore")


def test_many_of_a_kind_are_one_notice(repo: Path) -> None:
    for number in range(20):
        os.symlink("/etc/passwd", repo / f"k/l{number:02}.yaml")
    (notice,) = collect(["repo"], None).notices
    assert notice.text.startswith("repo/k/l00.yaml, repo/k/l01.yaml, repo/k/l02.yaml, ")
    assert notice.text.endswith(f"repo/k/l09.yaml and 10 more are not read: {OUT}")


def test_no_descriptor_is_left_open(repo: Path) -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for _ in range(5):
        collect(["repo", "repo/k"], None)
    assert not before or len(os.listdir("/proc/self/fd")) == before
