"""Which files of a directory Flux applies where no kustomization says so (`scanManifests`)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from kubeqed.build.directory import Directory
from kubeqed.build.kustomize.kustomization import find_kustomizations

_MANIFESTS = (".yaml", ".yml")


def scan_manifests(directory: Directory, is_ignored: Callable[[str], bool]) -> list[str]:
    """The paths of all manifests below a directory, from there, and of those directories that have a kustomization.

    Links are left out: a source of Flux holds none. `is_ignored` says by real path what else it does not hold.
    """
    return list(_scan_directory(directory, "", is_ignored))


def _scan_directory(directory: Directory, below: str, is_ignored: Callable[[str], bool]) -> Iterator[str]:
    files = directory.files
    for name in sorted(files.entries(posixpath.normpath(posixpath.join(directory.path, below)))):
        path = posixpath.join(below, name)
        real = posixpath.join(directory.path, path)
        if files.follow(real) != real or not files.holds(real):
            continue
        if files.is_directory(real):
            if find_kustomizations(Directory(real, files)):
                yield path
            else:
                yield from _scan_directory(directory, path, is_ignored)
        elif name.endswith(_MANIFESTS) and files.is_file(real) and not is_ignored(real):
            yield path
