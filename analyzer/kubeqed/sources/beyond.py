"""What a stated unit holds beyond the PATHs: it is read too, if it is inside of a repository that is meant."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from kubeqed.diagnostic import NoticeKind
from kubeqed.sources.collected import Collected, gather, order_in_walk
from kubeqed.sources.content import is_stream
from kubeqed.sources.disk import DiskTree
from kubeqed.sources.git.repository import repository_root
from kubeqed.sources.paths import is_below
from kubeqed.sources.patterns.excluded import Excluded, Exclusion
from kubeqed.sources.tree import FileTree
from kubeqed.sources.unread import Unread
from kubeqed.sources.walk import EXCLUDED, Reached, Walk

_OUTSIDE = "outside of the repository"


def collect_beyond(
    collected: Collected, places: Sequence[str], home: str, excluded: Sequence[Excluded] = ()
) -> Collected:
    """What was collected, with the files at and below some real places that no PATH names.

    They are read only inside of the repository of a PATH or of the directory `home`, or of `home` where there is none.
    """
    paths = collected.paths
    starts = [home, *(paths.real(root.path) for root in paths.roots if not is_stream(root.path))]
    roots = list(
        dict.fromkeys([*filter(None, map(repository_root, starts)), *([] if repository_root(home) else [home])])
    )
    with ExitStack() as stack:
        trees = {root: stack.enter_context(DiskTree(root)) for root in roots}

        def tree_of(place: str) -> FileTree | None:
            return next((tree for root, tree in trees.items() if is_below(place, root)), None)

        return extend(collected, places, excluded, tree_of, paths.printed)


def extend(
    collected: Collected,
    places: Sequence[str],
    excluded: Sequence[Excluded],
    tree_of: Callable[[str], FileTree | None],
    printed: Callable[[str], str],
) -> Collected:
    """The same for the trees that hold the places, None for what is not read; `printed` gives the name of a real place."""
    exclusion = Exclusion(excluded)
    walk = Walk(exclusion)
    named = [collected.paths.real(root.path) for root in collected.paths.roots]
    for place in places:
        if any(is_below(place, one) for one in named):
            continue
        if exclusion.covers(place):
            walk.unread.append(Unread(printed(place), EXCLUDED, place, NoticeKind.EXCLUDED))
        else:
            _walk_place(walk, place, tree_of(place), printed(place))
    known = {collected.paths.real(file.path) for file in collected.files}
    walk.files = [file for file in walk.files if file.real not in known]
    walk.unread = [item for item in walk.unread if item.path not in collected.paths.reached]
    return merge_collected(collected, gather(walk, {}))


def _walk_place(walk: Walk, place: str, tree: FileTree | None, printed: str) -> None:
    if tree is None:
        walk.unread.append(Unread(printed, _OUTSIDE, place))
    elif tree.is_directory(place):
        walk.directory(prefix_of(printed), place, tree)
    elif tree.is_file(place):
        walk.file(Reached(printed, place, False, tree), place, tree.is_file)


def prefix_of(printed: str) -> str:
    """What stands before the names of a directory's entries where they are printed."""
    if printed.endswith(":"):
        return printed  # the root of a revision
    return "" if printed == os.curdir else f"{printed.rstrip('/')}/"


def merge_collected(one: Collected, more: Collected) -> Collected:
    """Both, with the PATHs of the first, in the order of a walk: which of two files comes second must not depend on PATHs."""
    paths = one.paths._replace(
        reached={**more.paths.reached, **one.paths.reached}, links={**more.paths.links, **one.paths.links}
    )
    return Collected(
        tuple(sorted((*one.files, *more.files), key=lambda file: order_in_walk(paths.real(file.path)))),
        tuple(dict.fromkeys((*one.notices, *more.notices))),
        paths,
        tuple(dict.fromkeys((*one.charts, *more.charts))),
        tuple(dict.fromkeys((*one.chart_templates, *more.chart_templates))),
        (*one.unread, *more.unread),
    )
