"""Random charts: values of each kind, a helper, and templates that pass values through what charts use."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Files = dict[str, str]
CHART = "apiVersion: v2\nname: root\nversion: 0.1.0\n"
INNER = "apiVersion: v2\nname: inner\nversion: 0.2.0\n"

_TEXTS = st.sampled_from(
    ("web", "", "a b", "1", "true", "x: y", "café", "# no", "-", "1e3", "0x1F", "null", " lead", "a\nb\n")
)
_SCALARS: st.SearchStrategy[Any] = st.one_of(
    _TEXTS,
    st.integers(-(10**7), 10**7),
    st.booleans(),
    st.none(),
    st.sampled_from((0.5, 1000000, 21000000, 1e21, -0.25)),
)
_KEYS = st.sampled_from(("a", "b", "c", "name", "Z"))
_MAPS = st.dictionaries(_KEYS, _SCALARS | st.lists(_SCALARS, max_size=3), max_size=4)
_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "text": _TEXTS,
        "scalar": _SCALARS,
        "list": st.lists(_SCALARS | _MAPS, max_size=3),
        "map": _MAPS,
        "enabled": st.booleans(),
        "global": _MAPS,
        "inner": _MAPS,
    },
)
_PIPES = (
    "quote",
    "toJson",
    "default 7 | quote",
    'default "d" | toString | quote',
    "toString | trunc 3 | quote",
    "toString | upper | squote",
    "int | toString | quote",
    "kindOf | quote",
    "toYaml | nindent 4",
    "typeOf",
    "empty",
    "printf `%v` | quote",
    "b64enc | quote",
    "len",
    "first | quote",
    "keys | sortAlpha | join `-` | quote",
    "not",
)
_EXPRESSIONS = (
    ".Values.text",
    ".Values.scalar",
    ".Values.list",
    ".Values.map",
    ".Values.map.a",
    ".Values.absent",
    ".Values.global",
    ".Values.inner",
    ".Release.Name",
    ".Chart.Version",
    '(include "root.name" .)',
    '(tpl "{{ .Values.text }}" .)',
    '(merge (dict "a" 1) (.Values.map | default dict))',
    "(list .Values.scalar .Values.text)",
)


@st.composite
def _entries(draw: st.DrawFn) -> str:
    """One key of `data`, or several that a branch or a loop writes."""
    value = f"{{{{ {draw(st.sampled_from(_EXPRESSIONS))} | {draw(st.sampled_from(_PIPES))} }}}}"
    form = draw(st.sampled_from(("plain", "if", "with", "range", "map")))
    key = draw(st.sampled_from(("one", "two", "three", "four")))
    if form == "if":
        return f"  {{{{- if .Values.enabled }}}}\n  {key}: {value}\n  {{{{- else }}}}\n  {key}: off\n  {{{{- end }}}}\n"
    if form == "with":
        return f"  {{{{- with .Values.map }}}}\n  {key}: {{{{ toJson . }}}}\n  {{{{- end }}}}\n"
    if form == "range":
        body = f"  {key}-{{{{ $i }}}}: {{{{ $x | toJson | quote }}}}\n"
        return f"  {{{{- range $i, $x := .Values.list }}}}\n{body}  {{{{- end }}}}\n"
    if form == "map":
        body = f"  {key}-{{{{ $k }}}}: {{{{ $x | toJson }}}}\n"
        return f"  {{{{- range $k, $x := .Values.map }}}}\n{body}  {{{{- end }}}}\n"
    return f"  {key}: {value}\n"


@st.composite
def _templates(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(('{{ include "root.name" . }}', "fixed", "{{ .Release.Name }}-x")))
    body = "".join(draw(st.lists(_entries(), max_size=4)))
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n{body}"


@st.composite
def charts(draw: st.DrawFn) -> Files:
    """The files of a chart with a chart in it."""
    values = draw(_VALUES)
    inner = draw(_VALUES)
    return {
        "Chart.yaml": CHART,
        "values.yaml": json.dumps(values, indent=1, ensure_ascii=False),
        "templates/_names.tpl": '{{- define "root.name" -}}\n{{ .Values.text | default .Chart.Name }}\n{{- end }}\n',
        "templates/a.yaml": draw(_templates()),
        "templates/b.yaml": draw(_templates()),
        "charts/inner/Chart.yaml": INNER,
        "charts/inner/values.yaml": json.dumps(inner, indent=1, ensure_ascii=False),
        "charts/inner/templates/c.yaml": draw(_templates()).replace(" fixed", " inner"),
    }
