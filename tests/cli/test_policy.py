"""Whose policy judges: that of the checked version, that of a revision, and what the one mutes and the other does not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.running import git, run

FAULTY = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 1}]}
"""
ENTRY = {"rule": "node-port-out-of-range", "file": "k8s/web.yaml", "fingerprint": "x", "reason": "r"}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A commit with an error and a configuration that mutes nothing."""
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s/web.yaml").write_text(FAULTY)
    (tmp_path / "kubeqed.yaml").write_text("cluster: {kubernetes: '1.33'}\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    return tmp_path


def told(at: Path, *arguments: object) -> list[str]:
    """What is said of the policy, with its place."""
    found = run("check", "--policy-base", "main", "--output-format", "json", *arguments, cwd=at)
    notices = [notice for notice in json.loads(found.stdout)["notices"] if notice["kind"] == "policy"]
    return [f"{notice['file']}:{notice['line']}: {notice['text']}" for notice in notices]


def test_the_same_policy_is_nothing_to_speak_of(repo: Path) -> None:
    assert told(repo) == told(repo, "--kubernetes-version", "1.30") == told(repo, "--config", "kubeqed.yaml") == []
    assert told(repo / "k8s") == told(repo, repo) == []


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        (
            "rules: {ignore: [node-port-out-of-range]}",
            "1: the configuration turns off node-port-out-of-range, unlike that of main",
        ),
        (
            "rules: {severity: {node-port-out-of-range: off}}",
            "1: the configuration turns off node-port-out-of-range, unlike",
        ),
        (
            "rules: {severity: {node-port-clash: note}}",
            "1: the configuration lowers the severity of node-port-clash, unlike",
        ),
        ("ignore:\n- {paths: [k8s/], reason: r}", "3: 1 entry of ignore: are not in that of main"),
        ("exclude: [k8s/]", "2: k8s/ of exclude: are not in that of main"),
        ("baseline: base.json", "base.json:1: 1 findings of the baseline are not in that of main"),
        ("units: [{path: k8s}]", "1: units: or cluster: are not those of main, which may change what is found"),
    ],
)
def test_what_mutes_is_said(repo: Path, configuration: str, said: str) -> None:
    (repo / "base.json").write_text(json.dumps({"version": 1, "findings": [ENTRY]}))
    (repo / "kubeqed.yaml").write_text(f"cluster: {{kubernetes: '1.33'}}\n{configuration}\n")
    (line,) = told(repo)
    assert said in line
    assert line.startswith(("kubeqed.yaml:", "base.json:"))
    assert told(repo, "--config", "main:kubeqed.yaml") == []


def test_a_configuration_that_is_gone_is_compared_too(repo: Path) -> None:
    (repo / "kubeqed.yaml").unlink()
    assert told(repo) == ["None:None: units: or cluster: are not those of main, which may change what is found"]


def test_a_configuration_from_outside_is_the_users_own(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "own.yaml"
    outside.write_text("rules: {ignore: [node-port-*]}\n")
    assert told(repo, "--config", outside) == []


def test_new_comments_and_annotations_are_said(repo: Path) -> None:
    text = FAULTY.replace("kind: Service", "# kubeqed: ignore[node-port-out-of-range] old\nkind: Service")
    (repo / "k8s/web.yaml").write_text(text)
    git(repo, "commit", "-qam", "with a comment")
    assert told(repo) == []
    (repo / "k8s/web.yaml").write_text(f"{text}---\n{text}")
    (repo / "k8s/new.yaml").write_text('metadata: {annotations: {kubeqed.dev/ignore: "a: b"}}')
    (line,) = told(repo)
    assert line.endswith(
        "comments or annotations suppress findings, and are not in main: k8s/new.yaml:1, k8s/web.yaml:8"
    )


def test_what_cannot_be_compared_is_said(repo: Path) -> None:
    (repo / "kubeqed.yaml").write_text("rules: [")
    git(repo, "commit", "-qam", "broken")
    (repo / "kubeqed.yaml").write_text("rules: {ignore: [node-port-*]}\n")
    (line,) = told(repo)
    assert "what main suppresses cannot be read, so that it is not compared" in line
    found = run("check", "--policy-base", "nowhere", cwd=repo)
    assert (found.exit_code, found.stderr) == (2, "nowhere:1:1: error: 'nowhere' is no git revision\n")


def test_it_is_seen_in_text_and_markdown_and_beside_the_line(repo: Path) -> None:
    (repo / "kubeqed.yaml").write_text("rules: {ignore: [node-port-clash, node-port-out*]}\n")
    found = run("check", "--policy-base", "main", "--output-format", "markdown", cwd=repo)
    for text in (found.stderr, found.stdout):
        assert "turns off node-port-clash, node-port-out-of-range" in text.replace("\\", "")
    beside = run("check", "--policy-base", "main", "--output-format", "github", cwd=repo).stdout
    assert beside.startswith("::warning file=kubeqed.yaml,line=1,")


def test_a_revisions_configuration_judges(repo: Path) -> None:
    (repo / "base.json").write_text(json.dumps({"version": 1, "findings": []}))
    (repo / "kubeqed.yaml").write_text("baseline: base.json\n")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "with a baseline")
    (repo / "kubeqed.yaml").write_text("rules: {ignore: [node-port-*]}\n")
    (repo / "base.json").unlink()
    assert run("check", cwd=repo).exit_code == 0
    for config in ("main:kubeqed.yaml", "main:", "git:main:", "HEAD:./kubeqed.yaml"):
        assert run("check", "--config", config, cwd=repo).exit_code == 1, config
    for at in (repo / "k8s", repo.parent):
        assert run("check", "--config", "main:", repo / "k8s", cwd=at).exit_code == 1
    assert run("reach", "--config", "main:", cwd=repo).exit_code == 0


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("main:none.yaml", "main:none.yaml:1:1: error: cannot read the configuration: the revision has no such file"),
        ("nowhere:kubeqed.yaml", "'nowhere:kubeqed.yaml' is neither a path nor a git revision"),
        ("git:nowhere:", "'nowhere:' is no git revision"),
        ("main:out.yaml", "main:out.yaml:1:1: error: cannot read the configuration: the revision has no such file"),
        ("main:../kubeqed.yaml", "the revision has no such file"),
    ],
)
def test_a_revision_without_the_configuration(repo: Path, config: str, said: str) -> None:
    os.symlink("/etc/passwd", repo / "out.yaml")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "out")
    found = run("check", "--config", config, cwd=repo)
    assert found.exit_code == 2
    assert said in found.stderr


def test_what_could_be_both_is_refused(repo: Path) -> None:
    (repo / "main:kubeqed.yaml").write_text("rules: {ignore: [node-port-clash, node-port-out*]}\n")
    found = run("check", "--config", "main:kubeqed.yaml", cwd=repo)
    assert found.exit_code == 2
    assert "is a path and a git revision: write ./main:kubeqed.yaml or git:main:kubeqed.yaml" in found.stderr
    assert run("check", "--config", "git:main:kubeqed.yaml", cwd=repo).exit_code == 1
    assert run("check", "--config", "./main:kubeqed.yaml", cwd=repo).exit_code == 0


@pytest.mark.parametrize("exclude", [("--exclude", "k8s"), ("--exclude", "web.yaml"), ()])
def test_what_is_excluded_is_not_read_and_said(repo: Path, exclude: tuple[str, ...]) -> None:
    if not exclude:
        (repo / "kubeqed.yaml").write_text("exclude: ['**/web.yaml']\n")
    found = run("check", *exclude, "--output-format", "json", cwd=repo)
    assert found.exit_code == 0
    (notice,) = json.loads(found.stdout)["notices"]
    assert (notice["kind"], notice["text"].split(" ", 1)[1]) == ("excluded", "is not read: excluded")
    for command in (("reach",), ("diff", "main", ".")):
        assert "is not read: excluded" in run(*command, *exclude, cwd=repo).stderr
    assert run("check", "k8s/web.yaml", *exclude, cwd=repo).exit_code == 1, "what is named is read"


INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: elsewhere, port: {number: 80}}}}
"""


def test_what_was_not_read_may_hold_what_is_missing(repo: Path) -> None:
    (repo / "kubeqed.yaml").write_text("units: [{path: k8s, world: closed}]\n")
    (repo / "k8s/web.yaml").write_text(INGRESS)
    assert run("check", cwd=repo).exit_code == 1
    (repo / "k8s/more").mkdir()
    assert run("check", "--exclude", "more", cwd=repo).exit_code == 0
    os.symlink("/etc/passwd", repo / "k8s/link.yaml")
    assert run("check", cwd=repo).exit_code == 0
    (repo / "k8s/link.yaml").rename(repo / "link.yaml")
    assert run("check", cwd=repo).exit_code == 1, "it is in no unit of ours"
