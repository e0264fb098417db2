"""A HelmRelease whose chart is a directory of a repository."""

from __future__ import annotations

from functools import partial

from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.gitops.groups import HELM_RELEASES
from kubeqed.build.gitops.statement import ObjectLookup, RepositoryPath, Statement
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Unbuilt
from kubeqed.parse import Unknown

_SOURCES = ("GitRepository", "Bucket")  # those that hold a directory


def read_helm_release(tree: OriginNode) -> Statement | None:
    """What a HelmRelease states whose chart lies in a repository; None for any other object."""
    if (tree.text_at("apiVersion").partition("/")[0], tree.text_at("kind")) != (HELM_RELEASES, "HelmRelease"):
        return None
    stated = ("spec", "chart", "spec")
    path, kind = tree.get(*stated, "chart"), tree.text_at(*stated, "sourceRef", "kind")
    if path is None or not path.text or kind not in _SOURCES:
        return None
    namespace = tree.text_at("metadata", "namespace")
    source = tree.text_at(*stated, "sourceRef", "namespace") or namespace
    named = tree.text_at(*stated, "sourceRef", "name")
    repository = f"{kind} {source}/{named}" if source else f"{kind} {named}"
    name = tree.text_at("metadata", "name")
    title = f"HelmRelease {namespace}/{name}" if namespace else f"HelmRelease {name}"
    cluster = tree.text_at("spec", "kubeConfig", "secretRef", "name")
    if isinstance(path.value, Unknown):
        unbuilt = Unbuilt(path.place, f"the chart {path.text}, which only the cluster knows")
        return Statement(title, path.place, cluster, (), (unbuilt,))
    return Statement(
        title, path.place, cluster, (RepositoryPath(repository, path.text, path.place, partial(_build_release, tree)),)
    )


def _build_release(tree: OriginNode, files: Files, real: str, lookup: ObjectLookup) -> Built:
    from kubeqed.build.gitops.flux.release import ReleasedChart  # a third of a start, and few releases hold their chart

    return ReleasedChart(tree).build(files, real, lookup)
