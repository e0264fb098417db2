"""An Application: its sources, the cluster that it applies to, and the Namespace that it makes there."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.build.gitops.argo.namespaces import managed_namespace
from kubeqed.build.gitops.argo.source import ApplicationSource
from kubeqed.build.gitops.statement import RepositoryPath, Statement
from kubeqed.build.kustomize.resources.identity import split_version
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Unbuilt
from kubeqed.parse import Unknown

GROUP = "argoproj.io"
_OWN_NAME = "in-cluster"
_OWN_SERVER = "https://kubernetes.default.svc"
_OCI = "oci://"
# An object may then be a part of one that is there: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply
_MERGES = "ServerSideApply=true"


def is_of_kind(tree: OriginNode, kind: str) -> bool:
    """Whether an object is one of Argo CD's of that kind."""
    return tree.text_at("kind") == kind and split_version(tree.text_at("apiVersion"))[0] == GROUP


def read_application(tree: OriginNode) -> Statement | None:
    """What an Application states; None for any other object."""
    if not is_of_kind(tree, "Application"):
        return None
    paths: list[RepositoryPath] = []
    unbuilt: list[Unbuilt] = []
    for source in _find_sources(tree):
        path, lack = _read_source(source, tree)
        paths += [path] if path is not None else []
        unbuilt += [lack] if lack is not None else []
    namespace = managed_namespace(tree)
    return Statement(
        _name_application(tree),
        tree.place,
        _find_cluster(tree),
        tuple(paths),
        tuple(unbuilt),
        objects=(namespace,) if namespace is not None else (),
        merges=any(one.text == _MERGES for one in tree.items_at("spec", "syncPolicy", "syncOptions")),
    )


def _name_application(tree: OriginNode) -> str:
    namespace, name = tree.text_at("metadata", "namespace"), tree.text_at("metadata", "name")
    return f"Application {namespace}/{name}" if namespace else f"Application {name}"


def _find_cluster(tree: OriginNode) -> str:
    """The cluster by name or address; empty for the one that Argo CD runs in, which is meant where none is said too."""
    name = tree.text_at("spec", "destination", "name")
    server = tree.text_at("spec", "destination", "server").rstrip("/")
    return "" if name == _OWN_NAME or server == _OWN_SERVER else name or server


def _find_sources(tree: OriginNode) -> Iterator[OriginNode]:
    """The sources that count (ApplicationSpec.GetSources): of a hydrator's the one that it renders."""
    hydrated = tree.get("spec", "sourceHydrator", "drySource")
    if hydrated is not None:
        yield hydrated
    elif listed := tree.items_at("spec", "sources"):
        yield from listed
    elif (source := tree.get("spec", "source")) is not None:
        yield source


def _read_source(source: OriginNode, tree: OriginNode) -> tuple[RepositoryPath | None, Unbuilt | None]:
    """A source as a path of a repository, or why it is none; neither for one that only lends its files to others."""
    url = source.text_at("repoURL")
    if (chart := source.get("chart")) is not None and chart.text:
        return None, Unbuilt(chart.place, f"the chart {chart.text} of {url}")
    path = source.get("path")
    if path is None or not path.text:
        return None, None if source.text_at("ref") else Unbuilt(source.place, f"a source of {url} without a path")
    if url.startswith(_OCI):
        return None, Unbuilt(path.place, f"{url}, which is fetched from another machine")
    if isinstance(path.value, Unknown):
        return None, Unbuilt(path.place, f"the path {path.text}, which is not known here")
    return RepositoryPath(url, path.text, path.place, ApplicationSource(source, tree).build), None
