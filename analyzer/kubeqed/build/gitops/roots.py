"""Where clusters start: the GitOps objects and kustomizations that nothing else in the repository applies."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.gitops.cluster import GitOpsCluster, Part, collect_clusters
from kubeqed.build.gitops.flux.statement import read_source
from kubeqed.build.gitops.holding import HoldingPaths
from kubeqed.build.gitops.path_builder import Identity, PathBuilder, identity_of
from kubeqed.build.gitops.reading import StatementReader, gitops_trees, statement_reader
from kubeqed.build.gitops.repositories import Repositories
from kubeqed.build.gitops.statement import RepositoryPath
from kubeqed.build.node import OriginNode
from kubeqed.diagnostic import FailuresNoted, Notice
from kubeqed.parse import PlacedDocument

Documents = tuple[PlacedDocument, ...]


class ClusterRoot(NamedTuple):
    """What a cluster starts from: `directory` is where it is, `documents` are the GitOps objects that it begins with.

    `files` are the real paths of those that hold them where nothing states that they are applied, so that only
    their places tell which roots go together; none for a root that applies itself. `built` is what a kustomization
    makes that is a root.
    """

    directory: str
    documents: Documents
    files: frozenset[str] = frozenset()
    built: Built | None = None

    def own_parts(self) -> Iterator[Part]:
        """What the kustomization of a root applies by itself, if it is one."""
        if self.built is not None:
            place = self.documents[0].placed(self.documents[0].document.top)
            yield Part("", place, self.directory, self.built)


class _Node(NamedTuple):
    """A GitOps object as it is written, or a kustomization whose build holds such objects; `file` is its real path."""

    file: str
    trees: tuple[OriginNode, ...]
    documents: Documents
    built: Built | None = None


_Key = Identity | str
_StatedPath = tuple[OriginNode, RepositoryPath, str]  # what states it, the path, and its real place


class RootSearch:
    """The roots of one repository, and the clusters that they lead to.

    `written` are the documents of the files that hold GitOps objects, by real path; `kustomizations` are the builds that
    hold such objects, by the real path of their file. `origin` is where the repository was cloned from.
    A build on which kubeqed fails is noted in `failures`.
    """

    def __init__(
        self,
        files: Files,
        root: str,
        origin: str,
        written: Mapping[str, Documents],
        kustomizations: Mapping[str, Built],
        failures: list[Notice],
    ) -> None:
        self._failures = failures
        self.read: StatementReader = statement_reader(files, root)
        self._nodes: dict[_Key, _Node] = {}
        self._holding = HoldingPaths(files, written)
        trees = {path: tuple(gitops_trees(documents)) for path, documents in written.items()}
        for path, inside in trees.items():
            for tree in inside:
                self._nodes[identity_of(tree)] = _Node(path, (tree,), written[path])
        for path, built in kustomizations.items():
            self._nodes[path] = _Node(path, tuple(gitops_trees(built.documents)), built.documents, built)
        every = [tree for node in self._nodes.values() for tree in node.trees]
        urls = {one.name: one.url for one in filter(None, map(read_source, every)) if one.url}
        stated = {key: list(self._list_stated(node.trees)) for key, node in self._nodes.items()}
        paths = (path for pairs in stated.values() for _, path in pairs)
        self.builder = PathBuilder(files, Repositories(files, root, origin, urls, paths), failures)
        self._paths = {key: list(self._find_paths(pairs)) for key, pairs in stated.items()}

    def roots(self) -> list[ClusterRoot]:
        """The roots that lead to a path of the repository, in order of where they are written."""
        with FailuresNoted(self._failures, "searching clusters"):
            return list(self._find_roots())
        return []

    def clusters(self, roots: Iterable[ClusterRoot]) -> tuple[GitOpsCluster, ...]:
        """The clusters that some roots lead to together."""
        several = tuple(roots)
        documents = dict.fromkeys(chain.from_iterable(root.documents for root in several))
        own = (part for root in several for part in root.own_parts())
        with FailuresNoted(self._failures, "building clusters"):
            return collect_clusters(documents, own, self.read, self.builder)
        return ()

    def _find_roots(self) -> Iterator[ClusterRoot]:
        edges = {key: self._list_applied(key, node) for key, node in self._nodes.items()}
        reached = {key: _find_reached(key, edges) for key in edges}
        above: dict[_Key, set[_Key]] = {key: {key} for key in edges}
        for key, others in reached.items():
            for other in others:
                above[other].add(key)
        stated = frozenset(key for node, keys in edges.items() if self._nodes[node].built is None for key in keys)
        for circle in dict.fromkeys(frozenset(above[key]) for key in edges if above[key] <= reached[key] | {key}):
            led_to = frozenset[_Key]().union(*(reached[key] for key in circle))
            is_circle = not circle.isdisjoint(led_to)
            if is_circle or not self._is_switched_off(circle, circle | led_to, stated):
                yield from self._make_root(circle, is_circle=is_circle)

    def _list_applied(self, key: _Key, node: _Node) -> frozenset[_Key]:
        """The nodes that one applies: what it builds, and what the paths hold that its objects name."""
        found: set[_Key] = set() if node.built is None else set(map(identity_of, node.trees))
        waiting, made = list(self._paths[key]), set[tuple[Identity, str]]()
        for tree, path, real in waiting:
            if real not in self._holding:
                continue
            built = self.builder.build(tree, path, real, _find_nothing)
            trees = {(identity_of(one), one.text_at("metadata", "name")): one for one in gitops_trees(built.documents)}
            found |= {identity for identity, _ in trees} | built.used
            # A chart makes objects that no file holds.
            new = [one for name, one in trees.items() if name[0] not in self._nodes and name not in made]
            made |= trees.keys()
            waiting += self._find_paths(self._list_stated(new))
        return frozenset(found & self._nodes.keys())

    def _list_stated(self, trees: Iterable[OriginNode]) -> Iterator[tuple[OriginNode, RepositoryPath]]:
        """The paths that some objects name, each with what states it."""
        for tree in trees:
            for statement in self.read(tree):
                yield from ((statement.tree or tree, path) for path in statement.paths)

    def _find_paths(self, stated: Iterable[tuple[OriginNode, RepositoryPath]]) -> Iterator[_StatedPath]:
        """Those of this repository, with their real places."""
        for tree, path in stated:
            if (real := self.builder.find(path)) is not None:
                yield tree, path, real

    def _make_root(self, keys: frozenset[_Key], *, is_circle: bool) -> Iterator[ClusterRoot]:
        """The root that some nodes are which apply one another, or one alone; none where it leads to no path of the repository."""
        ordered = sorted(keys, key=str)
        made = [key for key in ordered if self._nodes[key].built is not None]
        stating = [key for key in ordered if self._nodes[key].built is None]
        real = next((real for key in (*stating, *made) for _, _, real in self._paths[key]), None)
        first = self._nodes[(made or ordered)[0]]
        if real is None:
            return
        if is_circle and stating:
            yield ClusterRoot(real, first.documents)
        else:
            yield ClusterRoot(posixpath.dirname(first.file), first.documents, self._files_of(first), first.built)

    def _is_switched_off(self, keys: frozenset[_Key], reached: frozenset[_Key], stated: frozenset[_Key]) -> bool:
        """Whether nothing applies a root for good: another node names the directory that holds it, and leaves it out, or
        states the same of it under the same name.

        `reached` are the nodes that it leads to, `stated` those that the path of some object leads to.
        """
        files = {file for key in keys for file in self._files_of(self._nodes[key])}
        own = {pair for key in keys for pair in self._list_stated_names(key)}
        others = {pair for key in stated - reached for pair in self._list_stated_names(key)}
        return (bool(own) and own <= others) or any(self._is_named(file, reached) for file in files)

    def _files_of(self, node: _Node) -> frozenset[str]:
        """The real paths of the files in which the objects of a node are written."""
        return frozenset(self._nodes[key].file for key in map(identity_of, node.trees) if key in self._nodes)

    def _list_stated_names(self, key: _Key) -> set[tuple[str, str]]:
        """(name, real path) of what the objects of a node state."""
        return {(tree.text_at("metadata", "name"), real) for tree, _, real in self._paths[key]}

    def _is_named(self, path: str, reached: frozenset[_Key]) -> bool:
        """Whether a node that is not reached names a directory that holds a file."""
        while (parent := posixpath.dirname(path)) != path:
            path = parent
            if not self._named_by.get(path, set()) <= reached:
                return True
        return False

    @cached_property
    def _named_by(self) -> Mapping[str, set[_Key]]:
        """Which nodes name each real path."""
        found: dict[str, set[_Key]] = {}
        for key, paths in self._paths.items():
            for _, _, real in paths:
                found.setdefault(real, set()).add(key)
        return found


def _find_nothing(_kind: str, _namespace: str, _name: str) -> None:
    return None


def _find_reached(start: _Key, edges: Mapping[_Key, frozenset[_Key]]) -> frozenset[_Key]:
    """What the edges lead to from one node; itself only if a way leads back."""
    found: set[_Key] = set()
    waiting = [*edges[start]]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += edges[here]
    return frozenset(found)
