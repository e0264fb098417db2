"""A revision is read as git has stored it, and git runs nothing of what a stranger has planted for it to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubeqed.sources import Collected, collect
from kubeqed.sources.patterns.excluded import Excluded
from kubeqed.sources.revision import Revision, RevisionError, collect_revision, find_revision, read_revision

Put = Callable[..., None]

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="revisions are git's")

IDENTITY = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]


def git(*arguments: str, at: Path | str = ".", given: bytes | None = None) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], cwd=at, input=given, capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(at: Path | str = ".") -> str:
    git("add", "--all", "--force", at=at)
    git("commit", "--quiet", "--allow-empty", "--message", "all", at=at)
    return git("rev-parse", "HEAD", at=at)


def found(text: str, beside: str = ".") -> Revision:
    revision = find_revision(text, beside)
    assert revision is not None
    return revision


def held(text: str, beside: str = ".") -> dict[str, bytes]:
    return {file.path: file.content for file in collect_revision(found(text, beside)).files}


def unread(text: str) -> dict[str, str]:
    return {item.path: item.reason for item in collect_revision(found(text)).unread}


@pytest.fixture
def repo(put: Put, here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, which is the working directory, and a canary beside it."""
    put("outside/canary.yaml", "repo/k/a.yaml", "repo/b.yaml", "repo/README.md")
    git("init", "-q", "-b", "main", at=here / "repo")
    monkeypatch.chdir(here / "repo")
    return here / "repo"


def test_a_revision_holds_what_it_held(repo: Path) -> None:
    first = commit()
    (repo / "k/a.yaml").write_text("changed")
    expected = {"b.yaml": b"repo/b.yaml", "k/a.yaml": b"repo/k/a.yaml"}
    for text, label in (("main", "main"), ("HEAD", "HEAD"), (first, first[:12]), ("HEAD@{0}", "HEAD@{0}")):
        assert held(text) == {f"{label}:{name}": content for name, content in expected.items()}
    assert held("main", "k") == held("main:k") == held("main:./k") == {"main:k/a.yaml": b"repo/k/a.yaml"}
    assert held("main", "k/a.yaml") == held("main:k/a.yaml") == {"main:k/a.yaml": b"repo/k/a.yaml"}


