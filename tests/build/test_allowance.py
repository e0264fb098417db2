"""One budget for all builds of a run: charts and overlays of a small tree do not multiply without end, and what is given up is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.build import allowance
from kubeqed.cli import main

CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}], selector: {a: b}}\n"


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Charts and overlays of which the first spends all."""
    monkeypatch.setattr(allowance.Allowance.__init__, "__defaults__", (allowance.OF_OBJECT // 2,))
    monkeypatch.setattr(allowance, "_OF_CHARACTER", 0)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("given_up", ["chart", "kustomization"])
def test_what_would_cost_too_much_is_given_up_by_name(tree: Path, given_up: str) -> None:
    if given_up == "chart":
        put(tree, {f"{one}/Chart.yaml": CHART for one in "abc"})
        put(tree, {f"{one}/templates/web.yaml": SERVICE for one in "abc"})
    else:
        put(tree, {f"{one}/kustomization.yaml": f"namePrefix: {one}-\nresources: [../base]\n" for one in "abc"})
        put(tree, {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": SERVICE})
    result = CliRunner().invoke(main, ["check", "--output-format", "json"])
    assert result.exit_code == 3
    notices = json.loads(result.stdout)["notices"]
    assert [(one["kind"], one["text"]) for one in notices] == [
        ("gave-up", f"the {given_up} {one}, which is too much for one run: given up, nothing of it is judged")
        for one in "bc"
    ]
    assert f"the {given_up} b, which is too much for one run" in CliRunner().invoke(main, ["units"]).output


def test_clusters_that_apply_each_other_s_paths_are_bounded(tree: Path) -> None:
    application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a{0}, namespace: argocd}}\nspec: {{project: x, destination: {{namespace: n, server: 'https://s{0}'}}, source: {{repoURL: https://e.com/r.git, path: apps}}}}\n"
    put(tree, {"apps/a.yaml": "---\n".join(application.format(number) for number in range(3))})
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 3
    assert "apps of https://e.com/r.git, which is one of too many: given up" in result.output


def test_many_that_are_given_up_are_counted(tree: Path) -> None:
    names = [f"c{number}" for number in range(30)]
    put(tree, {f"{one}/Chart.yaml": CHART for one in names} | {f"{one}/templates/a.yaml": SERVICE for one in names})
    output = CliRunner().invoke(main, ["check"]).output
    assert output.count("[gave-up]") == 21
    assert "9 more parts would cost too much" in output


def test_other_values_are_not_tried_then(tree: Path) -> None:
    switched = f"{SERVICE}---\n{{{{ if .Values.more }}}}{SERVICE.replace('web', 'more')}{{{{ end }}}}"
    put(tree, {"Chart.yaml": CHART, "values.yaml": "more: false\n", "templates/a.yaml": switched})
    assert "1 switch or files of ci/ not tried" in CliRunner().invoke(main, ["check"]).output


def test_a_template_that_takes_too_many_steps_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"Chart.yaml": CHART, "templates/a.yaml": SERVICE})
    put(tmp_path, {"templates/b.yaml": "{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}"})
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["check"])
    assert result.exit_code == 3
    assert "templates/b.yaml:1:1: warning: the template shop/templates/b.yaml: it takes too many steps" in result.output


def test_what_is_read_adds_to_what_may_be_spent() -> None:
    left = allowance.Allowance(0)
    left.earn(1)
    left.spend(8)
    assert not left.is_spent
    left.spend(1)
    assert left.is_spent


def test_helpers_inside_of_helpers_without_end_are_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helpers = "".join(
        f'{{{{ define "h{number}" }}}}{{{{ include "h{number + 1}" . }}}}{{{{ end }}}}' for number in range(2000)
    )
    put(tmp_path, {"Chart.yaml": CHART, "templates/_h.tpl": helpers, "values.yaml": "on: false\n"})
    put(tmp_path, {"templates/a.yaml": f'{SERVICE}---\n{{{{ if .Values.on }}}}{{{{ include "h0" . }}}}{{{{ end }}}}'})
    monkeypatch.chdir(tmp_path)
    assert "internal-error" not in CliRunner().invoke(main, ["check"]).output


def test_a_template_of_too_many_variables_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f"{{{{ $v{number} := 1 }}}}" for number in range(600))
    put(tmp_path, {"Chart.yaml": CHART, "templates/a.yaml": SERVICE, "templates/b.yaml": many})
    monkeypatch.chdir(tmp_path)
    output = CliRunner().invoke(main, ["check"]).output
    assert "the template shop/templates/b.yaml: it declares too many variables: given up" in output
