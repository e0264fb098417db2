"""The clusters that GitOps objects state: which of their roots go together, and what each cluster holds."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.build.gitops.groups import HELM_RELEASES, STATING
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.built import read_applied
from kubeqed.model.units.guessed import guess_units
from kubeqed.model.units.kustomize.changed import KustomizeChange
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.read import Manifest
from kubeqed.model.units.repeats import first_repetition
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.model.values.known import is_one_of
from kubeqed.parse import value_at

if TYPE_CHECKING:
    from kubeqed.build.gitops.cluster import Part
    from kubeqed.build.gitops.roots import ClusterRoot, RootSearch

Files = Mapping[str, Manifest]
_HELD = ("GitRepository", "Bucket")
_FOLLOWED = frozenset({"Kustomization", "Application", "ApplicationSet"})


class StatedCluster(NamedTuple):
    """A cluster that is stated: where it begins, as a real path, and what statements call it if that is not where they stand.

    `written` are the real paths of the files that begin it and that no part holds, `parts` are what reaches it.
    """

    place: str
    name: str
    written: tuple[str, ...]
    parts: tuple[Part, ...]


def may_state(manifest: Manifest) -> bool:
    """Whether a file may state what reaches a cluster."""
    return any(item.group in STATING for item in manifest.objects)


def is_followed(item: Object) -> bool:
    """Whether what the object applies is built, or said to be lacking, where its cluster is stated."""
    if (item.group, item.kind) == (HELM_RELEASES, "HelmRelease"):
        # A chart that is fetched from elsewhere is not built.
        return is_one_of(value_at(item.identity.root, "spec.chart.spec.sourceRef.kind"), _HELD)
    return item.group in STATING and item.kind in _FOLLOWED


def find_stated_clusters(search: RootSearch, files: Files) -> Iterator[StatedCluster]:
    """The clusters of a repository; `files` are all that was read, by real path."""
    for place, roots in _group_roots(search.roots(), files):
        clusters = list(_state_clusters(search, place, roots))
        if len(roots) > 1 and any(_is_in_two_ways(one, files) for one in clusters):
            clusters = [one for root in roots for one in _state_clusters(search, _name_place(root), [root])]
        yield from clusters


def _group_roots(roots: Sequence[ClusterRoot], files: Files) -> Iterator[tuple[str, list[ClusterRoot]]]:
    """The roots that begin one cluster, and the real path that it is called after.

    Those that nothing applies go together as far as they define nothing twice.
    """
    left = [root for root in roots if root.files]
    loose = {path: files[path] for root in left for path in sorted(root.files)}
    common = posixpath.commonpath([posixpath.dirname(path) for path in loose]) if loose else ""
    for guess in guess_units(common, loose):
        if together := [root for root in left if root.files <= guess.files.keys()]:
            is_file = guess.places[0] in guess.files
            yield guess.places[0] if is_file else posixpath.commonpath([one.directory for one in together]), together
        left = [root for root in left if root not in together]
    yield from ((_name_place(root), [root]) for root in roots if not root.files or root in left)


def _name_place(root: ClusterRoot) -> str:
    """The real path that a cluster of one root is called after: the directory, or the only file where that holds others."""
    return root.directory if root.built is not None or not root.files else min(root.files)


def _state_clusters(search: RootSearch, place: str, roots: Sequence[ClusterRoot]) -> Iterator[StatedCluster]:
    """The clusters that some roots begin together; the first is the one that the roots themselves are in."""
    written = tuple(dict.fromkeys(path for root in roots if root.built is None for path in sorted(root.files)))
    for cluster in search.clusters(roots):
        if cluster.parts:
            yield StatedCluster(place, cluster.name, () if cluster.name else written, cluster.parts)


def _is_in_two_ways(cluster: StatedCluster, files: Files) -> bool:
    """Whether two parts define an object differently, so that they are no parts of one cluster."""
    applied = (read_applied(part.built, files) for part in cluster.parts)
    return first_repetition(chain.from_iterable(one.objects for one in applied)) is not None


def make_unit(
    cluster: StatedCluster,
    files: Files,
    printed: Callable[[str], str],
    unseen: Callable[[Iterable[str]], Iterable[Producer]],
) -> Unit:
    """The unit of a cluster; `printed` is how a real path prints, `unseen` gives what was not read below some of them."""
    builds = tuple(part.built for part in cluster.parts)
    applied = [read_applied(one, files, is_followed) for one in builds]
    manifests = [files[path] for path in cluster.written]
    objects = (*(item for one in applied for item in one.objects), *(item for one in manifests for item in one.objects))
    named = tuple(
        dict.fromkeys(one.file for one in (*chain.from_iterable(one.manifests for one in applied), *manifests))
    )
    places = dict.fromkeys((cluster.place, *(part.real for part in cluster.parts if part.real)))
    lacks_change = any(one.lacks_change for one in builds)
    root = printed(cluster.place)
    return Unit(
        (f"{root} ({cluster.name})" if cluster.name else root,),
        UnitOrigin.CLUSTER,
        places=(cluster.place,),
        closed=False,
        files=named,
        objects=objects,
        producers=tuple(dict.fromkeys((*chain.from_iterable(one.producers for one in applied), *unseen(places)))),
        transformed=frozenset(named if lacks_change else ()),
        kustomized=frozenset(named),
        changes=(KustomizeChange(root),) if lacks_change else (),
        builds=builds,
        parts=cluster.parts,
    )
