"""Which kustomizations reach what the PATHs name, and what they reach besides: a stated unit is read whole."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.model.units.kustomize.kustomization import directory_of, read_kustomizations
from kubeqed.model.units.read import Manifest

_WORD = compile_late(rb"""[^\s\[\]{},"'#]{1,1000}""")


class Named(NamedTuple):
    """A kustomization file or one of GitOps objects, and the files and directories that it names; real paths."""

    file: str
    paths: Collection[str]


ByDirectory = Mapping[str, Named]  # a file of GitOps objects by its own path
_NOTHING: ByDirectory = {}


def may_name(file: str, content: bytes, is_there: Callable[[str], bool], follow: Callable[[str], str]) -> Named:
    """What a kustomization names, and perhaps more: each word of it that `is_there` as a path.

    To parse all those of a repository would take longer than to check a few files of it.
    """
    directory = directory_of(file)
    words = {word.decode("utf-8", "replace") for word in _WORD.findall(content)}
    paths = (follow(posixpath.normpath(posixpath.join(directory, word))) for word in words)
    return Named(file, frozenset(filter(is_there, paths)))


def find_connected(kustomizations: ByDirectory, held: Collection[str], *, upwards: bool) -> frozenset[str]:
    """The directories of the kustomizations that are among the files `held`, and of all that they reach.

    With `upwards` also of those that reach one of the files, wherever these kustomizations stand.
    """
    starts = [directory for directory, one in kustomizations.items() if one.file in held]
    if upwards:
        starts += (directory for directory, one in kustomizations.items() if any(path in held for path in one.paths))
        starts = [*_find_closure(starts, _find_namers(kustomizations))]
    reached = _find_closure(starts, {directory: one.paths for directory, one in kustomizations.items()})
    return reached.intersection(kustomizations)


def find_concerned(
    manifests: Mapping[str, Manifest],
    held: Collection[str],
    follow: Callable[[str], str],
    *,
    upwards: bool,
    stated: ByDirectory = _NOTHING,
) -> frozenset[str]:
    """Those of some real paths that are `held`, or that a kustomization connected with them names.

    `stated` are the files of GitOps objects.
    """
    by_directory = {
        directory: Named(item.file, {*(item.local(text) for _, text in item.entries()), *item.changing()})
        for directory, item in read_kustomizations(manifests, follow).items()
    }
    by_directory |= stated
    found = (by_directory[directory] for directory in find_connected(by_directory, held, upwards=upwards))
    return frozenset(held).union(*((one.file, *one.paths) for one in found))


def _find_namers(kustomizations: ByDirectory) -> Mapping[str, Iterable[str]]:
    above: dict[str, list[str]] = defaultdict(list)
    for directory, one in kustomizations.items():
        for path in one.paths:
            above[path].append(directory)
    return above


def _find_closure(starts: Iterable[str], edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Where the edges lead from some paths on, these among them."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += edges.get(here, ())
    return frozenset(found)
