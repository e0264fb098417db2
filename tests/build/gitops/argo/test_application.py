"""What an Application states: sources, cluster, the Namespace that it makes (Argo CD v3.5.1)."""

from __future__ import annotations

import pytest
from tests.build.built import plain
from tests.build.gitops.argo.applied import HEAD, URL, application, statement, tree_of

from kubeqed.build.gitops.argo.application import read_application


def test_a_path_is_stated_with_its_repository_and_line() -> None:
    stated = statement(application("path: apps/web"))
    (path,) = stated.paths
    assert (stated.title, stated.cluster, path.repository, path.path) == (
        "Application argocd/shop",
        "",
        URL,
        "apps/web",
    )
    assert (path.place.span.line, stated.unbuilt, stated.objects) == (5, (), ())


@pytest.mark.parametrize(
    ("version", "kind"), [("argoproj.io/v1alpha1", "AppProject"), ("app.k8s.io/v1beta1", "Application")]
)
def test_other_objects_state_nothing(version: str, kind: str) -> None:
    assert read_application(tree_of(f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\n")) is None


@pytest.mark.parametrize(
    ("destination", "cluster"),
    [
        ("{server: https://kubernetes.default.svc}", ""),
        ("{server: https://kubernetes.default.svc/}", ""),
        ("{name: in-cluster}", ""),
        ("{name: prod}", "prod"),
        ("{server: 'https://10.0.0.1:6443'}", "https://10.0.0.1:6443"),
        ("{}", ""),
        ("{server: '{{ .Values.server }}'}", "{{ .Values.server }}"),
    ],
)
def test_the_cluster_is_that_of_the_destination(destination: str, cluster: str) -> None:
    assert statement(application("path: x", f"  destination: {destination}\n")).cluster == cluster


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("chart: redis, targetRevision: 1.0.0", f"the chart redis of {URL}"),
        ("targetRevision: main", f"a source of {URL} without a path"),
        ("path: '{{ .Values.path }}'", "the path {{ .Values.path }}, which is not known here"),
    ],
)
def test_what_is_no_path_of_a_repository_is_said(source: str, reason: str) -> None:
    stated = statement(application(source))
    assert (stated.paths, [one.reason for one in stated.unbuilt]) == ((), [reason])


def test_an_artifact_of_a_registry_is_fetched() -> None:
    stated = statement(application("path: x").replace(URL, "oci://registry.example/config"))
    assert [one.reason for one in stated.unbuilt] == [
        "oci://registry.example/config, which is fetched from another machine"
    ]


def test_each_source_counts_and_one_that_lends_files_does_not() -> None:
    sources = "[{repoURL: a, path: one}, {repoURL: b, chart: redis}, {repoURL: c, ref: values}, {repoURL: d, path: two, ref: r}]"
    stated = statement(f"{HEAD}spec:\n  sources: {sources}\n  source: {{repoURL: e, path: three}}\n")
    assert [(one.repository, one.path) for one in stated.paths] == [("a", "one"), ("d", "two")]
    assert [one.reason for one in stated.unbuilt] == ["the chart redis of b"]


def test_a_hydrator_applies_what_its_dry_source_renders() -> None:
    dry = f"{{repoURL: {URL}, path: apps/web, targetRevision: HEAD}}"
    stated = statement(
        f"{HEAD}spec:\n  sourceHydrator: {{drySource: {dry}, syncSource: {{targetBranch: env, path: web}}}}\n"
    )
    assert [(one.repository, one.path) for one in stated.paths] == [(URL, "apps/web")]


def test_the_namespace_is_made_where_the_application_says_so() -> None:
    policy = "  syncPolicy:\n    managedNamespaceMetadata: {labels: {team: a}}\n    syncOptions: [Prune=false, CreateNamespace=true]\n"
    stated = statement(application("path: x", f"  destination: {{namespace: shop}}\n{policy}"))
    (made,) = stated.objects
    expected = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "a"}}}
    assert plain(made.document.root) == expected
    assert (made.at("metadata.name").span.line, made.at("kind").span.line) == (6, 9)


@pytest.mark.parametrize(("option", "namespace"), [("CreateNamespace=false", "shop"), ("CreateNamespace=true", "''")])
def test_no_namespace_is_made_unless_asked_for_by_name(option: str, namespace: str) -> None:
    more = f"  destination: {{namespace: {namespace}}}\n  syncPolicy: {{syncOptions: [{option}]}}\n"
    assert statement(application("path: x", more)).objects == ()


@pytest.mark.parametrize(("option", "merges"), [("ServerSideApply=true", True), ("ServerSideApply=false", False)])
def test_what_is_applied_by_the_server_is_laid_over_what_is_there(option: str, merges: bool) -> None:
    more = f"  syncPolicy: {{syncOptions: [{option}]}}\n"
    assert statement(application("path: x", more)).merges is merges
