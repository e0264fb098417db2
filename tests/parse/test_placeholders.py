"""Placeholders in values: which texts are one, what they are called, where they are a program's own."""

from __future__ import annotations

import pytest
from tests.parse.reading import document, documents, plain

from kubeqed.parse import Concat, Fresh, Mapping, Unknown, Variable, as_written, pack, parse
from kubeqed.sources import SourceFile


def _value(text: str) -> object:
    found = document(f"a: {text}\n").root
    assert isinstance(found, Mapping)
    return found["a"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("${PORT}", Variable("PORT")),
        ("'${PORT}'", Variable("PORT")),
        ("'{{ .Values.a.b }}'", Variable(".Values.a.b")),
        ("{{ .Values.a.b }}", Variable(".Values.a.b")),
        ("{{- $.Values.a -}}", Variable(".Values.a")),
        ("web-${ENV}", Concat(("web-", Variable("ENV")))),
        ("${A}${B}.x", Concat((Variable("A"), Variable("B"), ".x"))),
    ],
)
def test_shared(text: str, term: object) -> None:
    value = _value(text)
    assert isinstance(value, Unknown)
    assert value.term == term
    assert value.same_as(_value(text))


def test_a_field_of_what_a_template_is_run_with_is_shared_within_its_file() -> None:
    here, again = (found.root for found in documents("a: {{ .Name }}\n---\na: '{{.Name}}'\n"))
    elsewhere = parse(SourceFile("y.yaml", b"a: {{ .Name }}\n")).documents[0].document.root
    one, same, other = (root["a"] for root in (here, again, elsewhere) if isinstance(root, Mapping))
    assert isinstance(one, Unknown)
    assert one.same_as(same)
    assert not one.same_as(other)


@pytest.mark.parametrize(
    "text",
    [
        "${PORT:-80}",
        "${ port }",
        "$(PORT)",
        "<VALUE>",
        "<your-domain>",
        "<cluster_name>",
        "<YOUR PROJECT ID>",
        "{{ port }}",
        "{{ .Values.a | quote }}",
        "{{ $x }}",
        "{{ f }}:{{ g }}",
        "gcr.io/<project>/web",
        "https://<host>:<port>/",
        "sa@<PROJECT_ID>.iam.example.com",
        "<path:kv/data/db#password>",
        "<secret:password|base64>",
        "shop.<secret:domain>",
        "<path:kv/data/db#user | base64encode>",
        "ref+vault://kv/db#/password",
        "op://vault/item/field",
        "webXX.example.com",
        "10.0.XX.1",
        "'?{vaultkv:db/password:1a2b}'",
        "'@NAME@'",
        "'@name@'",
        "shop/web:@project.version@",
        "shop.@BASE_DOMAIN@",
        "__NAME__",
        "web-__ENV_NAME__-1",
        "'%NAME%'",
        "'[NAME]'",
        "web-[ENV_NAME]",
        "((CLUSTER_NAME))",
        "web-#{Build.BuildId}#",
        "REPLACE_ME",
        "REPLACEME",
        "REPLACE_WITH_DOMAIN",
        "web.REPLACE-THIS.example.com",
        "CHANGE_ME",
        "CHANGEME",
        "YOUR_DOMAIN",
        "YOUR-DOMAIN.example.com",
        "DOMAIN_HERE",
        "PLACEHOLDER",
        "INSERT_TOKEN",
    ],
)
def test_own(text: str) -> None:
    value = _value(text)
    assert isinstance(value, Unknown)
    assert value.text == text.strip("'")
    assert not value.same_as(_value(text))
    parts = value.term.parts if isinstance(value.term, Concat) else (value.term,)
    assert any(isinstance(part, Fresh) for part in parts)
    assert document(f"a: {text}\n").placeholders


