"""What OLD and NEW of `diff` mean: a path, a revision, or a mistake; nobody who writes into the tree decides that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.running import git, run

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template: {metadata: {labels: {app: NAME}}, spec: {containers: [{name: c, image: web}]}}
"""
SHUT = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A commit in which all is shut, and a working tree in which all is open."""
    for name in ("web", "db"):
        (tmp_path / "deploy").mkdir(exist_ok=True)
        (tmp_path / "deploy" / f"{name}.yaml").write_text(WEB.replace("NAME", name))
    (tmp_path / "deploy/shut.yaml").write_text(SHUT)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "shut")
    (tmp_path / "deploy/shut.yaml").unlink()
    return tmp_path


def test_what_could_be_both_is_refused_and_can_be_told_apart(repo: Path) -> None:
    commit = git(repo, "rev-parse", "HEAD")
    for name in ("main", commit, commit[:7], "HEAD"):
        planted = repo / name
        planted.write_text("")
        both = run("diff", name, "deploy", cwd=repo)
        assert (both.exit_code, both.stdout) == (2, "")
        assert f"'{name}' is a path and a git revision: write ./{name} or git:{name}" in both.stderr
        told = run("diff", f"git:{name}", "deploy", "--fail-on", "added", cwd=repo)
        assert told.exit_code == 1
        assert "shop/db[Deployment], shop/web[Deployment]" in told.stdout
        assert run("diff", f"./{name}", f"./{name}", cwd=repo).exit_code == 0
        planted.unlink()


def test_a_revision_is_a_revision_whatever_is_planted(repo: Path) -> None:
    commit = git(repo, "rev-parse", "HEAD")
    for name in (f"git:{commit}", "git:main"):
        (repo / name).write_text("")
        assert run("diff", name, "deploy/", "--fail-on", "added", cwd=repo).exit_code == 1


def test_one_revision_is_compared_with_the_working_tree(repo: Path) -> None:
    for text, at in (("main", repo), ("main", repo / "deploy"), ("HEAD", repo), ("git:main:deploy", repo)):
        assert run("diff", text, "--fail-on", "added", cwd=at).exit_code == 1, text


def test_the_answer_does_not_depend_on_the_working_directory(
    repo: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    here = run("diff", "main", "deploy", cwd=repo)
    assert run("diff", "main", ".", cwd=repo / "deploy").stdout == here.stdout
    assert run("diff", "main", repo / "deploy", cwd=elsewhere).stdout == here.stdout
    assert run("diff", "main:deploy", "deploy", cwd=repo).stdout == here.stdout


@pytest.mark.parametrize("text", ["git:nowhere", "nowhere", "./nowhere", "-x", "git:-x", "git:--help", "main:nowhere"])
def test_what_is_neither(repo: Path, text: str) -> None:
    found = run("diff", "--", text, "deploy", cwd=repo)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "Traceback" not in found.stderr


def test_what_is_not_read_is_said_and_does_not_fail(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "canary.yaml"
    outside.write_text("canary")
    os.symlink(outside, repo / "deploy/link.yaml")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "link")
    for arguments in (("main~1", "deploy"), ("main", "deploy"), ("main", "main~1")):
        found = run("diff", *arguments, cwd=repo)
        assert found.exit_code == 0
        assert "link.yaml is not read: a link that leads out of the repository [not-read]" in found.stderr
        assert "canary" not in found.stdout + found.stderr.replace("canary.yaml", "")
