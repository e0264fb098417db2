"""Templates: actions are covered, columns stay, and nothing that a template decides counts as known."""

from __future__ import annotations

import pytest
from tests.parse.reading import document, documents, plain, read, spanned, under

from kubeqed.parse import Document, Mapping, Sequence, Unknown, locate
from kubeqed.parse.template.mask import MaskedText


def _at(found: Document, path: str) -> object:
    value: object = found.root
    mark, exists = locate(found.root, path, found.top)
    assert exists, (path, mark)
    for step in path.replace("[", ".[").split("."):
        if step.startswith("["):
            assert isinstance(value, Sequence)
            value = value[int(step[1:-1])]
        elif step:
            assert isinstance(value, Mapping)
            value = value[step]
    return value


CHART = """\
{{- $name := .Values.name -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-web
  labels:
    app: web
    {{- include "x.labels" . | nindent 4 }}
  annotations:
    {{- toYaml .Values.annotations | nindent 4 }}
spec:
  {{- if .Values.type }}
  type: {{ .Values.type }}
  {{- else }}
  type: ClusterIP
  {{- end }}
  ports:
    - port: {{ .Values.port }}   # c
      name: http
  {{- range .Values.ports }}
    - port: 80
  {{- end }}
  externalIPs:
  - 10.0.0.1
  {{- include "x.ips" . | nindent 2 }}
  clusterIP: {{/* } }} : */}} None
"""


def test_chart() -> None:
    found = document(CHART)
    assert not found.problems
    assert found.placeholders
    assert not found.template
    assert plain(found.root) == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": ("unknown", "{{ .Release.Name }}-web"),
            "labels": {"app": "web"},
            "annotations": ("unknown", "{{- toYaml .Values.annotations | nindent 4 }}"),
        },
        "spec": {
            "type": ("unknown", "ClusterIP"),
            "ports": [{"port": ("unknown", "{{ .Values.port }}"), "name": "http"}, {"port": ("unknown", "80")}],
            "externalIPs": ["10.0.0.1"],
            "clusterIP": ("unknown", "{{/* } }} : */}} None"),
        },
    }
    opened = [path for path in ("metadata", "metadata.labels", "spec", "spec.ports", "spec.ports[0]", "spec.externalIPs")
              if getattr(_at(found, path), "open")]  # noqa: B009  # fmt: skip
    assert opened == ["metadata.labels", "spec", "spec.ports", "spec.externalIPs"]


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("metadata.name", "{{ .Release.Name }}-web"),
        ("spec.ports[0].port", "{{ .Values.port }}"),
        ("spec.ports[0].name", "http"),
        ("spec.externalIPs[0]", "10.0.0.1"),
        ("metadata.labels.app", "web"),
        ("metadata.annotations", "annotations"),
    ],
)
def test_columns_stay(path: str, covered: str) -> None:
    assert spanned(CHART, path) == covered


def test_covers_keep_every_position() -> None:
    text = "é: {{ a }}-{{ b }}\n  {{- if x }}  # c\r\n{{ multi\n  line }}\nk: {{ multi\n  line }}x {% j %}\n"
    text_mask = MaskedText(text, [(0, len(text))])
    for covered in (text_mask.covered, text_mask.blanked):
        assert len(covered) == len(text)
        assert "{{" not in covered
        assert [at for at, sign in enumerate(covered) if sign in "\r\n"] == [
            at for at, sign in enumerate(text) if sign in "\r\n"
        ]
    assert text_mask.unmask(text_mask.covered.splitlines()[0]) == "é: {{ a }}-{{ b }}"


def test_source_that_holds_the_covering_characters() -> None:
    found = document("a: \U000f0000\U000f0011\nb: {{ x }}\n")
    assert plain(found.root) == {"a": "\U000f0000\U000f0011", "b": ("unknown", "{{ x }}")}
    both = document("a: \U000f0000 \U00100000\nb: {{ x }}\n")
    assert both.template
    assert not both.problems


def test_unknown_has_its_place_and_text() -> None:
    text = "a:\n- x\n- {{ .Values.port }}\n"
    value = _at(document(text), "a[1]")
    assert isinstance(value, Unknown)
    assert value.text == "{{ .Values.port }}"
    assert value.mark is not None
    assert under(text, value.mark) == "{{ .Values.port }}"