@pytest.mark.parametrize(
    "text",
    [
        "VALUE",
        "$PORT",
        "$${PORT}",
        "${1}",
        "$1",
        "$(date +%s)",
        "kafka<type=(.+), name=(.+)><>Value",
        "(?P<name>x)",
        "(?<name>x)",
        "A <b> c",
        "<b>x</b>",
        "Hello<br>World",
        "Ann <ann@example.com>",
        "must be <kind>/<name> always",
        "List<String>",
        "a<b",
        "1 < x && y > 2",
        "xref+vault://kv",
        "op://vault",
        "AXXB",
        "aXXb",
        "XX-large fonts XX",
        "http+op://a/b/c",
        "(?{print:1})",
        "<path:of-a-file>",
        "<secret:>",
        "see <secret:domain> there",
        "__name__",
        "__meta_kubernetes_namespace",
        "a@B@c",
        "ann@example@c",
        "ann@example.com,bob@example.com",
        "'@angular@1.2'",
        "'ann@EXAMPLE.com,bob@EXAMPLE.com'",
        "'%E3%81%82'",
        "'%2F%'",
        "'^[A-Z]+$'",
        "'[ABC]+'",
        "'[AB]'",
        "'((a))'",
        "REPLACE",
        "REPLACEMENT",
        "changeme",
        "EXCHANGE_METHOD",
        "WHERE",
        "SEE @NAME@ THERE",
        "please REPLACE_ME soon",
        "'{'",
        "'{{'",
        "'}} {{'",
    ],
)
def test_none(text: str) -> None:
    value = _value(text)
    assert value == text.strip("'")
    assert not document(f"a: {text}\n").placeholders


def test_several_lines_are_a_program_or_prose() -> None:
    found = document("a: |\n  echo $(HOST)\n  <name>\nb: |\n  ${X}\nc: |\n  $(X)\n")
    assert plain(found.root) == {
        "a": "echo $(HOST)\n<name>\n",
        "b": ("unknown", "${X}\n"),
        "c": ("unknown", "$(X)\n"),
    }


PROGRAM = """
kind: {kind}
spec:
  command: ["$(A)", "${{B}}"]
  args: [--x=<c>]
  env:
  - name: N
    value: $(A) ${{B}} <c>
data:
  conf: "${{B}} {{{{ x }}}} <c>"
"""


def test_text_of_the_program() -> None:
    found = document(PROGRAM.format(kind="ConfigMap"))
    assert not found.placeholders
    assert "unknown" not in str(plain(found.root))


def test_what_an_environment_takes_its_values_from_is_no_text_of_the_program() -> None:
    found = document("env:\n- name: $(A)\n  valueFrom: {secretKeyRef: {name: '${B}-secret', key: c}}\n")
    secret = {"name": ("unknown", "${B}-secret"), "key": "c"}
    assert plain(found.root) == {"env": [{"name": "$(A)", "valueFrom": {"secretKeyRef": secret}}]}
    assert found.placeholders


def test_words_that_ask_to_be_replaced_are_no_keys_that_a_template_writes() -> None:
    found = document("data: {YOUR_API_KEY: CHANGE_ME, __KEY__: a}\n")
    assert plain(found.root) == {"data": {"YOUR_API_KEY": ("unknown", "CHANGE_ME"), "__KEY__": "a"}}


def test_data_of_another_kind() -> None:
    found = document(PROGRAM.format(kind="Secret"))
    assert found.placeholders
    assert isinstance(found.root, Mapping)
    assert plain(found.root["data"]) == {"conf": ("unknown", "${B} {{ x }} <c>")}
    assert "unknown" not in str(plain(found.root["spec"]))


def test_config_map_within_a_list() -> None:
    text = "kind: List\nitems:\n- data: {a: '${B}'}\n  kind: ConfigMap\n- kind: Foo\n  data: {a: '${B}'}\n"
    found = document(text)
    assert plain(found.root) == {
        "kind": "List",
        "items": [{"data": {"a": "${B}"}, "kind": "ConfigMap"}, {"kind": "Foo", "data": {"a": ("unknown", "${B}")}}],
    }


