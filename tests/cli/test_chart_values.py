"""Values of a chart that no template reads, and values that nothing defines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"


def remarks(
    root: Path, monkeypatch: pytest.MonkeyPatch, values: str, template: str, more: Mapping[str, str]
) -> list[str]:
    files = {"Chart.yaml": CHART, "values.yaml": values, "templates/a.yaml": f"kind: List\nitems:\n{template}\n"}
    for name, text in {**files, **more}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.chdir(root)
    options = ["--output-format", "json", "--show", "posture", "--select", "chart-value-*"]
    found = json.loads(CliRunner().invoke(main, ["check", *options]).stdout)["findings"]
    return [f"{one['file']}:{one['line']} {one['message']}" for one in found]


@pytest.mark.parametrize(
    ("values", "template"),
    [
        ("a: {b: 1}", "- {{ .Values.a.b }}"),
        ("a: {b: 1}", "{{ toYaml .Values.a }}"),
        ("a: {b: 1}", "{{ toYaml .Values }}"),
        ("a: {b: 1}", "{{ with .Values.a }}- {{ .b }}{{ end }}"),
        ("a: {b: 1}", "{{ range $k, $v := .Values.a }}- {{ $k }}{{ end }}"),
        ("a: {b: {c: 1}}", "{{ range .Values.a }}- {{ .c }}{{ end }}"),
        ("a: {b: 1}", "{{ $a := .Values.a }}- {{ $a.b }}"),
        ("a: {b: 1}", "{{ $v := .Values }}- {{ $v.a.b }}"),
        ("a: {b: 1}", '- {{ index .Values "a" "b" }}'),
        ("a: {b: 1}", '- {{ include "h" . }}{{ define "h" }}{{ .Values.a.b }}{{ end }}'),
        ("a: {b: 1}", '- {{ include "h" .Values.a }}{{ define "h" }}{{ .b }}{{ end }}'),
        ("a: {b: 1}", '- {{ include "h" (dict "root" $) }}{{ define "h" }}{{ .root.Values.a.b }}{{ end }}'),
        ("a: {b: 1}", "- {{ .Values.AsMap.a.b }}"),
        ("a: {b: 1}", "- {{ (.Values.a).b }}"),
        ("a: {b: 1}", "{{ if .Values.a.b }}- x{{ end }}"),
        ("a: {b: 1}\nt: '{{ .Values.a.b }}'", "- {{ tpl .Values.t . }}"),
        ("a: &a {b: 1}\nc: {<<: *a}", "- {{ .Values.c.b }}"),
        ("global: {b: 1}\ntags: {x: true}", "- x"),
    ],
)
def test_what_a_template_reads_in_some_way_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, values: str, template: str
) -> None:
    assert remarks(tmp_path, monkeypatch, f"{values}\n", template, {}) == []


def test_the_highest_key_that_nothing_reads_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = "a:\n  b: 1\n  c: {d: 1}\ne:\n  f: 1\n"
    assert remarks(tmp_path, monkeypatch, values, "{{ if .Values.a.b }}- x{{ end }}", {}) == [
        "values.yaml:3 no template reads the value a.c",
        "values.yaml:4 no template reads the value e",
    ]


def test_values_of_sub_charts_and_of_conditions_are_not_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = {
        "Chart.yaml": f"{CHART}dependencies: [{{name: sub, version: 1.0.0, condition: parts.sub}}]\n",
        "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        "charts/sub/templates/a.yaml": "kind: List\nitems: [{{ .Values.y }}]\n",
    }
    values = "sub: {x: 1}\nparts: {sub: true}\nz: 1\n"
    assert remarks(tmp_path, monkeypatch, values, "- x", more) == ["values.yaml:3 no template reads the value z"]
    (tmp_path / "charts/sub/Chart.yaml").unlink()
    assert remarks(tmp_path, monkeypatch, values, "- x", {"Chart.yaml": more["Chart.yaml"]}) == []


@pytest.mark.parametrize(
    "template",
    [
        "- {{ .Values.a.x | default 1 }}",
        "- {{ default 1 .Values.a.x }}",
        "{{ if .Values.a.x }}- {{ .Values.a.x }}{{ end }}",
        "{{ with .Values.a.x }}- {{ . }}{{ end }}",
        '{{ if hasKey .Values.a "x" }}- {{ .Values.a.x }}{{ end }}',
        "- {{ .Values.a.b }}{{ coalesce .Values.a.x .Values.a.b }}",
        "- {{ .Values.empty.x }}",
        "- {{ .Values.named }}",
        "- {{ .Values.tested }}",
    ],
)
def test_what_may_be_absent_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    schema = '{"properties": {"named": {"type": "string"}}}'
    more = {"values.schema.json": schema, "ci/one-values.yaml": "tested: 1\n"}
    found = remarks(tmp_path, monkeypatch, "a: {b: 1}\nempty: {}\n", template, more)
    assert [one for one in found if "defined nowhere" in one] == []


def test_a_value_that_nothing_defines_is_named_where_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = remarks(tmp_path, monkeypatch, "a: {b: 1}\n", "- {{ .Values.a.b }}\n- {{ .Values.a.x }}", {})
    assert found == [
        "templates/a.yaml:4 the value a.x is read here and defined nowhere, so that it is empty unless it is given"
    ]