def test_block_over_several_documents() -> None:
    text = "a: 1\n---\n{{- if .x }}\nb: 2\n---\nc: 3\n{{- end }}\n---\nd: 4\n"
    first, second, third, fourth = documents(text)
    assert (plain(first.root), plain(fourth.root)) == ({"a": 1}, {"d": 4})
    assert plain(second.root) == {"b": ("unknown", "2")}
    assert plain(third.root) == {"c": ("unknown", "3")}
    assert [one.placeholders for one in (first, second, third, fourth)] == [False, True, True, False]


def test_key_twice_in_two_branches() -> None:
    text = "{{ if .x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\nb: {{ .y }}\nb: 3\n"
    assert [problem.path for problem in document(text).problems] == ["b"]


def test_key_of_a_template() -> None:
    found = document("a:\n  {{ .Values.key }}: x\n  b: c\nd:\n  '${KEY}': x\n")
    assert plain(found.root) == {"a": {"b": "c"}, "d": ("unknown", "${KEY}")}
    assert found.placeholders
    inner = _at(found, "a")
    assert isinstance(inner, Mapping)
    assert inner.open
    assert len(inner.marks) == 2


def test_value_with_a_condition_is_its_own() -> None:
    found = document("a: {{ if .x }}b{{ else }}c{{ end }}\nb: {{ if .x }}b{{ else }}c{{ end }}\n")
    first, second = _at(found, "a"), _at(found, "b")
    assert isinstance(first, Unknown)
    assert not first.same_as(second)


def test_text_of_an_action_within_a_document_that_is_masked() -> None:
    found = document("a: {{ x }}\nargs:\n- |\n  server {{ y }};\n  {{ if z }}\n  z\n- {{ z }}\n")
    assert plain(found.root) == {
        "a": ("unknown", "{{ x }}"),
        "args": ["server {{ y }};\n{{ if z }}\nz\n", ("unknown", "{{ z }}")],
    }


def test_lines_that_only_blanking_makes_yaml() -> None:
    text = "a: |\n  x\n{{- if .x }}\n  y\n{{- end }}\nb: {{ .z }}\nc:\n{{ include . }}\nd: 1\n"
    found = document(text)
    assert isinstance(found.root, Mapping)
    assert found.root.open
    assert isinstance(found.root["c"], Unknown)
    assert found.root["d"] == 1
    assert found.placeholders


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{{- if .x }}\n# c\n{{- end }}\n", 0),
        ("{{/* a comment */}}\n", 0),
        ('{{ include "all" . }}\n', 1),
        ("a: {{ x }}\n b: [\n", 1),
        ("{% for x in y %}\n a: [\n", 1),
        ("!Foo {a: b}", 1),
    ],
)
def test_template(text: str, count: int) -> None:
    found = documents(text)
    assert [(one.template, one.broken, one.root, one.problems) for one in found] == [(True, False, None, ())] * count


def test_template_hides_no_other_document() -> None:
    first, second, third = documents("a: {{ x }}\n b: [\n---\nc: 1\n---\nd: [\n")
    assert first.template
    assert second.root == {"c": 1}
    assert third.broken


def test_jinja() -> None:
    text = "a:\n{% for x in y %}\n- {{ x }}\n{% endfor %}\nb: 1 {# c #}\n"
    found = document(text)
    assert plain(found.root) == {"a": [("unknown", "{{ x }}")], "b": ("unknown", "1 {# c #}")}


@pytest.mark.parametrize(
    "text", ["a: {b: c}", "a: { {b: c}: d }", "a: {{b: c}: d}", "a: {{b: c}}", "a: {{'b': {c: d}}}"]
)
def test_flow_mapping_is_no_template(text: str) -> None:
    assert not document(text).template


def test_place_of_a_value_behind_an_action_of_several_lines() -> None:
    placed = read("a: {{ x\n  y }}\nb: c\n").documents[0]
    assert placed.at("b").span.line == 3


