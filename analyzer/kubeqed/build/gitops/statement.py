"""What a GitOps object states: which paths of which repository reach which cluster, and how each is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kubeqed.build.built import Built
from kubeqed.build.directory import Files
from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Unbuilt
from kubeqed.parse import Place, PlacedDocument

ObjectLookup = Callable[
    [str, str, str], OriginNode | None
]  # kind, namespace, name: what the cluster holds of that name
BuildPath = Callable[[Files, str, ObjectLookup], Built]  # the second is the real directory (or file) of the path


class RepositoryPath(NamedTuple):
    """A path of a repository, and how it is built.

    `repository` is a URL, or a name such as `GitRepository flux-system/flux-system` of an object that holds it;
    `path` is as it is stated, from the root of the repository.
    """

    repository: str
    path: str
    place: Place
    build: BuildPath


class Statement(NamedTuple):
    """What one object states. `title` names it in messages, as `Kustomization flux-system/apps`.

    `cluster` is the one that it says to apply to, by name or address, empty for the one that the object itself is in.
    `unbuilt` is what it applies besides that cannot be built here: a chart, a path that only the cluster knows.
    `depends_on` are the titles of those that must be there first. `objects` are what the tool itself makes for it: a Namespace
    that several statements may ask for, and that counts once, and only where no path holds it. `merges` says that each object is
    laid over the one in the cluster, so that it may be a part of it. `tree` is the Application that an ApplicationSet makes, None
    where the object itself states it.
    """

    title: str
    place: Place
    cluster: str
    paths: tuple[RepositoryPath, ...]
    unbuilt: tuple[Unbuilt, ...] = ()
    depends_on: tuple[str, ...] = ()
    objects: tuple[PlacedDocument, ...] = ()
    merges: bool = False
    tree: OriginNode | None = None
