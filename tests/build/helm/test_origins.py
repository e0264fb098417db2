"""A value stands where one would edit it: in the template, in the helper that writes the block, in the values."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.helm.charts import render_files

from kubeqed.parse import PlacedDocument

HELPERS = """\
{{- define "name" -}}
{{ .Release.Name }}-{{ .Chart.Name }}
{{- end }}
{{- define "ports" -}}
- name: http
  port: {{ .Values.port }}
{{- end }}
"""
SERVICE = """\
{{- $name := include "name" . }}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  annotations:
    {{- toYaml .Values.annotations | nindent 4 }}
spec:
  ports:
    {{- include "ports" . | nindent 4 }}
"""
VALUES = """\
port: 80
annotations:
  a: x
  b: y
"""


def service(root: Path) -> PlacedDocument:
    files = {"templates/service.yaml": SERVICE, "templates/_helpers.tpl": HELPERS, "values.yaml": VALUES}
    (document,) = render_files(root, files).documents
    return document


def places(document: PlacedDocument, path: str) -> list[str]:
    """The place of a field, and those that its value came through."""
    place = document.at(path)
    return [f"{Path(one.file).name}:{one.span.line}" for one in (place, *(through.place for through in place.through))]


def test_a_text_of_a_helper_stands_at_the_line_that_prints_it(tmp_path: Path) -> None:
    found = places(service(tmp_path), "metadata.name")
    assert found == ["service.yaml:5", "service.yaml:1", "_helpers.tpl:2", "Chart.yaml:2"]


def test_a_block_of_a_helper_stands_in_the_helper(tmp_path: Path) -> None:
    assert places(service(tmp_path), "spec.ports[0].name") == ["_helpers.tpl:5", "service.yaml:10"]


def test_a_value_that_is_printed_as_it_is_names_its_line(tmp_path: Path) -> None:
    assert places(service(tmp_path), "spec.ports[0].port") == ["_helpers.tpl:6", "values.yaml:1", "service.yaml:10"]


def test_what_to_yaml_writes_stands_in_the_values(tmp_path: Path) -> None:
    assert places(service(tmp_path), 'metadata.annotations["b"]') == ["values.yaml:4", "service.yaml:7"]


def test_a_template_in_a_value_stands_at_the_line_that_prints_it(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": "kind: ConfigMap\nmetadata:\n  name: {{ tpl .Values.name . }}\n",
        "values.yaml": "name: '{{ .Release.Name }}-x'\n",
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.name")[0] == "map.yaml:3"
    assert "values.yaml:1" in places(document, "metadata.name")


@pytest.mark.parametrize(
    "expression",
    [
        "{{ .Values.name | quote }}",
        "{{ .Values.name | squote }}",
        "{{ .Values.name | toString | trim | upper }}",
        '{{ .Values.name | trunc 2 | trimSuffix "-" }}',
        "{{ .Values.name | b64enc | quote }}",
        '{{ .Values.name | default "other" }}',
        '{{ printf "%s-%s" .Release.Name .Values.name }}',
        '{{ join "-" (list .Release.Name .Values.name) }}',
        "{{ .Release.Name }}-{{ .Values.name }}",
        "x-{{ .Values.name }}",
        "{{ .Values.enabled }}",
        "{{ .Values.enabled | quote }}",
        "{{ add .Values.port 1 }}",
        "{{ .Values.port | int | quote }}",
    ],
)
def test_a_value_keeps_its_line_through_what_passes_its_text_on(tmp_path: Path, expression: str) -> None:
    files = {
        "templates/map.yaml": f"kind: ConfigMap\nmetadata:\n  name: {expression}\n",
        "values.yaml": "name: web\n"
        if ".name" in expression
        else "port: 80\n"
        if ".port" in expression
        else "enabled: true\n",
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.name") == ["map.yaml:3", "values.yaml:1"]


def test_what_an_expression_says_itself_comes_from_no_value(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": 'kind: ConfigMap\nmetadata:\n  name: {{ .Values.name | default "other" }}\n  x: {{ sha256sum .Values.text }}\n',
        "values.yaml": 'name: ""\ntext: x\n',
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.name") == ["map.yaml:3"]
    assert places(document, "metadata.x") == ["map.yaml:4"]


def test_each_line_of_a_block_of_values_is_known(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": "kind: ConfigMap\nmetadata:\n  labels:\n    {{- tpl .Values.labels . | nindent 4 }}\n",
        "values.yaml": "labels: |\n  a: x\n  {{- if true }}\n  b: {{ .Release.Name }}\n  {{- end }}\n",
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.labels.a")[0] == "values.yaml:2"
    assert places(document, "metadata.labels.b")[0] == "values.yaml:4"


def test_what_is_read_of_a_printed_text_stands_where_that_was_written(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": 'kind: ConfigMap\nmetadata:\n  {{- merge (dict "x" "y") (include "m" . | fromYaml) | toYaml | nindent 2 }}\n',
        "templates/_m.tpl": '{{ define "m" -}}\nlabels:\n  a: {{ .Values.a }}\n{{- end }}\n',
        "values.yaml": "a: b\n",
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.labels.a") == ["_m.tpl:3", "values.yaml:1", "map.yaml:3"]
    assert places(document, "metadata.x") == ["map.yaml:3"]


def test_a_template_of_a_file_stands_in_that_file(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": '{{ tpl (.Files.Get "files/map.yaml") . }}\n',
        "files/map.yaml": "kind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.name")[0] == "map.yaml:3"
    assert document.at("metadata.name").file.endswith("files/map.yaml")


def test_a_block_that_a_variable_holds_stands_in_the_helper(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": 'kind: ConfigMap\nmetadata:\n  {{- with include "m" . }}\n  labels:\n    {{- . | nindent 4 }}\n  {{- end }}\n',
        "templates/_m.tpl": '{{ define "m" -}}\na: b\nc: {{ .Release.Name }}\n{{- end }}\n',
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.labels.a")[0] == "_m.tpl:2"
    assert places(document, "metadata.labels.c")[0] == "_m.tpl:3"


def test_an_entry_of_a_merged_map_stands_where_its_value_was_set(tmp_path: Path) -> None:
    files = {
        "templates/map.yaml": 'kind: ConfigMap\n{{ mergeOverwrite (include "m" . | fromYaml) (dict "metadata" (dict "name" .Values.name "x" "y")) | toYaml }}\n',
        "templates/_m.tpl": '{{ define "m" -}}\nmetadata:\n  name: a\n{{- end }}\n',
        "values.yaml": "name: b\n",
    }
    (document,) = render_files(tmp_path, files).documents
    assert places(document, "metadata.name") == ["map.yaml:2", "values.yaml:1"]
    assert places(document, "metadata.x") == ["map.yaml:2"]
