"""The Applications that an ApplicationSet makes (Argo CD v3.5.1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.gitops.argo.applied import URL, statement_of, tree_of, write

from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.argo.application_set import read_application_set
from kubeqed.build.node import OriginNode
from kubeqed.sources import tree_around

HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all, namespace: argocd}\nspec:\n"
GO = "  goTemplate: true\n"
STRICT = '  goTemplate: true\n  goTemplateOptions: ["missingkey=error"]\n'
DIRECTORIES = (
    "apps/web/x.yaml",
    "apps/db.v1/x.yaml",
    "apps/db.v1/deep/x.yaml",
    "apps/.hidden/x.yaml",
    "apps/file.yaml",
)


def application_set(
    generators: str, name: str, path: str, more: str = "", namespace: str = "shop", server: str = ""
) -> str:
    server = server or "https://kubernetes.default.svc"
    return (
        f"{HEAD}{more}  generators:\n{generators}  template:\n    metadata: {{name: '{name}'}}\n    spec:\n"
        f"      source:\n        repoURL: {URL}\n        path: '{path}'\n"
        f"      destination:\n        server: '{server}'\n        namespace: '{namespace}'\n"
    )


def made(root: Path, text: str, files: dict[str, str] | None = None) -> tuple[list[OriginNode], list[str]]:
    write(root, {**dict.fromkeys(DIRECTORIES, ""), **(files or {})})
    with tree_around(str(root), str(root)) as tree:
        applications, unbuilt = read_application_set(tree_of(text), TreeFiles(tree, str), str(root.resolve()))
    return applications, [one.reason for one in unbuilt]


def names_and_paths(root: Path, text: str, files: dict[str, str] | None = None) -> list[tuple[str, str]]:
    applications, unbuilt = made(root, text, files)
    assert unbuilt == []
    return [(one.text_at("metadata", "name"), one.text_at("spec", "source", "path")) for one in applications]


def git(*paths: str, more: str = "") -> str:
    listed = ", ".join(f"{{path: '{path.lstrip('-')}', exclude: {str(path[0] == '-').lower()}}}" for path in paths)
    return f"  - git: {{repoURL: {URL}, directories: [{listed}]{more}}}\n"


LIST = "  - list:\n      elements:\n      - {cluster: dev, url: 'https://dev'}\n      - {cluster: prod, url: 'https://prod', values: {size: big}}\n"


@pytest.mark.parametrize(
    ("more", "name", "path", "expected"),
    [
        ("", "web-{{cluster}}", "apps/{{ cluster }}", [("web-dev", "apps/dev"), ("web-prod", "apps/prod")]),
        ("", "x", "{{values.size}}/{{cluster}}", [("x", "{{values.size}}/dev"), ("x", "big/prod")]),
        (GO, "web-{{.cluster}}", "apps/{{ .cluster | upper }}", [("web-dev", "apps/DEV"), ("web-prod", "apps/PROD")]),
        (GO, "x", '{{ dig "size" "small" (.values | default dict) }}', [("x", "small"), ("x", "big")]),
        (GO, "x", "{{ .absent }}", [("x", "<no value>"), ("x", "<no value>")]),
    ],
)
def test_elements_of_a_list(tmp_path: Path, more: str, name: str, path: str, expected: list[tuple[str, str]]) -> None:
    assert names_and_paths(tmp_path, application_set(LIST, name, path, more)) == expected


def test_what_a_parameter_gives_came_through_its_element(tmp_path: Path) -> None:
    (first, second), _ = made(tmp_path, application_set(LIST, "web-{{cluster}}", "apps/{{cluster}}", server="{{url}}"))
    stated = statement_of(second)
    (path,) = stated.paths
    assert (stated.title, stated.cluster, path.path) == ("Application argocd/web-prod", "https://prod", "apps/prod")
    assert (path.place.span.line, [one.place.span.line for one in path.place.through]) == (15, [9])
    assert statement_of(first).paths[0].place.through[0].place.span.line == 8


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (("apps/*",), ["apps/db.v1", "apps/web"]),
        (("apps/**",), ["apps/db.v1", "apps/web"]),
        (("apps/*", "-apps/web"), ["apps/db.v1"]),
        (("-apps/w*", "apps/*", "apps/*/*"), ["apps/db.v1", "apps/db.v1/deep"]),
        (("apps/d[a-c].v?",), ["apps/db.v1"]),
        (("apps/web",), ["apps/web"]),
        (("*",), ["apps"]),
        (("apps/[^d]*",), ["apps/web"]),
        (("{apps,other}/*", "apps/web"), ["apps/web"]),
    ],
)
def test_directories_of_the_repository(tmp_path: Path, patterns: tuple[str, ...], found: list[str]) -> None:
    text = application_set(git(*patterns), "x", "{{path}}")
    assert [path for _, path in names_and_paths(tmp_path, text)] == found


@pytest.mark.parametrize(
    ("more", "given", "text", "expected"),
    [
        (
            "",
            "",
            "{{path}} {{path.basename}} {{path.basenameNormalized}} {{path[0]}}",
            "apps/db.v1/deep deep deep apps",
        ),
        ("", "", "{{path[1]}} {{path[9]}}", "db.v1 {{path[9]}}"),
        (
            "",
            ", pathParamPrefix: my",
            "{{my.path}} {{my.path.basename}} {{my.path[1]}} {{path}}",
            "apps/db.v1/deep deep db.v1 {{path}}",
        ),
        ("", ", values: {a: '{{path.basename}}-1'}", "{{values.a}}", "deep-1"),
        (
            GO,
            "",
            "{{.path.path}} {{ .path.basename }} {{index .path.segments 1}} {{ len .path.segments }}",
            "apps/db.v1/deep deep db.v1 3",
        ),
        (GO, "", "{{ index .path.segments 1 | normalize }} {{ last .path.segments }}", "db.v1 deep"),
        (GO, ", pathParamPrefix: my", "{{.my.path.path}}", "apps/db.v1/deep"),
        (GO, ", values: {a: '{{.path.basename}}-1'}", "{{.values.a}}", "deep-1"),
    ],
)
def test_what_a_directory_is_called(tmp_path: Path, more: str, given: str, text: str, expected: str) -> None:
    ((_, path),) = names_and_paths(tmp_path, application_set(git("apps/db.v1/*", more=given), "x", text, more))
    assert path == expected


def test_a_directory_came_through_the_pattern_that_names_it(tmp_path: Path) -> None:
    generator = f"  - git:\n      repoURL: {URL}\n      directories:\n      - path: apps/web\n      - path: apps/*\n"
    applications, _ = made(tmp_path, application_set(generator, "{{path.basename}}", "{{path}}"))
    places = [statement_of(one).paths[0].place for one in applications]
    assert [[one.place.span.line for one in place.through] for place in places] == [[10], [9]]


FILES = {
    "conf/dev/c.json": '{"cluster": {"name": "dev", "size": 1000000}, "tags": ["a", "b"]}',
    "conf/prod/c.yaml": "- {cluster: {name: p1, size: 2.5}}\n- {cluster: {name: p2, size: true}}\n---\nignored: x\n",
    "conf/empty.json": "",
}


@pytest.mark.parametrize(
    ("pattern", "more", "text", "expected"),
    [
        ("conf/*c.*", "", "{{cluster.name}} {{cluster.size}}", ["dev 1e+06", "p1 2.5", "p2 true"]),
        (
            "conf/dev",
            "",
            "{{path}} {{path.filename}} {{path.filenameNormalized}} {{path[1]}} {{tags.1}}",
            ["conf/dev c.json c.json dev b"],
        ),
        (
            "conf/*/*.yaml",
            GO,
            "{{.cluster.name}} {{.path.filename}} {{.path.basename}}",
            ["p1 c.yaml prod", "p2 c.yaml prod"],
        ),
        ("*c.json", GO, "{{ range .tags }}{{ . }}-{{ end }}{{ .cluster.size | int }}", ["a-b-1000000"]),
        ("conf/empty.json", GO, "{{.path.path}}", ["conf"]),
    ],
)
def test_files_of_the_repository(tmp_path: Path, pattern: str, more: str, text: str, expected: list[str]) -> None:
    generator = f"  - git: {{repoURL: {URL}, files: [{{path: '{pattern}'}}]}}\n"
    found = names_and_paths(tmp_path, application_set(generator, "x", text, more), FILES)
    assert [path for _, path in found] == expected


def nested(kind: str, *generators: str, more: str = "") -> str:
    inside = "".join(f"      {line}\n" for one in generators for line in one.splitlines())
    return f"  - {kind}:\n      {more}generators:\n{inside}"


def test_a_matrix_puts_each_with_each(tmp_path: Path) -> None:
    text = application_set(nested("matrix", git("apps/*"), LIST), "{{path.basename}}-{{cluster}}", "{{path}}")
    assert [name for name, _ in names_and_paths(tmp_path, text)] == ["db.v1-dev", "db.v1-prod", "web-dev", "web-prod"]


def test_the_second_of_a_matrix_may_use_the_first(tmp_path: Path) -> None:
    files = {"envs/dev/a/x": "", "envs/prod/b/x": "", "envs/prod/c/x": ""}
    text = application_set(nested("matrix", LIST, git("envs/{{ .cluster }}/*")), "x", "{{ .path.path }}", GO)
    assert [path for _, path in names_and_paths(tmp_path, text, files)] == ["envs/dev/a", "envs/prod/b", "envs/prod/c"]


def test_elements_of_a_text_may_come_from_a_file(tmp_path: Path) -> None:
    files = {"c.yaml": "apps: [{name: a}, {name: b}]\n"}
    first = f"  - git: {{repoURL: {URL}, files: [{{path: c.yaml}}]}}\n"
    second = "  - list: {elementsYaml: '{{ .apps | toJson }}'}\n"
    text = application_set(nested("matrix", first, second), "{{.name}}", "x", GO)
    assert [name for name, _ in names_and_paths(tmp_path, text, files)] == ["a", "b"]


def test_a_merge_overrides_by_key(tmp_path: Path) -> None:
    other = "  - list:\n      elements:\n      - {cluster: prod, url: 'https://new'}\n      - {cluster: none, url: x}\n"
    merged = nested("merge", LIST, other, more="mergeKeys: [cluster]\n      ")
    text = application_set(merged, "{{cluster}}", "{{url}}")
    assert names_and_paths(tmp_path, text) == [("dev", "https://dev"), ("prod", "https://new")]


def test_a_merge_into_unknown_clusters_is_a_guess_at_those_that_it_names(tmp_path: Path) -> None:
    base = "  - clusters: {values: {path: apps/web}}\n"
    other = "  - list: {elements: [{name: a, values.path: apps/db.v1}, {name: b, values.path: none}, {name: c}]}\n"
    merged = nested("merge", base, other, more="mergeKeys: [name]\n      ")
    applications, _ = made(tmp_path, application_set(merged, "x-{{name}}", "{{values.path}}", server="{{server}}"))
    stated = [statement_of(one) for one in applications]
    assert [(one.title.rpartition("/")[2], one.cluster, one.paths[0].path) for one in stated] == [
        ("x-{{name}}", "{{server}}", "apps/web"),
        ("x-a", "{{server}} of name=a", "apps/db.v1"),
        ("x-c", "{{server}} of name=c", "apps/web"),
    ]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("{matchLabels: {cluster: dev}}", ["dev"]),
        ("{matchExpressions: [{key: cluster, operator: NotIn, values: [dev]}]}", ["prod"]),
        ("{matchExpressions: [{key: values.size, operator: Exists}]}", ["prod"]),
        ("{matchExpressions: [{key: values.size, operator: DoesNotExist}]}", ["dev"]),
    ],
)
def test_a_selector_chooses_among_sets(tmp_path: Path, selector: str, found: list[str]) -> None:
    text = application_set(f"{LIST}    selector: {selector}\n", "{{cluster}}", "x")
    assert [name for name, _ in names_and_paths(tmp_path, text)] == found


@pytest.mark.parametrize("go", [False, True])
def test_directories_on_unknown_clusters_are_applied_to_one_that_is_not_known(tmp_path: Path, go: bool) -> None:
    dot = "." if go else ""
    path = "{{.path.path}}" if go else "{{path}}"
    generator = nested("matrix", git("apps/*"), "  - clusters: {selector: {matchLabels: {env: prod}}}\n")
    text = application_set(generator, f"x-{{{{{dot}name}}}}", path, STRICT if go else "", server=f"{{{{{dot}server}}}}")
    applications, unbuilt = made(tmp_path, text)
    stated = [statement_of(one) for one in applications]
    assert [(one.cluster, one.paths[0].path) for one in stated] == [
        (f"{{{{{dot}server}}}} of env=prod", "apps/db.v1"),
        (f"{{{{{dot}server}}}} of env=prod", "apps/web"),
    ]
    assert unbuilt == ["the clusters that Argo CD knows"]


@pytest.mark.parametrize(
    ("generator", "reason"),
    [
        ("clusters: {}", "the clusters that Argo CD knows"),
        ("clusterDecisionResource: {}", "the clusters that a resource of the cluster names"),
        ("plugin: {input: {}}", "what a plugin generates"),
    ],
)
def test_a_path_that_is_stated_is_applied_whatever_is_generated(tmp_path: Path, generator: str, reason: str) -> None:
    applications, unbuilt = made(tmp_path, application_set(f"  - {generator}\n", "{{name}}", "apps/web"))
    assert [path.path for one in applications for path in statement_of(one).paths] == ["apps/web"]
    assert unbuilt == [reason]


@pytest.mark.parametrize(
    ("generator", "cluster"),
    [
        ("clusters: {}", "{{server}}"),
        ("clusters: {selector: {matchLabels: {env: prod, a: b}}}", "{{server}} of a=b, env=prod"),
        (
            "clusters: {selector: {matchExpressions: [{key: env, operator: NotIn, values: [a, b]}]}}",
            "{{server}} of env NotIn a,b",
        ),
        ("clusterDecisionResource: {labelSelector: {matchLabels: {x: y}}}", "{{server}} of x=y"),
        ("plugin: {configMapRef: {name: p}}", "{{server}} of p"),
        ("clusters: {}\n    selector: {matchLabels: {env: prod}}", "{{server}} of env=prod"),
    ],
)
def test_unknown_clusters_that_are_selected_otherwise_are_others(tmp_path: Path, generator: str, cluster: str) -> None:
    applications, _ = made(tmp_path, application_set(f"  - {generator}\n", "x", "apps/web", server="{{server}}"))
    assert [statement_of(one).cluster for one in applications] == [cluster]


def test_a_path_that_a_cluster_gives_is_not_known(tmp_path: Path) -> None:
    generator = "  - clusters: {values: {env: prod}}\n"
    applications, _ = made(tmp_path, application_set(generator, "x", "{{ .values.env }}/{{ .name }}", GO))
    (unbuilt,) = statement_of(applications[0]).unbuilt
    assert unbuilt.reason == "the path prod/{{ .name }}, which is not known here"


@pytest.mark.parametrize(
    ("generators", "path", "more", "reason"),
    [
        ("  - scmProvider: {github: {}}\n", "x", "", "the repositories that a host of repositories lists"),
        ("  - pullRequest: {github: {}}\n", "x", "", "the pull requests that are open"),
        (git("none/*"), "x", "", f"directories none/* of {URL}, which are not in this repository"),
        (git("{{ .Values.x }}/*"), "x", "", "paths like {{ .Values.x }}/*, which are not known here"),
        (
            "  - list: {elements: [{port: 80}]}\n",
            "x",
            "",
            "an element whose port is no text, so that Argo CD refuses it",
        ),
        ("  - list: {elements: [b]}\n", "x", GO, "an element that is no mapping, so that Argo CD refuses it"),
        ("  - list: {elements: [{a: b}]}\n", "{{ .b }}", STRICT, 'map has no entry for key "b" in {{ .b }}'),
        (
            "  - list: {elements: [{a: b}]}\n",
            "{{ .a.b }}",
            GO,
            "can't evaluate field b in type interface {} in {{ .a.b }}",
        ),
        ("  - list: {elements: [{a: b}]}\n", "{{ nope .a }}", GO, 'function "nope" not defined in {{ nope .a }}'),
        ("  - list: {elements: [{a: b}]}\n", "{{ .a ", GO, "unclosed action in {{ .a"),
    ],
)
def test_what_is_not_known_or_not_done_is_said(
    tmp_path: Path, generators: str, path: str, more: str, reason: str
) -> None:
    assert made(tmp_path, application_set(generators, "x", path, more)) == ([], [reason])


PATCH = """\
  templatePatch: |
    metadata: {labels: {tier: '{{ .tier }}'}}
    spec:
      project: other
      {{- if eq .tier "back" }}
      destination: {namespace: "{{ .tier }}"}
      source: {path: null, chart: x}
      {{- end }}
      syncPolicy:
        syncOptions: {{ .options | toJson }}
