"""What is printed at any values is, at some values, what the concrete evaluation prints at these."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.helm.symbolic.instances import UntoldError, random_leaves, render_chart, spell_shadow, text_of
from tests.build.helm.symbolic.samples import SHOP, VALUES

from kubeqed.build.helm.symbolic.blocks import Block, BlockReader, ListBlock, MapBlock, ScalarBlock, read_line
from kubeqed.build.helm.symbolic.chart import SymbolicChart
from kubeqed.build.helm.symbolic.lines import LineCutter
from kubeqed.build.helm.symbolic.spreads import bare_scalar
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable, shadow_of
from kubeqed.parse import parse_written

SEEDS = range(40)
TEXTS = {
    "a value": "a: {{ .Values.tier }}",
    "a default": 'a: {{ .Values.tier | default "none" | quote }}',
    "or": 'a: {{ or .Values.tier .Values.nameOverride "none" }}',
    "and": "a: {{ and .Values.service.enabled .Values.tier }}",
    "not": "{{ if not .Values.tier }}a: 1{{ else }}b: 2{{ end }}",
    "equal": '{{ if eq .Values.tier "other" }}a: 1{{ else if ne .Values.nameOverride "" }}b: 2{{ end }}',
    "assigned": "{{ $x := 1 }}{{ if .Values.tier }}{{ $x = 2 }}{{ end }}a: {{ $x }}",
    "assigned in else": "{{ $x := 1 }}{{ if .Values.tier }}{{ else }}{{ $x = .Values.service.port }}{{ end }}a: {{ $x }}",
    "with": "{{ with .Values.tier }}a: {{ . }}{{ else }}b: {{ .Values.service.port }}{{ end }}",
    "set under a condition": '{{ $m := dict "k" "v" }}{{ if .Values.tier }}{{ $_ := set $m "k" "w" }}{{ end }}a: {{ $m.k }}',
    "ternary": 'a: {{ ternary "on" "off" .Values.metrics.enabled }}',
    "printf": 'a: {{ printf "%s-%v%%" .Values.tier .Values.service.port }}',
    "coalesce": 'a: {{ coalesce .Values.tier .Values.nameOverride "none" }}',
    "a loop over a list that is known": '{{ range $i, $x := list "a" .Values.tier }}{{ $x }}-{{ $i }} {{ end }}',
    "a loop over a map that is known": '{{ range $k, $v := dict "a" .Values.tier }}{{ $k }}: {{ $v }}{{ end }}',
    "a loop that ends": "{{ range list 1 2 3 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ . }}{{ end }}",
    "indented": 'a: {{ include "shop.labels" . | indent 2 | trim }}',
    "yaml": "a: {{ toYaml .Values.service | nindent 2 }}",
    "merged": 'a: {{ merge (dict "x" .Values.tier) (dict "x" "y" "z" .Values.nameOverride) | toYaml | nindent 2 }}',
    "template": 'a: {{ template "shop.fullname" . }}',
    "kind of": 'a: {{ kindOf .Values.tier }} {{ kindIs "map" .Values.service }}',
    "required": 'a: {{ required "it" .Values.service.port }}',
    "get": 'a: {{ get .Values.service "type" }} {{ index .Values "service" "type" }} {{ hasKey .Values.service "type" }}',
    "changed values": '{{ $_ := set .Values.service "type" "x" }}a: {{ .Values.service.type }}',
}
NOT_FOLLOWED = {"changed values"}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_chart_prints_the_same(tmp_path: Path, seed: int) -> None:
    rendered = render_chart(tmp_path, SHOP, random_leaves(VALUES, seed))
    chart = SymbolicChart(rendered.rendering)
    assert not chart.left
    assert {one.name: text_of(one.rope, chart.state.terms) for one in chart.printed} == rendered.printed


@pytest.mark.parametrize("what", TEXTS)
def test_a_template_prints_the_same(tmp_path: Path, what: str) -> None:
    for seed in range(6):
        files = {**SHOP, "templates/services.yaml": TEXTS[what]}
        rendered = render_chart(tmp_path, files, random_leaves(VALUES, seed))
        chart = SymbolicChart(rendered.rendering)
        assert any(one.name.endswith("services.yaml") for one in chart.left) == (what in NOT_FOLLOWED)
        if what in NOT_FOLLOWED:
            continue
        made = {one.name: text_of(one.rope, chart.state.terms) for one in chart.printed}
        assert made == {name: rendered.printed[name] for name in made}


def test_a_text_that_is_executed_is_a_value_of_its_own(tmp_path: Path) -> None:
    files = {**SHOP, "templates/services.yaml": 'a: {{ tpl "{{ .Values.tier }}" . }}'}
    chart = SymbolicChart(render_chart(tmp_path, files).rendering)
    rope = next(one.rope for one in chart.printed if one.name.endswith("services.yaml"))
    with pytest.raises(UntoldError):
        text_of(rope, chart.state.terms)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lines_that_are_there_are_those_that_are_printed(tmp_path: Path, seed: int) -> None:
    rendered = render_chart(tmp_path, SHOP, random_leaves(VALUES, seed))
    chart = SymbolicChart(rendered.rendering)
    table = chart.state.terms
    for printed in chart.printed:
        lines = LineCutter(table).cut(printed.rope, printed.condition)
        there = [one for one in lines if table.shadow_of_condition(one.condition)]
        text = "\n".join("".join(spell_shadow(shadow_of(part)) for part in one.parts) for one in there)
        assert _lines_of(text) == _lines_of(rendered.printed[printed.name])


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_read_of_lines_is_what_is_read_of_the_text(tmp_path: Path, seed: int) -> None:
    rendered = render_chart(
        tmp_path, {name: text for name, text in SHOP.items() if "ervice" not in name}, random_leaves(VALUES, seed)
    )
    chart = SymbolicChart(rendered.rendering)
    table = chart.state.terms
    for printed in chart.printed:
        lines = LineCutter(table).cut(printed.rope, printed.condition)
        block = BlockReader(table).read([read for one in lines if (read := read_line(one)) is not None])
        expected = parse_written(rendered.printed[printed.name]).root
        assert _match(table, block, expected, printed.name) > 0


@pytest.mark.parametrize(
    "text",
    [
        '{{ $m := dict "k" .Values.tier }}{{ $y := toYaml $m }}{{ $_ := set $m "k" "z" }}a: {{ $y | nindent 2 }}',
        '{{ $m := dict "k" .Values.tier }}{{ $l := list $m }}{{ $y := toYaml $l }}{{ $_ := set $m "n" "z" }}a: {{ $y | nindent 2 }}',
    ],
)
def test_a_map_that_was_written_is_not_changed_any_more(tmp_path: Path, text: str) -> None:
    rendered = render_chart(tmp_path, {**SHOP, "templates/services.yaml": text}, VALUES.replace('tier: ""', "tier: x"))
    chart = SymbolicChart(rendered.rendering)
    table = chart.state.terms
    printed = next(one for one in chart.printed if one.name.endswith("services.yaml"))
    lines = LineCutter(table).cut(printed.rope, printed.condition)
    block = BlockReader(table).read([read for one in lines if (read := read_line(one)) is not None])
    _match(table, block, parse_written(rendered.printed[printed.name]).root, printed.name)


def _lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _match(table: TermTable, block: Block, expected: object, at: str) -> int:
    """Holds what is known of a block against a value; how many scalars were the same."""
    if isinstance(block, ScalarBlock):
        if isinstance(expected, dict | list):
            return 0
        shadow = shadow_of(bare_scalar(table, block.value))
        assert spell_shadow(shadow) == spell_shadow(float(expected) if type(expected) is int else expected), at
        return 1
    if not isinstance(block, MapBlock | ListBlock) or block.spreads:
        return 0
    there = [one for one in block.entries if table.shadow_of_condition(one.condition)]
    if isinstance(block, ListBlock):
        if any(one.loops for one in block.entries):
            return 0
        assert isinstance(expected, list), at
        return sum(_match(table, one.value, item, at) for one, item in zip(there, expected, strict=True))
    if expected is None:
        assert not there, at
        return 1
    assert isinstance(expected, dict), at
    assert [one.key for one in there if not isinstance(one.key, SymbolicTerm)] == list(expected), at
    return sum(_match(table, one.value, expected[one.key], f"{at}.{one.key}") for one in there)
