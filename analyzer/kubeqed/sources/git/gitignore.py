"""What git ignores: `.gitignore` files from the repository's root downwards, and `.git/info/exclude`.

git looks at one directory entry at a time, asks the deepest file first, and never enters an ignored directory; but what
it tracks it never ignores.
"""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.sources.disk import DiskTree
from kubeqed.sources.git.repository import git_directory, repository_root
from kubeqed.sources.git.tracked import Tracked
from kubeqed.sources.tree import FileTree
from kubeqed.sources.unread import Unread

if TYPE_CHECKING:
    from kubeqed.sources.patterns.pattern import Pattern

IGNORE_FILE = ".gitignore"
LARGEST_IGNORE_FILE = 128 * 1024  # its patterns are tried on each entry


class Layer(NamedTuple):
    """The patterns of one ignore file, last first; `prefix` leads from its directory to the one that is being read."""

    patterns: tuple[Pattern, ...]
    prefix: str


Layers = tuple[Layer, ...]


class Ignoring(NamedTuple):
    """What git ignores of one directory's entries; `only_tracked` says that it is ignored itself."""

    layers: Layers = ()
    tracked: Tracked = Tracked(None)
    only_tracked: bool = False

    def ignores(self, name: str, real: str) -> bool:
        """Whether the file `name` at a real path is ignored."""
        listed = self.only_tracked or list_ignored(self.layers, name, is_directory=False)
        return listed and not self.tracked.file(real)

    def below(self, name: str, real: str) -> Ignoring | None:
        """What is ignored of the subdirectory `name` at a real path; None for all of it."""
        listed = self.only_tracked or list_ignored(self.layers, name, is_directory=True)
        if listed and not self.tracked.below(real):
            return None
        return Ignoring(enter_directory(self.layers, name), self.tracked, listed)

    def with_file(self, tree: FileTree, path: str, unread: list[Unread]) -> Ignoring:
        """With the ignore file at a real path, which speaks of this directory; `unread` gets one that is not read."""
        return self._replace(
            layers=(*self.layers, *_read_layer(tree, path, unread, follow=False))
        )  # git does not either


def list_ignored(layers: Layers, name: str, *, is_directory: bool) -> bool:
    """Whether the entry `name` of the directory that `layers` lead to is ignored."""
    for layer in reversed(layers):
        path = layer.prefix + name
        for pattern in layer.patterns:
            if pattern.matches(path, name, is_directory=is_directory):
                return not pattern.negated
    return False


def enter_directory(layers: Layers, name: str) -> Layers:
    """The layers as seen from the subdirectory `name`, without its own ignore file."""
    return tuple(Layer(layer.patterns, f"{layer.prefix}{name}/") for layer in layers)


def read_ignore_files(tree: FileTree, directory: str, unread: list[Unread]) -> Ignoring:
    """What the ignore files above `directory`, a real path in the tree, say of its entries.

    Nothing, when they ignore the directory itself: whoever names it wants it read.
    """
    root = repository_root(directory)
    if root is None:
        return Ignoring()
    found = Ignoring(_exclude_file(root, unread), Tracked(root))
    inner = os.path.relpath(directory, root)
    for name in () if inner == os.curdir else inner.split(os.sep):
        found = found.with_file(tree, os.path.join(root, IGNORE_FILE), unread)
        if list_ignored(found.layers, name, is_directory=True):
            return Ignoring()
        found = found._replace(layers=enter_directory(found.layers, name))
        root = os.path.join(root, name)
    return found


def _exclude_file(root: str, unread: list[Unread]) -> Layers:
    kept = git_directory(root)
    if kept is None:
        return ()
    with DiskTree(kept.common) as tree:
        return _read_layer(tree, os.path.join(kept.common, "info", "exclude"), unread, follow=True)


def _read_layer(tree: FileTree, path: str, unread: list[Unread], *, follow: bool) -> Layers:
    try:
        text = os.fsdecode(tree.read(path, LARGEST_IGNORE_FILE, follow=follow).removeprefix(BOM_UTF8))
    except (FileNotFoundError, IsADirectoryError):
        return ()
    except OSError as error:
        unread.append(Unread(path, error.strerror or str(error)))
        return ()
    from kubeqed.sources.patterns.pattern import parse_patterns  # its expressions cost more than the rest of this room

    return (Layer(tuple(parse_patterns(text))[::-1], ""),)
