"""What a chart switches off by default is judged too: each switch is tried on its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.build.helm.charts import pack_chart

from kubeqed.cli import main

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web, ports: [{name: http, containerPort: 8080}]}]}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
"""
INGRESS = """\
{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  {{- range .Values.ingress.extraHosts }}
  - host: {{ .name }}
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: BACKEND, port: {name: http}}}}
  {{- end }}
{{- end }}
"""
BASE = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    "values.yaml": "ingress:\n  enabled: false\n  extraHosts: [{name: a.example}]\n",
    "templates/web.yaml": DEPLOYMENT,
    "templates/service.yaml": SERVICE,
    "templates/_helpers.tpl": '{{ define "shop.name" }}{{ .Chart.Name }}{{ end }}',
}
Found = list[tuple[object, ...]]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(root: Path, files: Mapping[str, str], *options: str) -> list[dict[str, object]]:
    for name, text in (BASE | dict(files)).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    done = CliRunner().invoke(
        main, ["check", "--output-format", "json", "--show", "possible", "--ignore", "chart-value-*", *options]
    )
    found: list[dict[str, object]] = json.loads(done.stdout)["findings"]
    return found


def places(found: list[dict[str, object]]) -> Found:
    return [(one["rule"], one["certainty"], one["file"], one["line"]) for one in found]


def ingress(backend: str) -> dict[str, str]:
    return {"templates/ingress.yaml": INGRESS.replace("BACKEND", backend)}


METRICS = """\
{{- if .Values.metrics.enabled }}
apiVersion: v1
kind: Service
metadata: {name: metrics}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: metrics}]}
{{- end }}
"""


@pytest.mark.parametrize(("is_packed", "certainty"), [(False, "likely"), (True, "possible")])
def test_what_a_chart_of_another_author_lacks_under_a_switch_may_be_given_with_it(
    at: Path, is_packed: bool, certainty: str
) -> None:
    sub = {"Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n", "templates/web.yaml": DEPLOYMENT}
    files = {"templates/web.yaml": "", "values.yaml": "metrics: {enabled: false}\n", "templates/metrics.yaml": METRICS}
    if is_packed:
        (at / "charts").mkdir()
        (at / "charts/sub-1.0.0.tgz").write_bytes(pack_chart(sub))
    found = check(at, files if is_packed else {**files, **{f"charts/sub/{name}": text for name, text in sub.items()}})
    assert [(one["rule"], one["certainty"]) for one in found] == [("target-port-name-missing", certainty)]


def test_a_sound_ingress_that_is_off_is_no_finding(at: Path) -> None:
    assert check(at, ingress("web")) == []


def test_an_ingress_that_is_off_is_judged_as_surely_as_a_warning(at: Path) -> None:
    (found,) = check(at, ingress("other"))
    assert places([found]) == [("backend-service-missing", "likely", "templates/ingress.yaml", 11)]
    assert ", with ingress.enabled=true (depends on" in str(found["message"])
    assert found["units"] == [". with ingress.enabled=true"]
    related = {(one["file"], one["line"], one["message"]) for one in found["related"]}  # type: ignore[attr-defined]
    assert ("values.yaml", 2, "ingress.enabled is false by default") in related


def test_what_the_server_refuses_under_a_switch_is_no_error(at: Path) -> None:
    service = SERVICE.replace("port: 80", "port: 80, nodePort: 80").replace("spec: {", "spec: {type: NodePort, ")
    files = {
        "values.yaml": "more: false\n",
        "templates/more.yaml": f"{{{{ if .Values.more }}}}\n{service}{{{{ end }}}}\n",
    }
    found = check(at, {name: text.replace("{name: web}", "{name: more}") for name, text in files.items()})
    assert places(found) == [("node-port-out-of-range", "likely", "templates/more.yaml", 5)]


