"""A source that is a chart: the release, the namespace and the values that its Application states, in Argo CD's order."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.gitops.argo.applied import URL, application, applied, names, statement_of, tree_of, write

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.argo.application_set import read_application_set
from kubeqed.build.refusal import RefusalCause
from kubeqed.sources import tree_around

CHART = "apiVersion: v2\nname: web\nversion: 0.1.0\n"
CONFIG_MAP = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  a: {{ .Values.a }}
  b: {{ .Values.b | quote }}
  kind: {{ kindOf .Values.b }}
  namespace: {{ .Release.Namespace }}
"""
FILES = {
    "apps/Chart.yaml": CHART,
    "apps/values.yaml": "a: own\nb: own\n",
    "apps/templates/all.yaml": CONFIG_MAP,
    "apps/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\n",
    "apps/prod.yaml": "a: prod\n",
    "envs/all.yaml": "b: envs\n",
}


def built(root: Path, helm: str) -> Built:
    return applied(root, application(f"path: apps, helm: {{skipCrds: true, {helm}}}"), FILES)


def data(one: Built) -> dict[str, str]:
    assert (one.refusals, one.unbuilt, one.lacks_change) == ((), (), False)
    found: dict[str, str] = plain(one.documents[0].document.root)["data"]
    return found


def test_a_release_is_called_like_its_application(tmp_path: Path) -> None:
    one = applied(tmp_path, application("path: apps"), FILES)
    assert names(one) == ["CustomResourceDefinition /c", "ConfigMap shop/shop"]
    assert data(one._replace(documents=one.documents[1:]))["namespace"] == "shop"
    assert names(built(tmp_path, "releaseName: web")) == ["ConfigMap shop/web"]


@pytest.mark.parametrize(
    ("helm", "a", "b"),
    [
        ("", "own", "own"),
        ("valueFiles: [prod.yaml]", "prod", "own"),
        ("valueFiles: [prod.yaml, ../envs/all.yaml]", "prod", "envs"),
        ("valueFiles: [/envs/all.yaml]", "own", "envs"),
        ("valueFiles: [prod.yaml], values: 'a: text'", "text", "own"),
        ("valueFiles: [prod.yaml], valuesObject: {a: object}, values: 'a: text'", "object", "own"),
        ("valuesObject: {a: object}, parameters: [{name: a, value: set}]", "set", "own"),
        ("parameters: [{name: a, value: 'x,b=y'}]", "x,b=y", "own"),
        ("parameters: [{name: a, value: $ARGOCD_APP_NAME}]", "shop", "own"),
        ("valueFiles: [gone.yaml, prod.yaml], ignoreMissingValueFiles: true", "prod", "own"),
    ],
)
def test_later_values_win(tmp_path: Path, helm: str, a: str, b: str) -> None:
    found = data(built(tmp_path, helm))
    assert (found["a"], found["b"]) == (a, b)


def test_a_parameter_may_be_a_text(tmp_path: Path) -> None:
    assert data(built(tmp_path, "parameters: [{name: b, value: '1'}]"))["kind"] == "int64"
    assert data(built(tmp_path, "parameters: [{name: b, value: '1', forceString: true}]"))["kind"] == "string"


def test_a_file_of_values_that_is_not_there_is_refused_at_its_line(tmp_path: Path) -> None:
    (refusal,) = built(tmp_path, "valueFiles: [gone.yaml]").refusals
    assert (refusal.reason, refusal.cause) == ("open gone.yaml: no such file or directory", RefusalCause.NO_FILE)


def test_values_of_another_repository_are_not_known(tmp_path: Path) -> None:
    one = built(tmp_path, "valueFiles: ['https://example.com/values.yaml', prod.yaml]")
    assert [part.reason for part in one.unbuilt] == [
        "the values in https://example.com/values.yaml, which are fetched from another machine"
    ]
    assert one.lacks_change
    assert plain(one.documents[0].document.root)["data"]["a"] == "prod"


@pytest.mark.parametrize(("url", "lacks"), [(URL, False), ("https://git.example/other.git", True)])
def test_values_of_another_source_count_if_it_is_of_this_repository(tmp_path: Path, url: str, lacks: bool) -> None:
    text = application("path: apps").replace(
        f"  source: {{repoURL: {URL}, path: apps}}",
        f"  sources:\n  - {{repoURL: {URL}, path: apps, helm: {{skipCrds: true, valueFiles: [$v/envs/all.yaml]}}}}\n"
        f"  - {{repoURL: {url}, ref: v}}",
    )
    one = applied(tmp_path, text, FILES)
    assert one.lacks_change is lacks
    assert plain(one.documents[0].document.root)["data"]["b"] == ("own" if lacks else "envs")


GENERATED = """apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: shop, namespace: argocd}}
spec:
  goTemplate: true
  generators:
  - plugin: {{configMapRef: {{name: secrets}}}}
  template:
    metadata: {{name: shop}}
    spec:
      destination: {{name: in-cluster, namespace: shop}}
      source:
        repoURL: {url}
        path: apps
        helm: {helm}
"""


@pytest.mark.parametrize(
    "helm",
    [
        '{values: "a: {{ .host }}\\nb: own"}',
        "{valuesObject: {a: '{{ .host }}', b: own}}",
        "{parameters: [{name: a, value: '{{ .host }}'}]}",
    ],
)
def test_what_a_generator_gives_is_not_known(tmp_path: Path, helm: str) -> None:
    schema = '{"properties": {"a": {"enum": ["x"]}}}'
    write(tmp_path, {**FILES, "apps/values.schema.json": schema})
    with tree_around(str(tmp_path), str(tmp_path)) as tree:
        files = TreeFiles(tree, str)
        text = GENERATED.format(url=URL, helm=helm)
        (one,), _ = read_application_set(tree_of(text), files, str(tmp_path.resolve()))
        (path,) = statement_of(one).paths
        built = path.build(files, str(tmp_path.resolve() / "apps"), lambda *_: None)
    assert (built.refusals, built.lacks_change) == ((), True)
    assert [one.reason for one in built.unbuilt] == ["values that a generator gives, which are not known here"]
    (config_map,) = (one for one in built.documents if plain(one.document.root)["kind"] == "ConfigMap")
    assert plain(config_map.document.root)["data"]["a"] == "${host}"


def test_what_helm_refuses_stands_in_the_template(tmp_path: Path) -> None:
    files = {**FILES, "apps/templates/all.yaml": 'kind: {{ include "gone" . }}\n'}
    (refusal,) = applied(tmp_path, application("path: apps"), files).refusals
    assert (refusal.tool, Path(refusal.place.file).name) == ("helm", "all.yaml")


def test_a_value_knows_its_template_its_file_and_its_application(tmp_path: Path) -> None:
    one = built(tmp_path, "valueFiles: [prod.yaml]")
    place = one.documents[0].at("data.a")
    assert (Path(place.file).name, place.span.line) == ("all.yaml", 6)
    assert [(Path(way.place.file).name, way.text) for way in place.through] == [
        ("prod.yaml", "takes the value that is set here"),
        ("app.yaml", "applies it"),
    ]
    assert {Path(path).name for path in one.used} >= {"Chart.yaml", "all.yaml", "prod.yaml"}