def test_a_line_of_dots_stands_for_what_is_left_out() -> None:
    found = document("kind: Pod\nspec:\n  containers:\n  - name: web\n    ...\n  volumes: []\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    assert [one.broken for one in documents("kind: Pod\n...\nspec: [\n")] == [False, True]


def test_a_line_that_a_program_formats_is_still_to_be_written() -> None:
    found = document("kind: Pod\nspec:\n  {envs}\n  containers: []\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    assert document("kind: Pod\nspec:\n  envs\n  containers: []\n").broken
    assert not document("kind: Pod\nspec:\n  {envs}\n").template


def test_words_in_marks_with_a_colon_are_to_be_filled_in() -> None:
    found = document("kind: StorageClass\nparameters:\n  zone: <your zone, such as: fra1>\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    found = document("kind: NetworkPolicy\nspec:\n  from:\n  - <EDIT: the peers>\n      <EDIT: and more>\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    assert document("kind: StorageClass\nparameters:\n  zone: your zone: fra1\n").broken
    assert document("kind: NetworkPolicy\nspec:\n  from:\n  - EDIT: the peers\n      EDIT: and more\n").broken
    assert document("kind: StorageClass\nparameters:\n  zone: <your zone>\n  a: b: c\n").broken


def test_a_name_in_marks_alone_on_a_line_stands_for_lines() -> None:
    found = document("kind: Ingress\nmetadata:\n  annotations:\n    a: b\n    <MORE_ANNOTATIONS>\nspec: {}\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    assert document("kind: Ingress\nmetadata:\n  annotations:\n    a: b\n    MORE_ANNOTATIONS\nspec: {}\n").broken
    assert document("kind: Ingress\nmetadata:\n  annotations:\n    a: b\n    <html>\nspec: {}\n").broken


def test_a_variable_alone_on_a_line_stands_for_the_lines_of_a_block() -> None:
    found = document("kind: Secret\nstringData:\n  cert: |\n$CERT\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    found = document("kind: Pod\nenv:\n${MORE_ENV}\n  - name: A\n")
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    found = document('kind: Pod\nargs:\n- --source=a\n${indent(2, join("\\n", more))}\n- --b\n')
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    assert document("kind: Secret\nstringData:\n  cert: |\ncert\n").broken
    assert document("kind: Pod\nenv:\nMORE_ENV\n  - name: A\n").broken


@pytest.mark.parametrize(
    "block",
    [
        "<#if tls>\n{}\n</#if>",
        "    <#list hosts as host>\n{}\n    </#list>",
        "<% if tls %>\n{}\n<% end %>",
        "%s\n{}",
        "%{{ if tls }}\n{}\n%{{ endif ~}}",
        "    %{{~ for host in hosts ~}}\n{}\n    %{{~ endfor ~}}",
    ],
)
def test_directives_of_other_template_languages_stand_for_what_they_write(block: str) -> None:
    text = "kind: Ingress\nmetadata:\n  name: web\n" + block.format("  labels: {a: b}") + "\nspec: {}\n"
    found = document(text)
    assert (found.template, found.broken, found.root, found.problems) == (True, False, None, ())
    assert document(text.replace("#", "").replace("%", "")).broken


BRANCHES = """\
kind: Pod
spec:
{{% if {0} %}}
    volumeDevices:
{{% else %}}
    volumeMounts:
{{% endif %}}
    - name: data
{{% if {0} %}}
      devicePath: /dev/x
{{% else %}}
      mountPath: /data
{{% endif %}}
      other: 1
"""


@pytest.mark.parametrize("text", [BRANCHES.format("block"), BRANCHES.format("block").replace("% }", "%}").replace("{% endif %}", "{{ end }}").replace("{%", "{{").replace("%}", "}}")])  # fmt: skip
def test_two_branches_never_make_one_document(text: str) -> None:
    found = document(text)
    assert isinstance(found.root, Mapping)
    assert plain(found.root["spec"]) == {
        "volumeDevices": [{"name": "data", "devicePath": ("unknown", "/dev/x"), "other": 1}]
    }
    spec = found.root["spec"]
    assert isinstance(spec, Mapping)
    assert spec.open
    assert spanned(text, "spec.volumeDevices[0].other") == "1"


def test_a_branch_that_is_yaml_only_without_the_other() -> None:
    text = "a:\n{{ if .x }}\n  b: 1\n{{ else if .z }}\n- c\n{{ else }}\n- d\n{{ end }}\ne: 2\n"
    found = document(text)
    assert plain(found.root) == {"a": {"b": ("unknown", "1")}, "e": 2}
    assert not found.template


def test_branches_beside_one_another_are_all_read() -> None:
    text = "a:\n{{ if .x }}\n  b: 1\n{{ else }}\n  c: 1\n{{ end }}\n  d: {{ if .x }}1{{ else }}2{{ end }}\n"
    assert plain(document(text).root) == {
        "a": {"b": ("unknown", "1"), "c": ("unknown", "1"), "d": ("unknown", "{{ if .x }}1{{ else }}2{{ end }}")}
    }
    twice = "a: {{ .y }}\n{{ if .x }}\nb: {c: 1}\n{{ else }}\nb: {d: 1}\n{{ end }}\n"
    assert not document(twice).problems