"""


def test_a_patch_changes_all_but_the_project(tmp_path: Path) -> None:
    elements = "  - list: {elements: [{tier: front, options: [CreateNamespace=true]}, {tier: back, options: []}]}\n"
    text = application_set(elements, "{{.tier}}", "apps", GO) + "      project: shop\n" + PATCH
    (front, back), unbuilt = made(tmp_path, text)
    assert unbuilt == []
    stated = statement_of(front)
    assert (stated.paths[0].path, len(stated.objects), front.text_at("metadata", "labels", "tier")) == (
        "apps",
        1,
        "front",
    )
    assert front.text_at("spec", "project") == back.text_at("spec", "project") == "shop"
    assert (statement_of(back).paths, back.text_at("spec", "destination", "namespace")) == ((), "back")
    place = back.get("spec", "source", "chart")
    assert place is not None
    assert place.place.span.line == 18


def test_a_generator_may_complete_the_template(tmp_path: Path) -> None:
    own = "      template: {metadata: {labels: {a: b}}, spec: {source: {path: own}, destination: {namespace: ''}}}\n"
    (one, _), _ = made(tmp_path, application_set(LIST + own, "{{cluster}}", "apps"))
    source, destination = one.get("spec", "source"), one.get("spec", "destination")
    assert source is not None
    assert destination is not None
    assert (source.text_at("path"), source.text_at("repoURL"), destination.text_at("namespace")) == ("own", URL, "shop")


def test_other_objects_make_none(tmp_path: Path) -> None:
    assert made(tmp_path, "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\n") == ([], [])


def test_an_application_has_the_namespace_of_its_set(tmp_path: Path) -> None:
    (one, _), _ = made(tmp_path, application_set(LIST, "{{cluster}}", "apps"))
    assert plain(one.source.document.root)["metadata"] == {"name": "dev", "namespace": "argocd"}


def test_keys_are_templates_too(tmp_path: Path) -> None:
    text = application_set(LIST, "{{cluster}}", "apps").replace(
        "metadata: {name: '{{cluster}}'}",
        "metadata: {name: '{{cluster}}', labels: {'on-{{cluster}}': yes-it-is, 'x-{{y}}': z}}",
    )
    (one, _), _ = made(tmp_path, text)
    labels = one.get("metadata", "labels")
    assert labels is not None
    assert {key: node.text for key, node in labels.entries.items()} == {"on-dev": "yes-it-is", "x-{{y}}": "z"}
