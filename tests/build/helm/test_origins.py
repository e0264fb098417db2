"""A value stands where one would edit it: in the template, in the helper that writes the block, in the values."""

from __future__ import annotations

from pathlib import Path

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
    assert places(service(tmp_path), "metadata.name") == ["service.yaml:5", "service.yaml:1", "_helpers.tpl:2"]


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