def test_same_object_as_program_and_elsewhere() -> None:
    found = document("args: &x ['${B}']\nb: *x\n")
    assert isinstance(found.root, Mapping)
    assert plain(found.root["b"]) == [("unknown", "${B}")]


def test_alert_hides_no_object() -> None:
    assert not document("a: '{{ $labels.pod }} is down'\n").placeholders
    assert document("a: '{{ $labels.pod }} is down'\nb: {{ .x }}\n").placeholders


def test_refuses_comparison() -> None:
    value = _value("${X}")
    with pytest.raises(TypeError):
        assert value == "x"
    with pytest.raises(TypeError):
        assert value
    with pytest.raises(TypeError):
        assert value in ("x",)


def test_a_comment_may_say_that_a_value_is_to_be_filled_in() -> None:
    text = (
        "image: #IMAGE_TAG\nport: 80 #PORT_NUMBER\nnote: #TODO\nmap: #THE_MAP\n  a: 1\nlast: # IMAGE_TAG\n"
        "name: db-1 # placeholder for 'db-<name>'\nother: a # no placeholder\nurl: a#placeholder\nmore: # placeholder\n  b: 2\n"
    )
    found = document(text)
    assert plain(found.root) == {
        "image": ("unknown", "#IMAGE_TAG"),
        "port": 80,
        "note": None,
        "map": {"a": 1},
        "last": None,
        "name": ("unknown", "db-1"),
        "other": "a",
        "url": "a#placeholder",
        "more": {"b": 2},
    }
    assert not found.placeholders  # nothing but the value is left open


def test_a_comment_may_say_what_to_write_in_place_of_nothing() -> None:
    text = (
        "image: # add docker image name here\nname:  # Your name\nport: 80 # add the port here\nmap: # put labels here\n  a: 1\n"
        "note: # additional\nlast: # the labels that we add\nmore: # Add\n"
    )
    assert plain(document(text).root) == {
        "image": ("unknown", "# add docker image name here"),
        "name": ("unknown", "# Your name"),
        "port": 80,
        "map": {"a": 1},
        "note": None,
        "last": None,
        "more": None,
    }


def test_a_token_that_is_a_comment_to_yaml() -> None:
    found = document("port: #{PORT}#\nnodePort: 1 # of #{PORT}#\nmap: #{MAP}#\n  a: 1\nlast: #{ PORT\n")
    assert plain(found.root) == {"port": ("unknown", "#{PORT}#"), "nodePort": 1, "map": {"a": 1}, "last": None}
    found = document("image: #{Octopus.Image}\nname: #NAME#\nitems:\n- ##HOST##\n- #HOST\n- #A_NOTE\n  a: 1\n")
    assert plain(found.root) == {
        "image": ("unknown", "#{Octopus.Image}"),
        "name": ("unknown", "#NAME#"),
        "items": [("unknown", "##HOST##"), None, {"a": 1}],
    }


def test_a_key_that_is_to_be_filled_in_is_no_key_and_yet_written() -> None:
    root = document("kind: A\nsome: {x: 1, '${K}': 2, z: 3}\nall: {'${K}': {'${L}': 4}}\n").root
    assert isinstance(root, Mapping)
    some, alone = root["some"], root["all"]
    assert isinstance(some, Mapping)
    assert (dict(some), some.open) == ({"x": 1, "z": 3}, True)
    assert isinstance(alone, Unknown)
    written = as_written(some)
    assert isinstance(written, Mapping)
    assert (list(written), written.key_mark("${K}"), written.value_mark("z")) == (
        ["x", "${K}", "z"],
        pack(1, 13, 19),
        some.value_mark("z"),
    )
    inside = as_written(alone)
    assert isinstance(inside, Mapping)
    assert plain(as_written(inside["${K}"])) == {"${L}": 4}
