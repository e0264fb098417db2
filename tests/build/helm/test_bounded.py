"""Charts of strangers: what takes too much is given up, and no value is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.helm.charts import CHART, pack_chart, render_files

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
DATA = MAP + "data:\n  v: %s\n"
INNER = "apiVersion: v2\nname: inner\nversion: 1.0.0\n"
DOUBLED = '{{ $x := dict "a" "b" }}{{ range until 60 }}{{ $x = dict "l" $x "r" $x }}{{ end }}'
REFERENCES = ",".join(
    f'"a{n}": {{"allOf": [{{"$ref": "#/$defs/a{n + 1}"}}, {{"$ref": "#/$defs/a{n + 1}"}}]}}' for n in range(30)
)


def rendered_value(root: Path, template: str) -> object:
    (one,) = render_files(root, {"templates/a.yaml": DATA % template}).documents
    return plain(one.document.root)["data"]["v"]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}', "too deeply"),
        ("{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}", "too many steps"),
        ('{{ range until 100000 }}{{ repeat 1000 "x" }}{{ end }}', "too long a text"),
        ("{{ until 100000000 }}", "too long"),
        ("{{ range 1000000000 }}{{ end }}", "too many steps"),
        ('{{ range until 100000 }}{{ $_ := repeat 10000000 "a" | sha256sum }}{{ end }}', "too many steps"),
        ("{{ $x := until 100000 }}{{ $x | uniq | len }}", "too many steps"),
        ("{{ $x := until 9999 }}{{ range until 100000 }}{{ $_ := toYaml $x }}{{ end }}", "too many steps"),
        ("{{ $x := until 99999 }}{{ range until 99999 }}{{ $_ := without $x -1 }}{{ end }}", "too many steps"),
        (DOUBLED + "{{ toJson $x }}", "too many steps"),
        (DOUBLED + "{{ $_ := deepCopy $x }}", "too many steps"),
        (DOUBLED + "{{ $x }}", "too many steps"),
        (DOUBLED + "{{ merge (dict) $x | len }}", "too many steps"),
        ('{{ $x := dict }}{{ $_ := set $x "a" $x }}{{ toYaml $x }}', "too many steps"),
        (
            '{{ range until 900 }}{{ regexMatch (printf "((a|a){%d})*b" .) (repeat 9000 "a") }}{{ end }}',
            "too many steps",
        ),
        ('{{ regexMatch "((a{0,900}){0,900}){0,900}" (repeat 900 "a") }}', "too many steps"),
        ('{{ range until 90000 }}{{ tpl (printf "{{/*%s*/}}%d" (repeat 9999 "x") .) $ }}{{ end }}', "too many steps"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "too deeply"),
        ("{{ if 1 }}" * 3000 + "{{ end }}" * 3000, "too deeply"),
        ("{{ if 1 }}" + "{{ else if 1 }}" * 3000 + "{{ end }}", "too deeply"),
    ],
)
def test_a_template_that_takes_too_much_is_given_up(tmp_path: Path, template: str, said: str) -> None:
    built = render_files(tmp_path, {"templates/a.yaml": template})
    (part,) = built.unbuilt
    assert said in part.reason
    assert built.refusals == ()  # Helm may build it


@pytest.mark.parametrize("pattern", ["^(a|a)*$", "^((a+))+$", "a*a*a*a*a*a*a*b", "(a?){40}a{40}b", "(.|..)*="])
def test_a_pattern_takes_time_with_its_text(tmp_path: Path, pattern: str) -> None:
    assert rendered_value(tmp_path, f'{{{{ regexMatch "{pattern}" "{"a" * 39}c" | quote }}}}') == "false"


def test_numbers_of_many_digits_are_read_as_go_reads_them(tmp_path: Path) -> None:
    digits = "9" * 5000
    assert rendered_value(tmp_path, f'{{{{ int "{digits}" }}}} {{{{ add "{digits}" 1 }}}}') == "0 1"
    (refusal,) = render_files(tmp_path, {"templates/a.yaml": f"a: {{{{ {digits} }}}}"}).refusals
    assert "integer overflow" in refusal.reason


@pytest.mark.parametrize(
    "schema",
    [
        '{"$ref": "#"}',
        '{"allOf":' + '[{"allOf":' * 3000 + "[]" + "}]" * 3000 + "}",
        '{"type": 5, "properties": [], "required": {}}',
        "[1]",
        f'{{"$defs": {{{REFERENCES}, "a30": {{}}}}, "$ref": "#/$defs/a0"}}',
        '{"patternProperties": {"^(k|k)*$": {}}}',
    ],
)
def test_a_schema_that_takes_too_much_or_is_none_gives_the_chart_up(tmp_path: Path, schema: str) -> None:
    files = {"values.yaml": f"{'k' * 40}x: 1\n", "values.schema.json": schema, "templates/a.yaml": MAP}
    (part,) = render_files(tmp_path, files).unbuilt
    assert part.reason.startswith("values.schema.json, which ")


def test_a_pattern_of_a_schema_takes_time_with_its_text(tmp_path: Path) -> None:
    dialect = '"$schema": "http://json-schema.org/draft-07/schema#"'
    schema = f'{{"properties": {{"v": {{{dialect}, "pattern": "^(a|a)*$"}}}}}}'
    files = {"values.yaml": f"v: {'a' * 40}b\n", "values.schema.json": schema, "templates/a.yaml": MAP}
    (refusal,) = render_files(tmp_path, files).refusals
    assert "pattern" in refusal.reason


def test_archives_in_archives_count_together(tmp_path: Path) -> None:
    packed = pack_chart({"Chart.yaml": INNER})
    for _ in range(5):
        packed = pack_chart({"Chart.yaml": INNER, **{f"charts/c{number}.tgz": packed for number in range(10)}})
    (part,) = render_files(tmp_path, {"charts/c.tgz": packed, "templates/a.yaml": MAP}).unbuilt
    assert "too large" in part.reason


@pytest.mark.parametrize(
    "template",
    [
        '{{ fail (printf "weak: %s" .Values.password) }}',
        '{{ required (printf "weak: %s" .Values.password) .Values.none }}',
        "{{ tpl .Values.password . }}",
        "{{ include .Values.password . }}",
        '{{ regexFind .Values.password "a" }}',
        "{{ urlParse .Values.password }}",
        '{{ semverCompare .Values.password "1.2.3" }}',
        "{{ range .Values.password }}{{ end }}",
    ],
)
def test_what_helm_refuses_quotes_no_value(tmp_path: Path, template: str) -> None:
    files = {"values.yaml": 'password: "http://[Canary77{{ Canary78 "\n', "templates/a.yaml": template}
    built = render_files(tmp_path, files)
    (reason,) = [*(one.reason for one in built.refusals), *(one.reason for one in built.unbuilt)]
    assert "Canary" not in reason
    assert "shop/templates/a.yaml" in reason or "asks for a value: weak: ***" in reason


def test_a_value_that_is_no_map_is_not_quoted(tmp_path: Path) -> None:
    files = {"values.yaml": "inner: Canary77\n", "charts/inner/Chart.yaml": INNER, "Chart.yaml": CHART}
    (refusal,) = render_files(tmp_path, files).refusals
    assert "Canary" not in refusal.reason
