"""`kubeqed charts`, and what `check --show possible` finds at values that nobody stated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from tests.build.helm.symbolic.samples import SHOP
from tests.prove.charts.judged import write_chart

from kubeqed.cli import main
from kubeqed.report.schema import schema_of
from kubeqed.report.schema.charts import ChartsReport

WRONG_DOT = {
    **SHOP,
    "templates/ingress.yaml": SHOP["templates/ingress.yaml"].replace(
        "name: {{ $name }}\n                port:\n                  name: http",
        'name: {{ include "shop.fullname" . }}\n                port:\n                  name: http',
    ),
}
TEST_DATABASE = {
    **SHOP,
    "values.yaml": SHOP["values.yaml"] + "test:\n  enabled: false\n",
    "templates/database.yaml": """{{- if .Values.test.enabled }}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "shop.fullname" . }}-db
spec:
  serviceName: {{ include "shop.fullname" . }}-db
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      containers: [{name: db, image: "db:1"}]
{{- end }}
""",
}
OWN_BACKENDS = {
    **SHOP,
    "templates/ingress.yaml": SHOP["templates/ingress.yaml"].replace(
        "name: {{ $name }}\n                port:\n                  name: http",
        'name: {{ .service }}\n                port:\n                  name: {{ .port | default "http" }}',
    ),
}


def charts(root: Path, files: Mapping[str, str], *options: str) -> Result:
    (root / ".git").mkdir(exist_ok=True)
    return CliRunner().invoke(main, ["charts", str(write_chart(root, files)), *options], catch_exceptions=False)


def possible(root: Path, files: Mapping[str, str], *options: str) -> list[tuple[str, int, str, str]]:
    (root / ".git").mkdir(exist_ok=True)
    arguments = ["check", str(write_chart(root, files)), "--output-format", "json", *options]
    found = json.loads(CliRunner().invoke(main, arguments, catch_exceptions=False).stdout)["findings"]
    return [
        (Path(one["file"]).name, one["line"], one["rule"], one["message"].partition(", with ")[2].partition(" (")[0])
        for one in found
    ]


def test_an_ingress_stays_without_its_service(tmp_path: Path) -> None:
    result = charts(tmp_path, SHOP)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if "ingress.yaml:19" in line)
    assert lines[at].startswith("  refuted  Ingress: a backend's Service exists")
    assert "with ingress.enabled=true, service.enabled=false" in lines[at + 1]
    assert sum(line.startswith("  proved   StatefulSet: the governing Service is headless") for line in lines) == 1
    assert "  taken for granted: values are of the types of their defaults" in lines
    assert lines[-1] == "1 chart: 8 proved, 2 refuted, 1 depends"


def test_check_finds_it_at_its_line(tmp_path: Path) -> None:
    found = possible(tmp_path, SHOP, "--show", "possible")
    assert ("ingress.yaml", 19, "backend-service-missing", "ingress.enabled=true, service.enabled=false") in found
    assert not possible(tmp_path, SHOP)


def test_a_stateful_set_under_a_test_switch_has_no_service(tmp_path: Path) -> None:
    found = possible(tmp_path, TEST_DATABASE, "--show", "possible")
    assert ("database.yaml", 7, "governing-service-missing", "test.enabled=true") in found
    assert "with test.enabled=true" in charts(tmp_path, TEST_DATABASE).stdout


def test_a_dot_that_is_an_item_is_found_with_an_item_made_up(tmp_path: Path) -> None:
    found = possible(tmp_path, WRONG_DOT, "--show", "possible")
    assert [one for one in found if one[2] == "chart-broken"] == [
        ("_helpers.tpl", 2, "chart-broken", 'ingress.enabled=true, ingress.extraHosts=[{"host": "example"}]')
    ]


def test_what_the_values_name_is_not_refuted_with_names_made_up(tmp_path: Path) -> None:
    found = possible(tmp_path, OWN_BACKENDS, "--show", "possible")
    assert not [one for one in found if one[1] > 20]
    value = json.loads(charts(tmp_path, OWN_BACKENDS, "--output-format", "json").stdout)
    own = [one for one in value["charts"][0]["properties"] if one["line"] > 20 and one["kind"] == "Ingress"]
    assert [(one["verdict"], one["values"]) for one in own] == [("depends", None)] * len(own)
    assert any("an item of .Values.ingress.extraHosts" in each for one in own for each in one["depends"])


@pytest.mark.parametrize(
    "files", [SHOP, WRONG_DOT, OWN_BACKENDS, {**SHOP, "templates/x.yaml": '{{ $_ := merge .Values (dict "a" 1) }}'}]
)
def test_the_json_is_as_its_schema_says(tmp_path: Path, files: Mapping[str, str]) -> None:
    result = charts(tmp_path, files, "--output-format", "json")
    ChartsReport.model_validate_json(result.stdout)
    Draft202012Validator(schema_of("charts")).validate(json.loads(result.stdout))


def test_the_values_are_those_of_a_values_file(tmp_path: Path) -> None:
    value = json.loads(charts(tmp_path, SHOP, "--output-format", "json").stdout)
    refuted = [one for one in value["charts"][0]["properties"] if one["verdict"] == "refuted"]
    assert refuted[0]["values"] == {"ingress": {"enabled": True}, "service": {"enabled": False}}
    assert value["summary"] == {"proved": 8, "refuted": 2, "depends": 1}


def test_a_value_that_a_template_changes_is_not_known_to_the_others(tmp_path: Path) -> None:
    lines = charts(tmp_path, {**SHOP, "templates/x.yaml": '{{ $_ := set .Values "tier" "x" }}'}).stdout.splitlines()
    assert any(line.endswith("x.yaml:1:1: it changes .Values") for line in lines)
    assert lines[-1] == "1 chart: 8 proved, 2 refuted, 1 depends"
    named = {**SHOP, "templates/x.yaml": '{{ $_ := set .Values "fullnameOverride" "x" }}'}
    assert not any(
        line.startswith("  proved   Ingress: a backend's Service")
        for line in charts(tmp_path, named).stdout.splitlines()
    )


def test_a_sub_chart_changes_its_own_values(tmp_path: Path) -> None:
    files = {
        "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
        "charts/sub/values.yaml": "a: 1\nb: {}\n",
        "charts/sub/templates/x.yaml": '{{ $_ := set .Values "a" 2 }}',
        "charts/sub/templates/y.yaml": '{{ $_ := merge .Values.b (dict "c" 1) }}',
    }
    lines = charts(tmp_path, {**SHOP, **files}).stdout.splitlines()
    assert lines[-1] == "1 chart: 8 proved, 2 refuted, 1 depends"
    merged = {"charts/sub/templates/y.yaml": '{{ $_ := merge .Values (dict "c" 1) }}'}
    assert charts(tmp_path, {**SHOP, **files, **merged}).stdout.splitlines()[-1] == "1 chart: no property to prove"


def test_a_chart_that_changes_its_values_is_left(tmp_path: Path) -> None:
    result = charts(tmp_path, {**SHOP, "templates/x.yaml": '{{ $_ := merge .Values (dict "a" 1) }}'})
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].endswith("its templates change its values")
    assert result.stdout.splitlines()[-1] == "1 chart: no property to prove"


def test_a_template_that_is_not_followed_is_named(tmp_path: Path) -> None:
    files = {**SHOP, "templates/x.yaml": '{{ include (printf "x-%s" .Values.tier) . }}'}
    result = charts(tmp_path, {**files, "templates/h.tpl": '{{ define "x-" }}{{ end }}'})
    assert any(
        "x.yaml:1:1: it includes a template whose name is not known" in line for line in result.stdout.splitlines()
    )


def test_a_helper_that_is_missing_proves_nothing(tmp_path: Path) -> None:
    files = {**SHOP, "templates/x.yaml": '{{ if .Values.ingress.enabled }}{{ include "library.x" . }}{{ end }}'}
    lines = charts(tmp_path, files).stdout.splitlines()
    assert any("x.yaml:1:1: it includes library.x, which nothing defines" in line for line in lines)
    assert not any(line.startswith("  proved   Ingress: a backend's Service") for line in lines)


def test_a_chart_without_templates_has_no_property(tmp_path: Path) -> None:
    result = charts(
        tmp_path, {"values.yaml": "a: 1\n", "crds/a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"}
    )
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 chart: no property to prove")


def test_nothing_is_said_of_a_chart_of_which_a_part_is_missing(tmp_path: Path) -> None:
    stated = "apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies: [{name: library, version: 0.1.0}]\n"
    lines = charts(tmp_path, {**SHOP, "Chart.yaml": stated}).stdout.splitlines()
    assert lines[1].endswith("Chart.yaml:4:17: the chart library, which is not in charts/")
    assert lines[2:] == ["1 chart: no property to prove"]
    assert not possible(tmp_path, {**SHOP, "Chart.yaml": stated}, "--show", "possible")


def test_a_sub_chart_that_is_off_is_named(tmp_path: Path) -> None:
    files = {
        "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies: [{name: sub, version: 0.1.0, condition: sub.active}]\n",
        "values.yaml": f"{SHOP['values.yaml']}sub: {{active: false}}\n",
        "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
        "charts/sub/templates/x.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
    }
    assert any("the sub-chart sub is off" in line for line in charts(tmp_path, {**SHOP, **files}).stdout.splitlines())


def test_what_breaks_at_values_of_ci_is_not_said_of_the_defaults(tmp_path: Path) -> None:
    files = {
        "templates/services.yaml": '{{ include (print "l" .Values.tier) . }}' + SHOP["templates/services.yaml"],
        "templates/l.tpl": '{{ define "l" }}{{ end }}',
        "values.yaml": SHOP["values.yaml"].replace("ingress:\n  enabled: false", "ingress:\n  enabled: true"),
        "ci/none-values.yaml": "service: {enabled: false}\n",
    }
    value = json.loads(charts(tmp_path, {**SHOP, **files}, "--output-format", "json").stdout)
    found = [one for one in value["charts"][0]["properties"] if one["property"] == "a backend's Service exists"]
    assert (found[0]["verdict"], found[0]["message"]) == ("depends", None)


def test_markdown_names_what_is_not_proved(tmp_path: Path) -> None:
    result = charts(tmp_path, SHOP, "--output-format", "markdown")
    assert "8 of 11 verdicts: proved for all values." in result.stdout
    assert result.stdout.count("| refuted |") == 2


def test_a_path_without_charts_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["charts", str(tmp_path)], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (0, "0 charts: no property to prove\n")
    assert "no chart was found" in result.stderr
