"""Go templates of strangers: whatever they hold, a text comes out or a reason why not."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.build.gitops.argo.go_template import render_go_template
from kubeqed.build.gitops.argo.open_values import OpenParameters
from kubeqed.build.gotemplate.functions.table import FUNCTIONS
from kubeqed.build.refusal import UnbuiltError
from kubeqed.parse import Fresh, Unknown

VALUES = {"a": "x", "n": 1.5, "l": ["t", "u"], "d": {"k": "v"}, "none": None, "u": Unknown(Fresh("{{ x }}"), "{{ x }}")}
OPERANDS = (
    ".a",
    ".n",
    ".l",
    ".d",
    ".d.k",
    ".none",
    ".u",
    ".zz",
    ".",
    "$",
    "$x",
    '"s"',
    "`r`",
    "3",
    "-1",
    "true",
    "nil",
    "(.a)",
)
words = st.sampled_from((*FUNCTIONS, *OPERANDS, "|", "(", ")", ":=", "=", ",", "nope"))
actions = st.one_of(
    st.lists(words, max_size=6).map(lambda parts: "{{ " + " ".join(parts) + " }}"),
    st.sampled_from(
        (
            "{{ end }}",
            "{{- else -}}",
            "{{ else if .a }}",
            "{{ if .l }}",
            "{{ range $i, $x := .d }}",
            "{{ range .l }}",
            "{{ with .u }}",
        )
    ),
    st.text(alphabet='{}-.$|"` ax\n', max_size=8),
)


@given(st.lists(actions, max_size=6).map("".join), st.booleans(), st.booleans())
def test_any_text_gives_a_text_or_a_reason(text: str, is_open: bool, strict: bool) -> None:
    values: dict[str, Any] = OpenParameters(VALUES) if is_open else dict(VALUES)
    with suppress(UnbuiltError):
        rendered = render_go_template(text, values, strict=strict)
        assert rendered.is_unknown <= ("{{" in rendered.text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 5_000 + ".a" + ")" * 5_000 + " }}",
        "{{ if .a }}" * 3_000 + "{{ end }}" * 3_000,
        '{{ $x := "aaaaaaaa" }}' + '{{ $x = replace "a" $x $x }}' * 20 + "{{ $x }}",
        "{{ $x := list .a }}" + "{{ $x = list $x $x }}" * 60 + "{{ $x }}",
        "{{ $x := .a }}" + "{{ $x = print $x $x }}" * 40,
        "{{ indent 999999999 .a }}",
        "{{ range .d }}" * 40 + "{{ . }}" + "{{ end }}" * 40,
    ],
)
def test_a_text_that_would_take_all_memory_or_time_is_not_evaluated(text: str) -> None:
    values: dict[str, Any] = {"a": "x", "d": ["a"] * 10}
    with pytest.raises(UnbuiltError):
        render_go_template(text, values, strict=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ .known }}-{{ .name }}-{{ .known }}", "k-{{ .name }}-k"),
        ("{{ if .name }}x{{ end }}", "{{ if .name }}x{{ end }}"),
        ("{{ .known }}{{ $x := .name }}{{ $x }}", "{{ .known }}{{ $x := .name }}{{ $x }}"),
        ("{{ .metadata.labels.env | default .known }}", "{{ .metadata.labels.env | default .known }}"),
        ("{{ .known | slugify }} {{ uuidv4 }} {{ .known }}", "{{ .known | slugify }} {{ uuidv4 }} k"),
        ("{{ toJson . }} {{ range . }}x{{ end }}", "{{ toJson . }} {{ range . }}x{{ end }}"),
        ("{{ print .known .part }} {{ len .part.l }}", "{{ print .known .part }} 2"),
        ("{{ .part.u.x }} {{ or .known .name }}", "{{ .part.u.x }} k"),
        ("{{ .part.l | first }}{{ range .part.l }}{{ . }};{{ end }}", "aa;{{ . }};"),
        ('{{ $_ := set .part "z" "q" }}{{ .part.z }}{{ .name }}', "q{{ .name }}"),
        ('{{ hasKey . "name" }} {{ hasKey . "known" }}', '{{ hasKey . "name" }} true'),
    ],
)
def test_what_is_not_known_keeps_its_text(text: str, expected: str) -> None:
    unknown = Unknown(Fresh("{{ x }}"), "{{ x }}")
    values = OpenParameters({"known": "k", "part": {"u": unknown, "l": ["a", unknown]}})
    assert render_go_template(text, values, strict=True) == (expected, True)
    assert "z" not in values["part"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{ define "t" }}{{ . }}{{ end }}{{ template "t" .known }}', "k"),
        ('{{ or .known .name }} {{ regexReplaceAll "k+" "akk" "x" }} {{ .known | sha256sum | trunc 4 }}', "k ax 8254"),
        ('{{ $x := merge (dict "a" .known) .part }}{{ $x.a }}{{ $x.b }}', "kc"),
    ],
)
def test_all_of_the_language_and_of_the_functions_is_there(text: str, expected: str) -> None:
    values = OpenParameters({"known": "k", "part": {"b": "c"}})
    assert render_go_template(text, values, strict=True) == (expected, False)
