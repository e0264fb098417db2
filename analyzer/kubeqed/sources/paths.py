"""One file, one identity: how a path is printed depends on how it was reached, where it really is does not.

Everything that compares paths compares real ones, so that an answer does not depend on the working directory, on how a
PATH is spelt, or on a link that leads to it.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple


def real_path(path: str) -> str:
    """The one name of a file or directory, links resolved, whatever the working directory."""
    real = os.path.realpath(path)
    return real[1:] if real.startswith("//") else real  # which POSIX keeps apart, and no system here does


def common_directory(directories: Collection[str]) -> str:
    """The nearest directory at or above all of some; `.` for none, and for relative ones that share nothing."""
    return posixpath.commonpath(directories) or posixpath.curdir if directories else posixpath.curdir


def is_below(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies below it; both normalised."""
    if directory == posixpath.curdir:
        return not path.startswith("/") and path.split("/", maxsplit=1)[0] != posixpath.pardir
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def list_places_above(path: str) -> Iterator[str]:
    """A normalised path, and each directory that it is below."""
    yield path
    while (parent := posixpath.dirname(path)) not in (path, ""):
        yield parent
        path = parent
    if path not in ("/", posixpath.curdir, posixpath.pardir):
        yield posixpath.curdir


class Root(NamedTuple):
    """A PATH as it was given."""

    path: str
    is_directory: bool


class Paths(NamedTuple):
    """What was reached in a run.

    `reached` gives the real path of each file, PATH and chart by the name that it prints under; what is not in it is its
    own real path, as standard input is. `links` are the symbolic links met on the way: where they stand, and where they
    lead. `roots` are the PATHs.
    """

    reached: Mapping[str, str] = {}
    links: Mapping[str, str] = {}
    roots: Sequence[Root] = ()

    @property
    def common(self) -> str:
        """The nearest real directory that holds all PATHs."""
        return common_directory(self._directories)

    def narrowed(self, place: str) -> str:
        """A real place, or, where it lies above PATHs, the nearest directory that holds those below it."""
        inside = [directory for directory in self._directories if is_below(directory, place)]
        above = any(root.is_directory and is_below(place, self.real(root.path)) for root in self.roots)
        return place if above or not inside else common_directory(inside)

    @property
    def _directories(self) -> list[str]:
        """The real directories that the PATHs are or stand in."""
        reals = [(self.real(root.path), root.is_directory) for root in self.roots]
        return [path if is_directory else posixpath.dirname(path) for path, is_directory in reals]

    def real(self, path: str) -> str:
        """The real path of what prints as `path`."""
        return self.reached.get(path) or posixpath.normpath(self._below_root(path))

    def _below_root(self, path: str) -> str:
        """What prints below a PATH and was not reached, such as values of a chart, from where that PATH leads."""
        for root in self.roots:
            start = "" if root.path == os.curdir else posixpath.join(root.path, "")
            if root.is_directory and path.startswith(start) and (start or is_below(path, os.curdir)):
                return posixpath.join(self.reached.get(root.path, root.path), path[len(start) :])
        return path

    def follow(self, path: str) -> str:
        """A path as a manifest names it, from a real directory on, without the links that were met."""
        if not self.links:
            return path
        steps = path.split("/")
        for count in range(len(steps), 0, -1):
            target = self.links.get("/".join(steps[:count]))
            if target is not None:
                return self.follow("/".join((target, *steps[count:])))
        return path

    def printed(self, path: str) -> str:
        """How a real path prints: below a PATH as that was given, elsewhere as seen from the nearest PATH."""
        for root in self.roots:
            start = self.real(root.path)
            if root.is_directory and is_below(path, start):
                rest = path if start == posixpath.curdir != path else path[len(start) :].strip("/")
                return posixpath.join(root.path if root.path != os.curdir or not rest else "", rest).rstrip("/") or "/"
        return self._from_outside(path)

    def _from_outside(self, path: str) -> str:
        """As seen from a PATH that shares a directory with it, so that links on the way stay as they were given."""
        if not posixpath.isabs(path):
            return path
        for root in self.roots:
            start = self.real(root.path)
            shared = posixpath.commonpath((path, start)) if posixpath.isabs(start) else "/"
            if shared == "/":
                continue
            climbed = posixpath.normpath(posixpath.join(root.path, posixpath.relpath(shared, start)))
            if real_path(climbed) == shared:
                return posixpath.normpath(posixpath.join(climbed, posixpath.relpath(path, shared)))
        absolute = any(posixpath.isabs(root.path) for root in self.roots)
        return path if absolute else os.path.relpath(path)