def test_a_dot_where_the_root_is_meant_breaks_the_chart_with_the_switch(at: Path) -> None:
    (found,) = check(at, ingress('{{ include "shop.name" . }}'))
    assert places([found]) == [("chart-broken", "possible", "templates/_helpers.tpl", 1)]
    assert "nil pointer evaluating interface {}.Name" in str(found["message"])
    assert str(found["message"]).endswith("with ingress.enabled=true")


def test_a_dot_where_the_root_is_meant_names_another_service(at: Path) -> None:
    found = check(at, ingress("{{ .name }}"))
    assert {(one["rule"], one["line"]) for one in found} == {("value-rejected", 11), ("backend-service-missing", 11)}


def test_an_ingress_that_stays_when_its_service_is_off(at: Path) -> None:
    files = {
        "values.yaml": "service: {enabled: true}\ningress: {enabled: true, extraHosts: [{name: a.example}]}\n",
        "templates/service.yaml": f"{{{{- if .Values.service.enabled }}}}\n{SERVICE}{{{{- end }}}}\n",
    }
    (found,) = check(at, ingress("web") | files)
    assert places([found]) == [("backend-service-missing", "possible", "templates/ingress.yaml", 11)]
    assert "with service.enabled=false" in str(found["message"])
    guarded = INGRESS.replace("if .Values", "if and .Values.service.enabled .Values").replace("BACKEND", "web")
    assert check(at, files | {"templates/ingress.yaml": guarded}) == []


def test_a_statefulset_under_a_switch_whose_service_exists_nowhere(at: Path) -> None:
    stateful = DEPLOYMENT.replace("Deployment", "StatefulSet").replace("spec:\n", "spec:\n  serviceName: web-test\n", 1)
    simulator = stateful.replace("web", "simulator")
    files = {
        "values.yaml": "test: {simulator: false}\n",
        "templates/simulator.yaml": f"{{{{- if .Values.test.simulator }}}}\n{simulator}{{{{- end }}}}\n",
    }
    (found,) = check(at, files)
    assert places([found]) == [("governing-service-missing", "possible", "templates/simulator.yaml", 6)]
    assert "with test.simulator=true" in str(found["message"])


def test_what_is_wrong_without_the_switch_is_one_finding_of_the_chart_itself(at: Path) -> None:
    port = {"templates/service.yaml": SERVICE.replace("port: 80", "port: 80000")}
    found = check(at, ingress("web") | port)
    assert [(one["rule"], one["units"]) for one in found] == [("value-rejected", ["."])]


def test_what_a_chart_asks_for_under_a_switch_is_a_possible_finding(at: Path) -> None:
    needs = INGRESS.replace("kind", '{{- required "set ingress.class" .Values.ingress.class }}\nkind', 1)
    (found,) = check(at, {"templates/ingress.yaml": needs})
    assert places([found]) == [("chart-broken", "possible", "templates/ingress.yaml", 3)]
    assert found["message"] == "the chart asks for a value here: set ingress.class, with ingress.enabled=true"
    assert check(at, {"templates/ingress.yaml": needs}, "--ignore", "chart-broken") == []


@pytest.mark.parametrize(
    "guard",
    [
        "if and .Values.ingress.enabled .Values.ingress.extraHosts",
        "if $.Values.ingress.enabled",
        'if include "shop.on" .',
        "$ingress := .Values.ingress }}{{ if $ingress.enabled",
        'if eq (include "shop.on" (dict "values" .Values)) "true"',
    ],
)
def test_a_switch_is_found_through_helpers_and_variables(at: Path, guard: str) -> None:
    helper = '{{ define "shop.on" }}{{ (.values | default .Values).ingress.enabled }}{{ end }}'
    wrong = INGRESS.replace("if .Values.ingress.enabled", guard).replace("BACKEND", "webs")
    files = {
        "templates/ingress.yaml": wrong,
        "templates/_on.tpl": helper.replace("(.values | default .Values)", "(.Values)"),
    }
    if "dict" in guard:
        files["templates/_on.tpl"] = helper.replace("(.values | default .Values)", ".values")
    if "include" in guard and "eq" not in guard:
        files["templates/_on.tpl"] = '{{ define "shop.on" }}{{ if .Values.ingress.enabled }}true{{ end }}{{ end }}'
    assert [one["rule"] for one in check(at, files)] == ["backend-service-missing"]


