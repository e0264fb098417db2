"""Charts on which a proof goes wrong easily: what is proved of them holds at each of some values."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from tests.prove.charts.judged import broken_at, prove, said_of, write_chart

WORKLOAD = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{name: http, containerPort: 80}]}]}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: NAME
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
"""
INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  defaultBackend:
    service:
      name: NAME
      port: {name: http}
"""
LISTS = ("[]", "[{name: a, on: true}]", "[{name: a, on: true}, {name: b, on: false}]", "[{name: b, on: false}]")
VALUES = "a: false\nb: false\nname: web\nitems: []\nmap: {}\nextra: {}\n"
TEMPLATES = {
    "a loop that leaves items out": (
        "{{ range .Values.items }}{{ if .on }}\n---\n" + SERVICE.replace("NAME", "{{ .name }}") + "{{ end }}{{ end }}",
        "{{ range .Values.items }}\n---\n" + INGRESS.replace("NAME", "{{ .name }}") + "{{ end }}",
    ),
    "a loop over the same items": (
        "{{ range .Values.items }}\n---\n" + SERVICE.replace("NAME", "{{ .name }}") + "{{ end }}",
        "{{ range .Values.items }}{{ if .on }}\n---\n" + INGRESS.replace("NAME", "{{ .name }}") + "{{ end }}{{ end }}",
    ),
    "an item of another list": (
        "{{ range .Values.items }}\n---\n" + SERVICE.replace("NAME", "{{ .name }}") + "{{ end }}",
        INGRESS.replace("NAME", "{{ .Values.name }}"),
    ),
    "the last item": (
        "{{ range .Values.items }}\n---\n" + SERVICE.replace("NAME", "{{ .name }}") + "{{ end }}",
        '{{ $n := "a" }}{{ range .Values.items }}{{ $n = .name }}{{ end }}\n' + INGRESS.replace("NAME", "{{ $n }}"),
    ),
    "loops inside of each other": (
        "{{ range $x := .Values.items }}{{ range $y := $.Values.items }}\n---\n"
        + SERVICE.replace("NAME", "{{ $x.name }}-{{ $y.name }}")
        + "{{ end }}{{ end }}",
        "{{ range .Values.items }}\n---\n" + INGRESS.replace("NAME", "{{ .name }}-{{ .name }}x") + "{{ end }}",
    ),
    "the keys of a map": (
        "{{ range $k, $v := .Values.map }}\n---\n" + SERVICE.replace("NAME", "{{ $k }}") + "{{ end }}",
        "{{ range $k, $v := .Values.map }}\n---\n" + INGRESS.replace("NAME", "{{ $v }}") + "{{ end }}",
    ),
    "a loop that ends early": (
        "{{ range .Values.items }}\n---\n" + SERVICE.replace("NAME", "{{ .name }}") + "{{ break }}{{ end }}",
        "{{ range .Values.items }}\n---\n" + INGRESS.replace("NAME", "{{ .name }}") + "{{ end }}",
    ),
    "a switch on both sides": (
        "{{ if .Values.a }}\n"
        + SERVICE.replace("NAME", "web")
        + "{{ else if .Values.b }}\n"
        + SERVICE.replace("NAME", "other")
        + "{{ end }}",
        "{{ if or .Values.a .Values.b }}\n" + INGRESS.replace("NAME", "web") + "{{ end }}",
    ),
    "a separator that is not always there": (
        SERVICE.replace("NAME", "web") + "{{ if .Values.a }}\n---\n{{ end }}" + SERVICE.replace("NAME", "other"),
        INGRESS.replace("NAME", "web"),
    ),
    "a label that comes again": (
        SERVICE.replace("NAME", "web").replace(
            "{app: web}", "\n    app: web\n{{ if .Values.a }}\n    app: db\n{{ end }}"
        ),
        INGRESS.replace("NAME", "web"),
    ),
    "a label more under a switch": (
        SERVICE.replace("NAME", "web").replace(
            "{app: web}", "\n    app: web\n    {{- if .Values.a }}\n    tier: x\n    {{- end }}"
        ),
        INGRESS.replace("NAME", "web"),
    ),
    "a map that is changed under a switch": (
        '{{ $m := dict "n" "web" }}{{ if .Values.a }}{{ $_ := set $m "n" "other" }}{{ end }}\n'
        + SERVICE.replace("NAME", "{{ $m.n }}"),
        INGRESS.replace("NAME", "web"),
    ),
    "a map that gets a key under a switch": (
        '{{ $m := dict }}{{ if .Values.a }}{{ $_ := set $m "n" "other" }}{{ end }}\n'
        + SERVICE.replace("NAME", '{{ $m.n | default "web" }}'),
        INGRESS.replace("NAME", "web"),
    ),
    "a helper that changes what it gets": (
        '{{ define "change" }}{{ $_ := set . "n" "other" }}{{ end }}{{ $m := dict "n" "web" }}{{ if .Values.a }}{{ include "change" $m }}{{ end }}\n'
        + SERVICE.replace("NAME", "{{ $m.n }}"),
        INGRESS.replace("NAME", "web"),
    ),
    "values that are changed": (
        '{{ if .Values.a }}{{ $_ := set .Values.extra "n" "other" }}{{ end }}\n' + SERVICE.replace("NAME", "web"),
        INGRESS.replace("NAME", '{{ .Values.extra.n | default "web" }}'),
    ),
    "a helper that knows its file": (
        '{{ define "where" }}{{ .Template.Name | base }}{{ end }}\n'
        + SERVICE.replace("NAME", '{{ include "where" . | trimSuffix ".yaml" }}'),
        INGRESS.replace("NAME", '{{ include "where" . | trimSuffix ".yaml" }}'),
    ),
    "a name in another case": (
        SERVICE.replace("NAME", "{{ .Values.name | lower }}"),
        INGRESS.replace("NAME", "{{ .Values.name }}"),
    ),
    "what fails under a switch": (
        '{{ if .Values.a }}{{ fail "no" }}{{ end }}{{ if not .Values.a }}\n'
        + SERVICE.replace("NAME", "web")
        + "{{ end }}",
        INGRESS.replace("NAME", "web"),
    ),
    "another namespace under a switch": (
        SERVICE.replace("name: NAME\n", "name: web\n{{ if .Values.a }}\n  namespace: other\n{{ end }}\n"),
        INGRESS.replace("NAME", "web"),
    ),
    "a port under a switch": (
        SERVICE.replace("NAME", "web").replace(
            "[{name: http, port: 80, targetPort: http}]",
            "\n    {{- if .Values.a }}\n    - {name: http, port: 80, targetPort: http}\n    {{- end }}\n    - {name: x, port: 81}",
        ),
        INGRESS.replace("NAME", "web"),
    ),
}


@pytest.mark.parametrize("what", TEMPLATES)
def test_what_is_proved_is_never_broken(tmp_path: Path, what: str) -> None:
    service, ingress = TEMPLATES[what]
    files = {
        "values.yaml": VALUES,
        "templates/workload.yaml": WORKLOAD,
        "templates/web.yaml": service,
        "templates/ingress.yaml": ingress,
    }
    chart = write_chart(tmp_path, files)
    said = said_of(prove(chart))
    broken: set[tuple[str, int, str]] = set()
    for a, b, items, one, name in product(
        ("true", "false"), ("true", "false"), LISTS, ("{}", "{a: b}", "{a: a}"), ("web", "Web")
    ):
        broken |= broken_at(chart, f"a: {a}\nb: {b}\nitems: {items}\nmap: {one}\nname: {name}\n") or set()
    assert {key for key, verdict in said.items() if verdict == "proved" and key in broken} == set()
    assert {key for key, verdict in said.items() if verdict == "refuted" and key not in broken} == set()
