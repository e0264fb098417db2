"""A HelmRelease whose chart lies in the repository: its name, its values in their order, and what is done after Helm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.gitops.flux.flux_objects import nothing, tree_of

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.gitops.flux.helm_release import read_helm_release
from kubeqed.build.gitops.statement import ObjectLookup
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import RefusalCause
from kubeqed.sources import tree_around

HEAD = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: apps}\nspec:\n"
LOCAL = "  chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: flux-system}%s}}\n"
FILES = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": "a: own\nb: own\n",
    "charts/web/templates/all.yaml": """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  a: {{ .Values.a }}
  b: {{ .Values.b }}
  namespace: {{ .Release.Namespace }}
""",
    "charts/web/crds/crd.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\n",
    "envs/prod.yaml": "a: prod\n",
}


def release(spec: str = "", more: str = "") -> str:
    return HEAD + LOCAL % more + "  install: {crds: Skip}\n" + spec


def config_map(data: str) -> OriginNode:
    return tree_of(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings, namespace: apps}}\ndata: {data}\n")


def build(root: Path, text: str, lookup: ObjectLookup = nothing, files: Mapping[str, str] = FILES) -> Built:
    for name, content in {**files, "release.yaml": text}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    with tree_around(str(root), str(root)) as tree:
        read = TreeFiles(tree, lambda real: real.removeprefix(f"{root}/"))
        statement = read_helm_release(thaw(read.documents(str(root / "release.yaml"))[0]))
        assert statement is not None
        (path,) = statement.paths
        return path.build(read, str(root / path.path.removeprefix("./")), lookup)


def data(built: Built) -> dict[str, str]:
    assert (built.refusals, built.unbuilt, built.lacks_change) == ((), (), False)
    found: dict[str, str] = plain(built.documents[0].document.root)["data"]
    return found


def test_what_it_states() -> None:
    statement = read_helm_release(tree_of(release()))
    assert statement is not None
    assert (statement.title, statement.cluster) == ("HelmRelease apps/web", "")
    assert [(path.repository, path.path) for path in statement.paths] == [
        ("GitRepository apps/flux-system", "./charts/web")
    ]


@pytest.mark.parametrize("kind", ["HelmRepository", "OCIRepository"])
def test_a_chart_that_is_fetched_states_nothing(kind: str) -> None:
    assert read_helm_release(tree_of(release().replace("GitRepository", kind))) is None


@pytest.mark.parametrize(
    ("spec", "name", "namespace"),
    [
        ("", "web", "apps"),
        ("  targetNamespace: shop\n", "shop-web", "shop"),
        ("  releaseName: one\n  targetNamespace: shop\n", "one", "shop"),
        (f"  targetNamespace: {'n' * 60}\n", f"{'n' * 40}-b4e6ff43a0b1", "n" * 60),
    ],
)
def test_its_name_and_namespace(tmp_path: Path, spec: str, name: str, namespace: str) -> None:
    built = build(tmp_path, release(spec))
    metadata = plain(built.documents[0].document.root)["metadata"]
    assert (metadata["name"][:41], metadata["namespace"]) == (name[:41], namespace)
    assert len(metadata["name"]) == len(name)
    assert data(built)["namespace"] == namespace


@pytest.mark.parametrize(
    ("spec", "a", "b"),
    [
        ("", "own", "own"),
        ("  values: {a: stated}\n", "stated", "own"),
        ("  valuesFrom: [{kind: ConfigMap, name: settings}]\n", "map", "map"),
        ("  valuesFrom: [{kind: ConfigMap, name: settings}]\n  values: {a: stated}\n", "stated", "map"),
        ("  valuesFrom: [{kind: ConfigMap, name: settings, valuesKey: one, targetPath: b}]\n", "own", "1"),
    ],
)
def test_later_values_win(tmp_path: Path, spec: str, a: str, b: str) -> None:
    settings = config_map(
        "{values.yaml: 'a: map\\nb: map', one: '1'}".replace("'a: map\\nb: map'", '"a: map\\nb: map"')
    )
    built = build(tmp_path, release(spec), lambda *_: settings)
    assert (data(built)["a"], str(data(built)["b"])) == (a, b)


def test_files_of_values_stand_in_for_the_charts_own(tmp_path: Path) -> None:
    built = build(tmp_path, release(more=", valuesFiles: [envs/prod.yaml]"))
    assert (data(built)["a"], str(data(built)["b"])) == ("prod", "None")
    (refusal,) = build(tmp_path, release(more=", valuesFiles: [gone.yaml]")).refusals
    assert refusal.cause is RefusalCause.NO_FILE


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_values_that_nobody_sees_leave_all_open(tmp_path: Path, kind: str) -> None:
    files = {**FILES, "charts/web/templates/b.yaml": '{{ required "say a" .Values.secret }}'}
    built = build(tmp_path, release(f"  valuesFrom: [{{kind: {kind}, name: settings}}]\n"), files=files)
    assert (built.refusals, built.lacks_change) == ((), True)
    assert built.unbuilt[0].reason == f"the values values.yaml of {kind} apps/settings"


def test_the_values_of_a_secret_are_never_taken(tmp_path: Path) -> None:
    secret = tree_of("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {values.yaml: 'a: hidden'}\n")
    built = build(tmp_path, release("  valuesFrom: [{kind: Secret, name: s}]\n"), lambda *_: secret)
    assert plain(built.documents[0].document.root)["data"]["a"] == "own"
    assert built.lacks_change


def test_what_is_done_after_helm(tmp_path: Path) -> None:
    spec = """  commonMetadata: {labels: {team: shop}}
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: ConfigMap}
            patch: |
              - {op: replace, path: /data/a, value: patched}
"""
    built = build(tmp_path, release(spec))
    assert data(built)["a"] == "patched"
    assert plain(built.documents[0].document.root)["metadata"]["labels"] == {"team": "shop"}
    place = built.documents[0].at("data.a")
    assert (place.file, place.span.line) == ("release.yaml", 13)


def test_a_value_knows_its_template_and_its_release(tmp_path: Path) -> None:
    place = build(tmp_path, release("  values: {a: stated}\n")).documents[0].at("data.a")
    assert (place.file, place.span.line) == ("charts/web/templates/all.yaml", 6)
    assert [(way.place.file, way.place.span.line, way.text) for way in place.through] == [
        ("release.yaml", 7, "takes the value that is set here"),
        ("release.yaml", 5, "applies it"),
    ]