def test_a_switch_inside_of_with_and_of_a_loop_is_found(at: Path) -> None:
    wrong = INGRESS.replace("BACKEND", "webs")
    inside = wrong.replace("if .Values.ingress.enabled", "with .Values.ingress }}{{ if .enabled").replace(
        ".Values.ingress.extra", ".extra"
    )
    assert [one["rule"] for one in check(at, {"templates/ingress.yaml": f"{inside}{{{{ end }}}}"})] == [
        "backend-service-missing"
    ]
    loop = wrong.replace("if .Values.ingress.enabled", "range $one := .Values.ingresses }}{{ if $one.enabled").replace(
        ".Values.ingress.extra", "$one.extra"
    )
    values = "ingresses:\n  main:\n    enabled: false\n    extraHosts: [{name: a.example}]\n"
    (found,) = check(at, {"templates/ingress.yaml": f"{loop}{{{{ end }}}}", "values.yaml": values})
    assert "with ingresses.main.enabled=true" in str(found["message"])


def test_a_comment_in_what_is_off_suppresses_and_is_needed(at: Path) -> None:
    comment = "# kubeqed: ignore[backend-service-missing] made elsewhere\n      - {path"
    assert check(at, {"templates/ingress.yaml": INGRESS.replace("BACKEND", "webs").replace("- {path", comment)}) == []


def test_more_switches_than_are_tried_are_counted(at: Path) -> None:
    many = "".join(
        f"---\n{{{{ if .Values.s{number} }}}}\n{SERVICE.replace('name: web', f'name: web{number}')}{{{{ end }}}}\n"
        for number in range(30)
    )
    files = {"values.yaml": "".join(f"s{number}: false\n" for number in range(30)), "templates/many.yaml": many}
    assert check(at, files) == []
    done = CliRunner().invoke(main, ["check"])
    assert "6 switches or files of ci/ not tried: a chart has too many, or the run would cost too much" in done.output


def test_units_and_reach_know_the_defaults_alone(at: Path) -> None:
    check(at, ingress("webs"))
    assert "with ingress" not in CliRunner().invoke(main, ["units"]).output
    assert "with ingress" not in CliRunner().invoke(main, ["reach"]).output


def test_the_values_of_the_charts_own_tests_are_tried(at: Path) -> None:
    files = ingress("other") | {"ci/hosts-values.yaml": "ingress:\n  enabled: true\n", "ci/notes.yaml": "a: 1\n"}
    (found,) = check(at, files)
    assert places([found]) == [("backend-service-missing", "likely", "templates/ingress.yaml", 11)]
    assert found["units"] == [". with ci/hosts-values.yaml", ". with ingress.enabled=true"]
    assert ", with ci/hosts-values.yaml (depends on" in str(found["message"])
    related = {(one["file"], one["line"], one["message"]) for one in found["related"]}  # type: ignore[attr-defined]
    assert ("ci/hosts-values.yaml", 1, "the values of ci/hosts-values.yaml") in related


def test_values_of_a_chart_s_own_tests_that_break_it_are_a_warning(at: Path) -> None:
    files = ingress('{{ include "shop.name" . }}') | {"ci/one-values.yaml": "ingress: {enabled: true}\n"}
    (found,) = check(at, files)
    assert places([found]) == [("chart-broken", "likely", "templates/_helpers.tpl", 1)]
    assert str(found["message"]).endswith("with ci/one-values.yaml")


def test_ignored_and_wrong_values_of_tests_do_no_harm(at: Path) -> None:
    files = {".helmignore": "ci/\n", "ci/a-values.yaml": "- 1\n", "ci/b-values.yaml": "ingress: {enabled: true}\n"}
    assert [one["units"] for one in check(at, ingress("other") | files)] == [
        [". with ci/b-values.yaml", ". with ingress.enabled=true"]
    ]
