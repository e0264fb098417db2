"""What README and the pages under docs/ show of a console is what kubeqed prints, and every command they name exists."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kubeqed.cli import main
from kubeqed.rule.catalogue import find_rules

ROOT = Path(__file__).parents[2]
LEFT_OUT = "…"
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_SAMPLE = re.compile(r"^```console\n\$ kubeqed (.*)\n([^`]*)^```$", re.MULTILINE)
_SPAN = re.compile(r"`kubeqed ([^`]+)`", re.DOTALL)
_LINE = re.compile(r"(?:^|[|$] |run: |- |    )kubeqed (.+)$", re.MULTILINE)
SAMPLES = [
    pytest.param(command, sample, id=f"{page.name}: {command}")
    for page in PAGES
    for command, sample in _SAMPLE.findall(page.read_text(encoding="utf-8"))
]


def test_readme_shows_what_people_start_with() -> None:
    shown = {shlex.split(command)[0] for command, _ in _SAMPLE.findall(README.read_text(encoding="utf-8"))}
    assert shown >= {"check", "reach", "why", "diff"}


@pytest.mark.parametrize(("command", "sample"), SAMPLES)
def test_a_console_sample_is_real_output(command: str, sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    for name in ("FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(main, shlex.split(command))
    real = "(?s:.*)".join(re.escape(part) for part in sample.split(f"{LEFT_OUT}\n"))
    assert re.fullmatch(real, result.stdout + result.stderr), result.output


def commands_shown(page: Path) -> Iterator[list[str]]:
    """The words of each command in code of a page, up to a pipe, a redirection or a comment."""
    text = page.read_text(encoding="utf-8")
    spans = [span.replace("\n", " ") for span in _SPAN.findall(text)]
    blocks = re.findall(r"^```\w*\n(.*?)^```$|^((?: {4}[^\n]*\n)+)", text, re.MULTILINE | re.DOTALL)
    lines = [line for fenced, indented in blocks for line in _LINE.findall(fenced or indented)]
    for line in (*spans, *lines):
        yield shlex.split(re.split(r" [|>#] ?| \(|; | &&", line)[0], comments=True)


def faults_of(words: list[str]) -> list[str]:
    """The subcommands and options among the words that kubeqed does not have."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return [words[0]]
        command, words = found, words[1:]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help", "-h"}
    return [word for word in words if word.startswith("-") and word != "-" and word.partition("=")[0] not in known]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_the_commands_of_a_page_exist(page: Path) -> None:
    shown = list(commands_shown(page))
    assert [(words, faults) for words in shown if words and (faults := faults_of(words))] == []
    rules = {rule.id for rule in find_rules()} | {"RULE"}
    assert [words for words in shown if words[:1] == ["explain"] and not set(words[1:]) <= rules] == []


def test_commands_are_found_in_spans_and_blocks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`kubeqed chek`\n\n```sh\nhelm template . | kubeqed check --nope -\n```\n\n    kubeqed reach --expand  # x\n"
    )
    assert [faults_of(words) for words in commands_shown(page)] == [["chek"], ["--nope"], []]


MANIFESTS = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules:
    - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the commands of the pages speak of: `k8s/`, `apps/web.yaml`, `web.yaml`, a configuration, the branch main."""
    pods = (ROOT / "fixtures/clean/policy-change/before.yaml").read_text(encoding="utf-8")
    files = {"k8s/all.yaml": f"{pods}---\n{MANIFESTS}", "kubeqed.yaml": "cluster: {cni: calico}\n"}
    files |= {"web.yaml": "", "apps/web.yaml": "", "chart/Chart.yaml": "", "overlays/prod/kustomization.yaml": ""}
    files |= {"charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n", "prod.yaml": ""}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    identity = ("-c", "user.name=kubeqed", "-c", "user.email=kubeqed@example.com")
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        (*identity, "commit", "-q", "-m", "All"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines_to_run(page: Path) -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [
        shlex.split(line.partition(" > ")[0]) for block in blocks for line in re.findall(r"kubeqed (.+)$", block, re.M)
    ]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_the_commands_of_a_page_run(page: Path, repository: Path) -> None:
    for words in lines_to_run(page):
        if words[0] == "init":
            (repository / "kubeqed.yaml").unlink()
        result = CliRunner().invoke(main, words, input=MANIFESTS)
        assert result.exit_code in (0, 1), (words, result.output)


def test_pages_for_users_have_commands_to_run() -> None:
    pages = ("getting-started", "reach", "why", "ci", "suppressing", "configuration", "build")
    assert [name for name in pages if not lines_to_run(ROOT / f"docs/{name}.md")] == []
