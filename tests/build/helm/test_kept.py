"""At other values, what a template printed at the defaults is kept if it read nothing of what is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.helm.charts import CHART, NOWHERE

from kubeqed.build.files import TreeFiles
from kubeqed.build.gotemplate.resources import Budget
from kubeqed.build.gotemplate.tracing.reads import ReadLog
from kubeqed.build.helm.analysis.switches import SwitchedChart, build_with_switches
from kubeqed.build.helm.build import ChartRequest
from kubeqed.build.helm.rendering import PrintedTemplate, Rendering
from kubeqed.sources import tree_around

SERVICE = "{{ if .Values.enabled }}\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n{{ end }}\n"
VALUES = "enabled: false\nmap: {key: x, inner: {deep: y}}\n"
READS = {
    "{{ .Values.enabled }}": True,
    '{{ include "helper" . }}': True,
    '{{ include "helper" (dict "Values" .Values) }}': True,
    "{{ toYaml .Values | quote }}": True,
    "{{ .Values.AsMap | toJson | quote }}": True,
    '{{ index .Values "enabled" }}': True,
    "{{ $values := .Values }}{{ $values.enabled }}": True,
    "{{ range $key, $value := .Values }}{{ $key }}{{ end }}": True,
    '{{ tpl "{{ .Values.enabled }}" . }}': True,
    "{{ .Values.map.key }}": False,
    "{{ toYaml .Values.map | quote }}": False,
    '{{ index .Values "map" "inner" "deep" }}': False,
    '{{ include "helper" (dict "Values" (dict "enabled" "fixed")) }}': True,  # by the key, which has no place there
    "fixed": False,
}


def build(root: Path, text: str, ci: str = "") -> SwitchedChart:
    files = {
        "Chart.yaml": CHART,
        "values.yaml": VALUES,
        "templates/service.yaml": SERVICE,
        "templates/map.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata: {{a: {text}}}\n",
        "templates/_helper.tpl": '{{ define "helper" }}{{ .Values.enabled }}{{ end }}',
        **({"ci/x-values.yaml": ci} if ci else {}),
    }
    for name, content in files.items():
        (root / "shop" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "shop" / name).write_text(content)
    with tree_around(str(root)) as tree:
        return build_with_switches(ChartRequest(str(root / "shop")), TreeFiles(tree, str), NOWHERE)


def shown(chart: SwitchedChart) -> list[tuple[str, list[str]]]:
    return [(one.at.name, [str(placed.document.root) for placed in one.built.documents]) for one in chart.trials]


@pytest.mark.parametrize(("text", "reads"), READS.items())
def test_only_what_reads_a_switch_is_rendered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, reads: bool
) -> None:
    rendered: list[str] = []
    render = Rendering._render_file

    def noted(self: Rendering, name: str, budget: Budget) -> PrintedTemplate | None:
        rendered.append(name)
        return render(self, name, budget)

    monkeypatch.setattr(Rendering, "_render_file", noted)
    once = shown(build(tmp_path, text))
    assert rendered.count("shop/templates/service.yaml") == 2
    assert rendered.count("shop/templates/map.yaml") == 1 + reads
    monkeypatch.setattr(ReadLog, "concerns", lambda *_: True)
    assert shown(build(tmp_path, text)) == once


@pytest.mark.parametrize(
    "ci",
    [
        "enabled: true",
        "map: {key: z}",
        "map: {new: z}",
        "map: {inner: {deep: null}}",
        "map: null",
        "new: {a: b}",
        "global: {a: b}",
    ],
)
@pytest.mark.parametrize("text", READS)
def test_values_of_ci_are_seen_wherever_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, ci: str
) -> None:
    once = shown(build(tmp_path, text, ci))
    monkeypatch.setattr(ReadLog, "concerns", lambda *_: True)
    assert shown(build(tmp_path, text, ci)) == once


def test_nothing_is_kept_where_templates_change_the_values(tmp_path: Path) -> None:
    text = '{{ if .Values.enabled }}{{ $_ := set .Values.map "key" "changed" }}{{ end }}x'
    chart = build(tmp_path, text)
    (trial,) = chart.trials
    assert trial.at.name == "enabled=true"
    (tmp_path / "shop/templates/a.yaml").write_text("kind: A\nmetadata: {name: {{ .Values.map.key }}}\n")
    assert any("changed" in one for _, several in shown(build(tmp_path, text)) for one in several)
