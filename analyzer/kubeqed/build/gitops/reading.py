"""From objects to what they state: the one table of GitOps kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kubeqed.build.directory import Files
from kubeqed.build.gitops.argo.application import read_application
from kubeqed.build.gitops.argo.application_set import read_application_set
from kubeqed.build.gitops.flux.helm_release import read_helm_release
from kubeqed.build.gitops.flux.statement import read_flux
from kubeqed.build.gitops.groups import SOURCES, STATING
from kubeqed.build.gitops.statement import Statement
from kubeqed.build.node import OriginNode, thaw
from kubeqed.parse import Mapping, PlacedDocument

StatementReader = Callable[[OriginNode], tuple[Statement, ...]]


def statement_reader(files: Files, root: str) -> StatementReader:
    """What gives all that an object states; nothing for what is no GitOps object. `root` is the real one of the repository."""

    def read(tree: OriginNode) -> tuple[Statement, ...]:
        applications, unbuilt = read_application_set(tree, files, root)
        found = [read_flux(tree), read_helm_release(tree), read_application(tree)]
        found += (made._replace(tree=one) for one in applications if (made := read_application(one)) is not None)
        if unbuilt:
            title = f"ApplicationSet {tree.text_at('metadata', 'name')}"
            found.append(Statement(title, tree.place, "", (), tuple(unbuilt)))
        return tuple(one for one in found if one is not None)

    return read


def gitops_trees(documents: Iterable[PlacedDocument]) -> Iterator[OriginNode]:
    """The trees of the objects that may state something, or say where a repository is; lists are taken apart."""
    for placed in documents:
        root = placed.document.root
        if isinstance(root, Mapping) and _may_hold(root):
            yield from _list_trees(thaw(placed))


def _may_hold(root: Mapping) -> bool:
    kind, version = root.get("kind"), root.get("apiVersion")
    return (isinstance(kind, str) and kind.endswith("List")) or (isinstance(version, str) and is_gitops(version))


def is_gitops(api_version: str) -> bool:
    """Whether a kind of this apiVersion may state something, or say where a repository is."""
    group = api_version.partition("/")[0]
    return group in STATING or group == SOURCES


def _list_trees(tree: OriginNode) -> Iterator[OriginNode]:
    if tree.text_at("kind").endswith("List"):
        for item in tree.items_at("items"):
            yield from _list_trees(item)
    elif is_gitops(tree.text_at("apiVersion")):
        yield tree
