"""Charts as they lie in repositories: dependencies, archives, what is ignored, what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.helm.charts import CHART, pack_chart, render_files

from kubeqed.build.refusal import RefusalCause

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {v: {{ .Values.v | quote }}}\n"
SUB = "apiVersion: v2\nname: sub\nversion: 1.2.3\n"


def data(root: Path, files: Mapping[str, str | bytes], *pairs: str) -> list[object]:
    built = render_files(root, files, pairs)
    assert built.refusals == ()
    return [plain(one.document.root)["data"]["v"] for one in built.documents]


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("v=1", "1"),
        ("v=true", "true"),
        ("v=null", None),
        ("v={a,b}", "[a b]"),
        ("v.a=x", "map[a:x]"),
        ("v[1]=x", "[<nil> x]"),
        (r"v=a\,b", "a,b"),
        ("v=007", "007"),
    ],
)
def test_pairs_of_the_command_line(tmp_path: Path, pair: str, value: str | None) -> None:
    assert data(tmp_path, {"templates/a.yaml": MAP, "values.yaml": ""}, pair) == [value]


def test_a_packed_dependency_is_read(tmp_path: Path) -> None:
    packed = pack_chart({"Chart.yaml": SUB, "values.yaml": "v: own\n", "templates/a.yaml": MAP})
    files: dict[str, str | bytes] = {
        "Chart.yaml": CHART + "dependencies: [{name: sub, version: 1.x}]\n",
        "charts/sub-1.2.3.tgz": packed,
        "values.yaml": "sub: {v: given}\n",
    }
    assert data(tmp_path, files) == ["given"]


def test_a_packed_dependency_that_git_lfs_keeps_is_not_known(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:24d4\nsize 16493\n"
    built = render_files(
        tmp_path, {"Chart.yaml": CHART + "dependencies: [{name: sub, version: 1.x}]\n", "charts/sub-1.2.3.tgz": pointer}
    )
    (unbuilt,) = built.unbuilt
    assert built.refusals == ()
    assert unbuilt.reason.endswith("charts/sub-1.2.3.tgz, which Git LFS keeps elsewhere")


def test_a_dependency_that_is_not_there_is_said_and_what_lacks_it_is_no_fault(tmp_path: Path) -> None:
    files = {
        "Chart.yaml": CHART + "dependencies:\n- name: common\n  version: 1.x\n",
        "templates/a.yaml": 'kind: ConfigMap\nmetadata: {name: {{ include "common.name" . }}}\n',
    }
    built = render_files(tmp_path, files)
    assert built.refusals == ()
    (part,) = built.unbuilt
    assert part.reason == "the chart common of shop, which is not in shop/charts"
    assert part.place.span.line == 5


def test_a_helper_that_is_not_there_is_a_fault_of_a_whole_chart(tmp_path: Path) -> None:
    (refusal,) = render_files(tmp_path, {"templates/a.yaml": 'a:\n  b: {{ include "nope" . }}\n'}).refusals
    assert refusal.place.span.line == 2
    assert 'no template "nope" associated with template "gotpl"' in refusal.reason


def test_one_refused_template_costs_only_itself(tmp_path: Path) -> None:
    files = {"templates/a.yaml": "{{ .Values.a.b.c }}", "templates/b.yaml": MAP}
    built = render_files(tmp_path, files)
    assert len(built.refusals) == len(built.documents) == 1


def test_what_is_ignored_is_no_part_of_the_chart(tmp_path: Path) -> None:
    files = {".helmignore": "# no\nb.*\n", "templates/a.yaml": MAP, "templates/b.yaml": "{{"}
    assert data(tmp_path, files) == [None]


def test_a_schema_refuses_values_without_showing_them(tmp_path: Path) -> None:
    files = {
        "values.schema.json": '{"properties": {"v": {"type": "integer"}}}',
        "values.yaml": "w: 1\nv: hunter2\n",
        "templates/a.yaml": MAP,
    }
    (refusal,) = render_files(tmp_path, files).refusals
    assert refusal.reason == 'values don\'t meet the specifications of the schema of shop: v: type: "integer"'
    assert refusal.place.span.line == 2


def test_a_schema_follows_no_reference_to_another_machine(tmp_path: Path) -> None:
    files = {"values.schema.json": '{"$ref": "https://example.com/schema.json"}', "templates/a.yaml": MAP}
    assert data(tmp_path, files) == [None]


VERSION = r"^([0-9]+)(\.[0-9]+)?(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?$"


@pytest.mark.parametrize(("tag", "answer"), [("1.17-debian-12.r0", "true"), ("latest", "false"), ("1-a..b", "false")])
def test_a_repetition_whose_turns_begin_with_a_sign_of_their_own_is_tried(
    tmp_path: Path, tag: str, answer: str
) -> None:
    template = MAP.replace(".Values.v", f'regexMatch `{VERSION}` "{tag}"')
    assert data(tmp_path, {"templates/a.yaml": template}) == [answer]


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\.[0-9.]+)*",
        r"(.[a-z]+)*",
        r"(\.[!-z]+)*",
        r"(-[a-z\-]+)+",
        r"((\.[a-z]+)*)*",
        r"(?:[a-z]+(\.[a-z]+)*)+",
    ],
)
def test_a_repetition_whose_turns_may_end_anywhere_is_tried(tmp_path: Path, pattern: str) -> None:
    template = MAP.replace(".Values.v", f'regexMatch `^{pattern}$` "{".ab-c" * 20}~"')
    assert data(tmp_path, {"templates/a.yaml": template}) == ["false"]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ('has "apps/v1" .Capabilities.APIVersions', "true"),
        ('has "apps/v1/Deployment" .Capabilities.APIVersions', "false"),
        ('.Capabilities.APIVersions.Has "apps/v1"', "true"),
        ("len .Capabilities.APIVersions | lt 10", "true"),
    ],
)
def test_api_versions_are_a_list_that_can_be_asked(tmp_path: Path, asked: str, answer: str) -> None:
    template = MAP.replace(".Values.v | quote", f"{asked} | quote")
    assert data(tmp_path, {"templates/a.yaml": template}) == [answer]


def test_a_field_of_an_item_that_is_null_is_refused(tmp_path: Path) -> None:
    template = "{{ range $number, $one := .Values.all }}{{ $one.x }}{{ end }}"
    (refusal,) = render_files(tmp_path, {"values.yaml": "all: [null]\n", "templates/a.yaml": template}).refusals
    assert refusal.reason.endswith("at <$one.x>: nil pointer evaluating interface {}.x")


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ('mergeOverwrite (dict "a" true) (dict "a" false)', "map[a:false]"),
        ('mergeOverwrite (dict "a" "x" "b" 1) (dict "a" "" "b" 0)', "map[a: b:0]"),
        ('merge (dict "a" false "b" 1) (dict "a" true "b" 2)', "map[a:true b:1]"),
    ],
)
def test_what_overwrites_may_be_empty(tmp_path: Path, call: str, value: str) -> None:
    text = "kind: ConfigMap\nmetadata: {name: x}\ndata: {v: {{ CALL | toString | quote }}}\n".replace("CALL", call)
    assert data(tmp_path, {"templates/a.yaml": text}) == [value]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("conf/*.txt", "conf/a.txt"),
        ("conf/**", "conf/a.txt conf/deep/b.txt"),
        ("**.txt", "conf/a.txt conf/deep/b.txt"),
        ("conf/{a,z}.txt", "conf/a.txt"),
        ("conf/?.txt", "conf/a.txt"),
        ("conf/[", "conf/a.txt conf/deep/b.txt"),
        ("*" + "a*" * 40 + "b", ""),
    ],
)
def test_files_of_a_chart_by_pattern(tmp_path: Path, pattern: str, names: str) -> None:
    listed = "{{ range $name, $_ := .Files.Glob PATTERN }}{{ $name }} {{ end }}".replace("PATTERN", f'"{pattern}"')
    text = f"kind: ConfigMap\nmetadata: {{name: x}}\ndata: {{v: '{listed}'}}\n"
    files = {"conf/a.txt": "", "conf/deep/b.txt": "", "a" * 60: "", "templates/a.yaml": text}
    found = data(tmp_path, files)
    assert [str(one).replace(f"{'a' * 60} ", "").strip() for one in found] == [names]


def test_an_ignored_pattern_takes_no_longer_than_its_text(tmp_path: Path) -> None:
    files = {".helmignore": "*" + "a*" * 40 + "b\n", "a" * 60: "", "templates/a.yaml": MAP}
    assert data(tmp_path, files) == [None]


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("toJson .Capabilities.KubeVersion", '{"Major":"1","Minor":"20","Version":"v1.20.0"}'),
        ("(toJson . | fromJson).Chart", "map[IsRoot:true apiVersion:v2 name:shop version:0.1.0]"),
        ("(toJson . | fromJson).Capabilities.APIVersions | has `apps/v1`", "true"),
        ("(toYaml . | fromYaml).Capabilities.KubeVersion.Minor", "20"),
        ("toJson .Files", '{"a.txt":"aGk="}'),
        ("toJson (semver `1.2.3`)", '"1.2.3"'),
    ],
)
def test_what_helm_gives_to_templates_is_written_as_json(tmp_path: Path, asked: str, value: str) -> None:
    text = f"kind: ConfigMap\nmetadata: {{name: x}}\ndata: {{v: {{{{ {asked} | toString | quote }}}}}}\n"
    assert data(tmp_path, {"a.txt": "hi", "templates/a.yaml": text}) == [value]


def test_values_have_the_methods_of_helm(tmp_path: Path) -> None:
    text = '{{ .Values.AsMap.v }} {{ $all := .Values.AsMap }}{{ $all.inner.w }} {{ (.Values.Table "inner").w }} {{ .Values.YAML }}'
    template = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\ndata: {{v: {{{{ tpl {text!r} . | quote }}}}}}\n"
    )
    files: dict[str, str | bytes] = {
        "values.yaml": "v: 1\ninner: {w: 2}\n",
        "templates/a.yaml": template.replace("'{{", "`{{").replace("}}'", "}}`"),
    }
    assert data(tmp_path, files) == ["1 2 2 inner:\n  w: 2\nv: 1\n"]


def test_the_values_of_a_sub_chart_hold_no_chart_of_its_name(tmp_path: Path) -> None:
    template = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {one: {{ toJson .Values | quote }}}}"
    files = {
        "charts/inner/Chart.yaml": CHART.replace("name: shop", "name: inner"),
        "charts/inner/values.yaml": "port: 80\n",
        "charts/inner/templates/a.yaml": template,
    }
    built = render_files(tmp_path, files)
    assert (built.refusals, built.unbuilt) == ((), ())
    (document,) = built.documents
    assert plain(document.document.root)["data"]["one"] == '{"global":{},"port":80}'


def test_a_dependency_may_be_a_link(tmp_path: Path) -> None:
    for name, text in {"Chart.yaml": SUB, "values.yaml": "v: own\n", "templates/inner/a.yaml": MAP}.items():
        (tmp_path / "elsewhere" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "elsewhere" / name).write_text(text)
    (tmp_path / "shop" / "charts").mkdir(parents=True)
    (tmp_path / "shop" / "charts" / "sub").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "again").symlink_to(tmp_path / "elsewhere")
    assert data(tmp_path, {"Chart.yaml": CHART + "dependencies: [{name: sub, version: 1.x}]\n"}) == ["own"]


@pytest.mark.parametrize(
    ("asked", "value"), [("AppVersion", "v1.7"), ("Version", "v1"), ("Keywords", "v[2 true]"), ("Annotations.a", "v3")]
)
def test_numbers_of_a_description_are_texts(tmp_path: Path, asked: str, value: str) -> None:
    files: dict[str, str | bytes] = {
        "Chart.yaml": "name: shop\napiVersion: v2\nversion: 1.0\nappVersion: 1.7\nkeywords: [2, true]\nannotations: {a: 3}\n",
        "templates/a.yaml": MAP.replace(".Values.v | quote", f'printf "v%s" .Chart.{asked} | quote'),
    }
    assert data(tmp_path, files) == [value]


@pytest.mark.parametrize(
    ("description", "cause"),
    [
        ("dependencies:\n- {name: db, version: 1.0.0}\n", RefusalCause.NO_FILE),
        ("", RefusalCause.NO_FILE),
        ("version: 1.0.0\n", RefusalCause.TEXT),
        ("apiVersion: v2\nname: shop\n", RefusalCause.TEXT),
    ],
)
def test_a_description_that_says_nothing_of_the_chart_may_be_completed_by_another_tool(
    tmp_path: Path, description: str, cause: RefusalCause
) -> None:
    (refusal,) = render_files(tmp_path, {"Chart.yaml": description}).refusals
    assert refusal.cause is cause


def test_files_that_match_nothing_are_an_empty_map(tmp_path: Path) -> None:
    text = MAP.replace(".Values.v | quote", '(.Files.Glob "none/*").AsConfig | quote')
    assert data(tmp_path, {"templates/a.yaml": text}) == ["{}"]


@pytest.mark.parametrize(
    "draft", ["http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#"]
)
@pytest.mark.parametrize(("value", "is_whole"), [("80", True), ("80.0", True), ("80.5", False), ("true", False)])
def test_whole_numbers_of_values_are_integers_to_a_schema(
    tmp_path: Path, draft: str, value: str, is_whole: bool
) -> None:
    schema = json.dumps({"$schema": draft, "properties": {"v": {"type": "integer"}}})
    built = render_files(tmp_path, {"values.yaml": f"v: {value}\n", "values.schema.json": schema})
    assert (built.refusals == ()) is is_whole


def test_what_lies_in_crds_is_no_hook(tmp_path: Path) -> None:
    crd = 'apiVersion: x/v1\nkind: CustomResourceDefinition\nmetadata: {name: x, annotations: {"helm.sh/hook": crd-install}}\n'
    assert len(render_files(tmp_path, {"crds/a.yaml": crd}).documents) == 1


def test_a_pattern_without_choices_may_search_a_long_text(tmp_path: Path) -> None:
    asked = r'regexReplaceAllLiteral "\\na.c: 1\\n" (.Files.Get "long.txt") "" | len | quote'
    files: dict[str, str | bytes] = {
        "templates/a.yaml": MAP.replace(".Values.v | quote", asked),
        "long.txt": "abc: 1\n" + "\nabc: 1\n" * 50_000,
    }
    assert data(tmp_path, files) == ["7"]


def test_a_dependency_of_another_version_keeps_its_name(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "Chart.yaml": CHART + "dependencies: [{name: sub, version: 2.x, alias: other}]\n",
        "charts/sub/Chart.yaml": SUB,
        "charts/sub/templates/a.yaml": MAP,
        "values.yaml": "sub: {v: given}\nother: {v: wrong}\n",
    }
    built = render_files(tmp_path, files)
    assert (built.refusals, built.unbuilt) == ((), ())
    assert data(tmp_path, files) == ["given"]


def test_a_chart_may_be_a_repository(tmp_path: Path) -> None:
    files = {".git/HEAD": "ref: refs/heads/main\n", "templates/a.yaml": MAP, "values.yaml": "v: x\n"}
    built = render_files(tmp_path, files)
    assert built.unbuilt == ()
    assert data(tmp_path, files) == ["x"]


@pytest.mark.parametrize("first", ["x", "cx"])
def test_a_line_of_a_quoted_text_is_as_wide_as_that_of_helm(tmp_path: Path, first: str) -> None:
    text = f"{first}\t{'w' * 82}    {' '.join('b' * 60)}\n"
    files: dict[str, str | bytes] = {
        "templates/a.yaml": MAP.replace(".Values.v | quote", "toYaml .Values | quote"),
        "values.yaml": f"v: {json.dumps(text)}\n",
    }
    (made,) = data(tmp_path, files)
    assert str(made).split("\n") == [
        f'v: "{first}\\t{"w" * 82}',
        f"  \\   {' '.join('b' * 38)}",
        f'  {" ".join("b" * 22)}\\n"',
    ]