def test_names_and_real_paths_do_not_depend_on_the_working_directory(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit()
    before = collect_revision(found("main", "k"))
    assert before.paths.real("main:k/a.yaml") == str(repo / "k/a.yaml")
    monkeypatch.chdir("/")
    after = collect_revision(found("main", str(repo / "k")))
    assert before == after
    monkeypatch.chdir(repo / "k")
    assert held("main") == held("main:.") == held("main:../k") == {"main:k/a.yaml": b"repo/k/a.yaml"}
    assert "main:b.yaml" in held("main:")


def test_what_is_not_there(repo: Path) -> None:
    commit()
    assert find_revision("main", "../outside") is None
    assert held("main", "new") == {}
    for text in ("nowhere", "-x", "--help", "main\n", "main\nHEAD", ":b.yaml", ":/all", "", ":", "main\0", "a b"):
        assert find_revision(text) is None, text
    for text in ("main:nothing", "main:../outside", "main:k/../../outside", "main:b.yaml/x"):
        with pytest.raises(RevisionError, match="the revision has no"):
            collect_revision(found(text))


def test_a_file_of_a_revision(repo: Path) -> None:
    commit()
    assert read_revision(found("main:k/a.yaml")) == ("main:k/a.yaml", b"repo/k/a.yaml")
    with pytest.raises(RevisionError, match="no such file"):
        read_revision(found("main:k"))


def test_attributes_filter_replace_and_leave_out_nothing(repo: Path, here: Path) -> None:
    marker = here / "marker"
    (repo / ".gitattributes").write_text(
        "*.yaml filter=evil export-subst text=auto working-tree-encoding=UTF-16\nb.yaml export-ignore\n"
    )
    (repo / "b.yaml").write_text("a: $Format:%H$\n", encoding="utf-16")
    (repo / "k/a.yaml").write_text("a: b\n", encoding="utf-16")
    commit()
    for kind in ("smudge", "clean", "process"):
        git("config", f"filter.evil.{kind}", f"touch {marker}")
    git("config", "filter.evil.required", "true")
    assert held("main") == {"main:b.yaml": b"a: $Format:%H$\n", "main:k/a.yaml": b"a: b\n"}
    assert not marker.exists()


def test_nothing_is_put_in_the_place_of_a_commit(repo: Path) -> None:
    first = commit()
    (repo / "k/a.yaml").write_text("replaced")
    second = commit()
    git("replace", first, second)
    (repo / ".git/info/grafts").write_text(f"{second}\n")
    assert held(first)[f"{first[:12]}:k/a.yaml"] == b"repo/k/a.yaml"
    assert held("main~1")["main~1:k/a.yaml"] == b"repo/k/a.yaml"


def test_a_ref_called_like_a_commit_is_not_taken_for_it(repo: Path) -> None:
    first = commit()
    (repo / "k/a.yaml").write_text("other")
    git("update-ref", f"refs/heads/{first}", commit())
    assert held(first)[f"{first[:12]}:k/a.yaml"] == b"repo/k/a.yaml"


@pytest.fixture
def armed(repo: Path, here: Path) -> Iterator[Path]:
    """A commit, and a configuration of the repository in which every key that runs a program runs one."""
    commit()
    marker = here / "marker"
    program = here / "program"
    program.write_text(f"#!/bin/sh\necho run >> '{marker}'\nexit 1\n")
    program.chmod(0o755)
    (repo / "included").write_text(f'[core]\n\tfsmonitor = "{program}"\n\tsshCommand = "{program}"\n')
    for name in os.listdir(repo / ".git/hooks"):
        os.unlink(repo / ".git/hooks" / name)
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout", "pre-auto-gc"):
        shutil.copy(program, repo / ".git/hooks" / hook)
    keys = (
        *("core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.gitProxy", "core.alternateRefsCommand"),
        *("pager.ls-tree", "pager.cat-file", "pager.rev-parse", "diff.external", "credential.helper", "gpg.program"),
        *(
            "uploadpack.packObjectsHook",
            "remote.origin.uploadpack",
            "remote.origin.vcs",
            "alias.ls-tree",
            "alias.cat-file",
        ),
    )
    for key in keys:
        git("config", key, f"!{program}" if key.startswith("alias") else str(program))
    git("config", "include.path", str(repo / "included"))
    git("config", "core.worktree", str(here / "outside"))
    yield marker
    assert not marker.exists()


@pytest.mark.usefixtures("armed")
def test_nothing_that_the_configuration_names_is_run() -> None:
    assert held("main") == {"main:b.yaml": b"repo/b.yaml", "main:k/a.yaml": b"repo/k/a.yaml"}
    assert find_revision("nowhere") is None
    assert find_revision("f" * 40) is None


def test_what_is_not_in_a_partial_clone_is_not_fetched(
    repo: Path, armed: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = here / "plain"
    git("init", "-q", "-b", "main", str(plain))
    (plain / "a.yaml").write_text("a: b")
    commit(plain)
    git("config", "uploadpack.allowFilter", "true", at=plain)
    partial = here / "partial"
    git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{plain}", str(partial), at=here)
    for url in (f"file://{plain}", "ext::sh -c 'touch marker'", "ssh://nowhere/x"):
        git("config", "remote.origin.url", url, at=partial)
        git("config", "remote.origin.uploadpack", str(here / "program"), at=partial)
        git("config", "core.sshCommand", str(here / "program"), at=partial)
        git("config", "protocol.allow", "always", at=partial)
        monkeypatch.chdir(partial)
        assert unread("main") == {"main:a.yaml": "not in this clone"}
        assert find_revision("f" * 40) is None
    assert not (partial / "marker").exists()


def test_links_stay_inside_of_the_commit(repo: Path, here: Path) -> None:
    targets = {
        "k/inside.yaml": "../b.yaml",
        "k/up.yaml": "../../outside/canary.yaml",
        "k/absolute.yaml": str(here / "outside/canary.yaml"),
        "k/gone.yaml": "gone.yaml",
        "k/loop.yaml": "loop.yaml",
        "k/git.yaml": "../.git/config",
        "k/dir.yaml": "../k",
    }
    for name, target in targets.items():
        os.symlink(target, repo / name)
    commit()
    assert held("main", "k") == {"main:k/a.yaml": b"repo/k/a.yaml", "main:k/inside.yaml": b"repo/b.yaml"}
    out, nowhere = "a link that leads out of the repository", "a link that leads nowhere"
    reasons = {"absolute": out, "git": nowhere, "gone": nowhere, "loop": nowhere, "up": out}
    assert unread("main") == {f"main:k/{name}.yaml": reason for name, reason in reasons.items()}


def test_a_submodule_is_not_read(repo: Path, here: Path) -> None:
    git("init", "-q", "-b", "main", str(here / "sub"))
    (here / "sub/x.yaml").write_text("x")
    commit(here / "sub")
    git("submodule", "--quiet", "add", str(here / "sub"), "k/module")
    commit()
    assert unread("main") == {"main:k/module": "another repository"}
    assert held("main", "k/module") == {"main:x.yaml": b"x"}, "the repository of the path is the submodule"


def test_limits_are_those_of_files(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo / "k/large.yaml").write_text("x" * 2000)
    (repo / "k/pointer.yaml").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    commit()
    monkeypatch.setattr("kubeqed.sources.revision_tree.LARGEST", 1000)
    assert unread("main") == {
        "main:k/large.yaml": "larger than 0 KiB",
        "main:k/pointer.yaml": "a pointer of Git LFS, not the file",
    }
    monkeypatch.setattr("kubeqed.sources.git.process.MOST_LISTED", 50)
    with pytest.raises(RevisionError, match="too many files"):
        held("main")


def test_a_tree_that_unfolds_without_end_is_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubeqed.sources.git.process.MOST_LISTED", 1024 * 1024)
    blob = git("hash-object", "-w", "--stdin", given=b"a: b")
    tree = git("mktree", given=b"".join(b"100644 blob %s\t%d.yaml\n" % (blob.encode(), number) for number in range(10)))
    for _ in range(12):
        tree = git("mktree", given=b"".join(b"040000 tree %s\t%d\n" % (tree.encode(), number) for number in range(10)))
    with pytest.raises(RevisionError, match="too many files"):
        collect_revision(found(git("commit-tree", "-m", "bomb", tree)))


def test_names_that_no_working_tree_takes(repo: Path) -> None:
    blob = bytes.fromhex(git("hash-object", "-w", "--stdin", given=b"a: b"))
    names = ("../up.yaml", "..", ".git", "/etc/x.yaml", "a//b.yaml", "ok.yaml", "é\n.yaml")
    raw = b"".join(b"100644 " + name.encode() + b"\0" + blob for name in sorted(names))
    tree = git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=raw)
    assert set(held(tree)) == {f"{tree[:12]}:ok.yaml", f"{tree[:12]}:é\n.yaml"}


@pytest.mark.parametrize("how", ["file", "link", "commondir"])
def test_the_repository_of_somebody_else_is_not_read(
    repo: Path, here: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit()
    tree = here / "tree"
    tree.mkdir()
    if how == "file":
        (tree / ".git").write_text(f"gitdir: {repo}/.git\n")
    elif how == "link":
        os.symlink(repo / ".git", tree / ".git")
    else:
        git("init", "-q", str(tree))
        (tree / ".git/commondir").write_text(f"{repo}/.git\n")
    monkeypatch.chdir(tree)
    assert find_revision("main") is None


def test_every_sort_of_repository(repo: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit()
    git("worktree", "add", "-q", "--detach", str(here / "tree"))
    git("clone", "-q", "--depth=1", f"file://{repo}", str(here / "shallow"))
    git("clone", "-q", "--bare", str(repo), str(here / "bare"))
    git("clone", "-q", "--shared", str(repo), str(here / "shared"))
    git("init", "-q", "--object-format=sha256", "-b", "main", str(here / "sha256"))
    (here / "sha256/b.yaml").write_text("sha256")
    new = commit(here / "sha256")
    for name in ("tree", "shallow", "bare", "shared"):
        monkeypatch.chdir(here / name)
        assert held("HEAD") == {"HEAD:b.yaml": b"repo/b.yaml", "HEAD:k/a.yaml": b"repo/k/a.yaml"}, name
    monkeypatch.chdir(here / "sha256")
    assert held(new) == {f"{new[:12]}:b.yaml": b"sha256"}


def test_the_environment_of_a_hook_does_not_mislead(repo: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"):
        monkeypatch.setenv(name, str(here / "elsewhere"))
    monkeypatch.setenv("GIT_NAMESPACE", "x")
    assert len(held("main")) == 2


@pytest.mark.parametrize("name", ["HEAD", "packed-refs", "refs/heads/piped", "shallow"])
def test_a_git_that_waits_is_not_waited_for(repo: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("kubeqed.sources.git.process.PATIENCE", 0.3)
    (repo / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(repo / ".git" / name)
    assert find_revision("piped") is None


def test_without_git_nothing_is_a_revision(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit()
    monkeypatch.setenv("PATH", f".{os.pathsep}{repo}")
    assert find_revision("main") is None


def test_exclusions_hold(repo: Path) -> None:
    commit()
    collected = collect_revision(found("main:"), [Excluded(str(repo), ("k/",))])
    assert [file.path for file in collected.files] == ["main:b.yaml"]
    assert [item.path for item in collected.unread] == ["main:k"]


NAME = st.sampled_from(["a", "b", "templates", "node_modules", "charts"])
FILE = st.sampled_from(["x.yaml", "y.json", "Chart.yaml", "values.yaml", ".#x.yaml", "n.txt"])
PLACE = st.tuples(st.lists(NAME, max_size=3), FILE).map(lambda parts: "/".join([*parts[0], parts[1]]))
TARGET = st.tuples(st.sampled_from(["", "..", "../..", "../../..", "/"]), PLACE, st.booleans()).map(
    lambda parts: os.path.join(parts[0], os.path.dirname(parts[1]) if parts[2] else parts[1]) or "."
)


@settings(max_examples=40, deadline=None)
@given(
    st.sets(PLACE, min_size=1, max_size=8),
    st.dictionaries(PLACE.map(lambda place: f"{place}.yaml"), TARGET, max_size=4),
)
def test_a_directory_and_its_commit_hold_the_same(files: set[str], links: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(os.path.realpath(name))
        git("init", "-q", "-b", "main", name)
        for file in files:
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text(file)
        for link, target in links.items():
            (root / link).parent.mkdir(parents=True, exist_ok=True)
            os.symlink(target, root / link)
        commit(name)
        disk, stored = collect([name], None), collect_revision(found("main", name))
        assert described(disk, f"{name}/") == described(stored, "main:")


def described(collected: Collected, prefix: str) -> object:
    def names(paths: object) -> list[str]:
        return [str(path).removeprefix(prefix).removeprefix(prefix.rstrip("/")) for path in paths]  # type: ignore[attr-defined]  # an iterable

    return (
        [(file.path.removeprefix(prefix), file.content) for file in collected.files],
        names(collected.charts),
        names(collected.chart_templates),
        [(item.path.removeprefix(prefix), item.reason, item.real) for item in collected.unread],
        dict(collected.paths.links),
    )
