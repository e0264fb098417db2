"""What a Flux Kustomization or a FluxInstance states: a path of a source, and the cluster that it is applied to."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from kubeqed.build.built import Built
from kubeqed.build.directory import Directory, Files
from kubeqed.build.gitops.flux.build import build_path
from kubeqed.build.gitops.flux.instance import apply_instance_patches, instance_spec, make_kustomization
from kubeqed.build.gitops.groups import SOURCES
from kubeqed.build.gitops.statement import BuildPath, ObjectLookup, RepositoryPath, Statement
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Unbuilt
from kubeqed.parse import Place, Unknown

_KUSTOMIZATION = ("kustomize.toolkit.fluxcd.io", "Kustomization")
_SOURCE_KINDS = ("GitRepository", "OCIRepository", "Bucket", "ExternalArtifact")


class RepositorySource(NamedTuple):
    """An object that holds a repository: what a statement calls it, and its URL, empty where it has none."""

    name: str
    url: str


def read_flux(tree: OriginNode) -> Statement | None:
    """What a Kustomization of Flux, a FluxInstance or a HelmRelease of one states; None for any other object."""
    if _identify_kind(tree) == _KUSTOMIZATION:
        return _read_kustomization(tree)
    spec = instance_spec(tree)
    return _read_instance(tree, spec) if spec is not None else None


def read_source(tree: OriginNode) -> RepositorySource | None:
    """The repository that a source of Flux holds, named as in `RepositoryPath.repository`; None for any other object.

    A FluxInstance makes the source that it names, under which Kustomizations then name the same repository.
    """
    spec = instance_spec(tree)
    if spec is not None:
        return RepositorySource(_name_instance_source(make_kustomization(tree, spec)), spec.text_at("sync", "url"))
    group, kind = _identify_kind(tree)
    if group != SOURCES or kind not in _SOURCE_KINDS:
        return None
    return RepositorySource(
        _name_object(kind, tree.text_at("metadata", "namespace"), tree.text_at("metadata", "name")), _find_url(tree)
    )


def _identify_kind(tree: OriginNode) -> tuple[str, str]:
    """(group, kind) of an object."""
    return tree.text_at("apiVersion").partition("/")[0], tree.text_at("kind")


def _find_url(tree: OriginNode) -> str:
    """The URL of a source; that of a bucket is its endpoint and its name."""
    endpoint = tree.text_at("spec", "endpoint")
    return f"s3://{endpoint}/{tree.text_at('spec', 'bucketName')}" if endpoint else tree.text_at("spec", "url")


def _name_object(kind: str, namespace: str, name: str) -> str:
    """What an object is called in messages."""
    return f"{kind} {namespace}/{name}" if namespace else f"{kind} {name}"


def _read_kustomization(tree: OriginNode) -> Statement:
    """The path of a Kustomization; what it needs comes first."""
    own = tree.text_at("metadata", "namespace")
    kind, name = tree.text_at("spec", "sourceRef", "kind"), tree.text_at("spec", "sourceRef", "name")
    repository = _name_object(kind, tree.text_at("spec", "sourceRef", "namespace") or own, name)
    needed = [
        _name_object("Kustomization", item.text_at("namespace") or own, item.text_at("name"))
        for item in tree.items_at("spec", "dependsOn")
    ]
    configured = ("spec", "kubeConfig")
    cluster = tree.text_at(*configured, "secretRef", "name") or tree.text_at(*configured, "configMapRef", "name")
    return _make_statement(
        tree, tree.get("spec", "path"), repository, partial(build_path, tree), cluster, tuple(needed)
    )


def _read_instance(tree: OriginNode, spec: OriginNode) -> Statement:
    """The path that a FluxInstance has its cluster synchronised with."""
    made = make_kustomization(tree, spec)
    build = partial(_build_synchronised, made, spec)
    return _make_statement(tree, made.get("spec", "path"), _name_instance_source(made), build)


def _name_instance_source(made: OriginNode) -> str:
    source = made.entries["spec"].entries["sourceRef"]
    return _name_object(source.text_at("kind"), made.text_at("metadata", "namespace"), source.text_at("name"))


def _build_synchronised(
    made: OriginNode, spec: OriginNode, files: Files, directory: str, lookup: ObjectLookup
) -> Built:
    return build_path(apply_instance_patches(made, spec, Directory(directory, files)), files, directory, lookup)


def _make_statement(
    tree: OriginNode,
    path: OriginNode | None,
    repository: str,
    build: BuildPath,
    cluster: str = "",
    needed: tuple[str, ...] = (),
) -> Statement:
    title = _name_object(tree.text_at("kind"), tree.text_at("metadata", "namespace"), tree.text_at("metadata", "name"))
    place = _stated_at(tree, path)
    if path is not None and isinstance(path.value, Unknown):
        unbuilt = Unbuilt(place, f"the path {path.text}, which only the cluster knows")
        return Statement(title, place, cluster, (), (unbuilt,), needed)
    stated = RepositoryPath(repository, path.text if path is not None else "", place, build)
    return Statement(title, place, cluster, (stated,), (), needed)


def _stated_at(tree: OriginNode, path: OriginNode | None) -> Place:
    """Where the path stands, or the object where it states none."""
    return (path or tree.get("spec") or tree).place
