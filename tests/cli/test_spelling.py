"""Every command gives one answer, from wherever and however the same files are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.running import git
from tests.cli.spelling import answer, calls

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {0}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {0}}}}}
  template: {{metadata: {{labels: {{app: {0}}}}}, spec: {{containers: [{{name: c, image: c}}]}}}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {{name: {0}, namespace: shop}}
spec: {{selector: {{app: {1}}}, ports: [{{port: {2}}}]}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: guard, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
"""
MAKER = "apiVersion: example.org/v1\nkind: Maker\nmetadata: {{name: {0}, namespace: shop}}\n"
CHART = "apiVersion: v2\nname: {0}\nversion: 0.1.0\n"
FILES = {
    "kubeqed.yaml": "intents:\n- {name: closed, from: internet, to: all, expect: denied}\n- default-deny\n",
    "k8s/apps/web.yaml": WORKLOAD.format("web")
    + "---\n"
    + SERVICE.format("web", "web", 80)
    + "---\n"
    + MAKER.format("one"),
    "k8s/apps/db.yaml": WORKLOAD.format("db") + "---\n" + SERVICE.format("db", "dbs", 80),
    "k8s/policies/made.yaml": MAKER.format("two"),
    "k8s/policies/guard.yaml": POLICY,
    "k8s/policies/broken.yaml": "apiVersion: v1\nkind: Service\nspec: [\n",
    "k8s/base/kustomization.yaml": "resources: [a.yaml, missing.yaml]\n",
    "k8s/base/a.yaml": SERVICE.format("based", "based", 80),
    "k8s/prod/kustomization.yaml": "resources: [../base, ../../shared]\nnamePrefix: p-\n",
    "shared/kustomization.yaml": "resources: [b.yaml]\n",
    "shared/b.yaml": SERVICE.format("shared", "shared", 0),
    "k8s/charts/alone/Chart.yaml": CHART.format("alone"),  # its Service selects what another chart applies
    "k8s/charts/alone/templates/a.yaml": SERVICE.format("front", "frontend", 80),
    "k8s/charts/whole/Chart.yaml": CHART.format("whole"),
    "k8s/charts/whole/values.yaml": "port: 0\nunused: 1\n",
    "k8s/charts/whole/templates/_helpers.tpl": '{{ define "labels" }}app: front{{ end }}',
    "k8s/charts/whole/templates/a.yaml": SERVICE.format("of-chart", "front", "{{ .Values.port }}")
    + "---\n"
    + WORKLOAD.format("frontends"),
    "empty/kept": "",
}
COMMANDS = {
    "check": ["check", "--show", "all,suppressed", "--evidence", "--output-format", "json"],
    "text": ["check", "--show", "all"],
    "reach": ["reach", "--exposure", "--output-format", "json"],
    "why": ["why", "shop/web", "shop/db", "--output-format", "json"],
    "units": ["units", "--output-format", "json"],
    "cni": ["cni", "--output-format", "json"],
    "prove": ["prove", "--evidence", "--output-format", "json"],
}
OF_REPOSITORIES = {
    "gitlab": ["check", "--show", "all", "--output-format", "gitlab"],
    "prove-gitlab": ["prove", "--output-format", "gitlab"],
    "diff": ["diff", "git:HEAD", "--output-format", "json"],
    "equivalent": ["equivalent", "git:HEAD", "--output-format", "json"],
}
BUILDS = ("k8s/base", "k8s/charts/whole", "shared")


def make_tree(root: Path) -> Path:
    """The root, with the files."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tree(tmp_path_factory.mktemp("directory").resolve() / "tree")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_tree(tmp_path_factory.mktemp("repository").resolve() / "tree")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "a")
    (root / "k8s/policies/guard.yaml").write_text(POLICY.replace("port: 80", "port: 81"))
    return root


def link_to(directory: Path, root: Path) -> Path:
    """A link beside the root that leads to a directory."""
    link = root.parent / "beside" / "link"
    shutil.rmtree(link.parent, ignore_errors=True)
    link.parent.mkdir()
    link.symlink_to(directory)
    return link


def hold_same(command: list[str], root: Path, inside: str) -> None:
    """Asserts that a command says of a directory what it says of it from elsewhere."""
    first, *others = calls(root, inside, link_to(root / inside, root))
    expected = answer(command, first.where, root, first.path)
    for call in others:
        assert answer(command, call.where, root, call.path) == expected, call


@pytest.mark.parametrize("command", [*COMMANDS, *OF_REPOSITORIES])
def test_a_directory_of_a_repository_is_the_same_however_it_is_spelt(command: str, repository: Path) -> None:
    hold_same({**COMMANDS, **OF_REPOSITORIES}[command], repository, "k8s")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_directory_is_the_same_however_it_is_spelt(command: str, directory: Path) -> None:
    hold_same(COMMANDS[command], directory, "k8s")


@pytest.mark.parametrize("inside", [*BUILDS, "k8s/prod"])
def test_what_is_built_in_a_repository_is_the_same_however_it_is_spelt(inside: str, repository: Path) -> None:
    hold_same(["build", "--origins"], repository, inside)


@pytest.mark.parametrize("inside", BUILDS)
def test_what_is_built_is_the_same_however_it_is_spelt(inside: str, directory: Path) -> None:
    hold_same(["build", "--origins"], directory, inside)


LISTS = [
    ["k8s/policies", "k8s/apps", "shared"],
    ["shared", "k8s/policies", "k8s/apps"],
    ["k8s/apps", "k8s/policies", "shared", "k8s/apps"],
    ["k8s/apps", "./k8s//apps/", "k8s/policies", "shared"],
    ["k8s/apps/web.yaml", "k8s/apps", "k8s/policies", "shared"],
    ["k8s/apps", "k8s/policies", "shared", "k8s/apps/web.yaml"],
    ["k8s/apps/web.yaml", "k8s/apps/db.yaml", "k8s/policies", "shared"],
    ["{root}/k8s/apps", "k8s/policies", "shared"],
    ["{root}/k8s/apps", "{root}/k8s/policies", "{root}/shared"],
]


@pytest.mark.parametrize("command", ["check", "gitlab", "reach", "units", "prove"])
def test_several_paths_are_one_input(command: str, repository: Path) -> None:
    stated = {**COMMANDS, **OF_REPOSITORIES}[command]
    expected = answer(stated, repository, repository, "k8s/apps", "k8s/policies", "shared")
    for paths in LISTS:
        spelt = [path.format(root=repository) for path in paths]
        assert answer(stated, repository, repository, *spelt) == expected, paths


@pytest.mark.parametrize("paths", [["k8s", "k8s/prod"], ["k8s/prod", "k8s"]])
def test_without_a_repository_the_outermost_path_is_the_root(paths: list[str], directory: Path) -> None:
    command = COMMANDS["check"]
    assert answer(command, directory, directory, *paths) == answer(command, directory, directory, "k8s")


@pytest.mark.parametrize("config", ["kubeqed.yaml", "./empty/../kubeqed.yaml", "{root}/kubeqed.yaml"])
@pytest.mark.parametrize("command", ["check", "prove", "units"])
def test_the_configuration_is_the_same_however_it_is_spelt(command: str, config: str, repository: Path) -> None:
    expected = answer(COMMANDS[command], repository, repository, "k8s")
    stated = ["--config", config.format(root=repository)]
    assert answer([*COMMANDS[command], *stated], repository, repository, "k8s") == expected
    stated = ["--config", "../kubeqed.yaml"]
    assert answer([*COMMANDS[command], *stated], repository / "k8s", repository, ".") == expected
