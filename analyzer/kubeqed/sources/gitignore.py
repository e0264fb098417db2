"""What git ignores: `.gitignore` files from the repository's root downwards, and `.git/info/exclude`.

git looks at one directory entry at a time, asks the deepest file first, and never enters an ignored directory.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.sources.repository import repository_root

if TYPE_CHECKING:
    from kubeqed.sources.pattern import Pattern

IGNORE_FILE = ".gitignore"
_BOM = b"\xef\xbb\xbf"


class Layer(NamedTuple):
    """The patterns of one ignore file, last first; `prefix` leads from its directory to the one that is being read."""

    patterns: tuple[Pattern, ...]
    prefix: str


Layers = tuple[Layer, ...]


def ignored(layers: Layers, name: str, *, is_directory: bool) -> bool:
    """Whether the entry `name` of the directory that `layers` lead to is ignored."""
    for layer in reversed(layers):
        path = layer.prefix + name
        for pattern in layer.patterns:
            if pattern.matches(path, name, is_directory=is_directory):
                return not pattern.negated
    return False


def entered(layers: Layers, name: str) -> Layers:
    """The layers as seen from the subdirectory `name`, without its own ignore file."""
    return tuple(Layer(layer.patterns, f"{layer.prefix}{name}/") for layer in layers)


def with_file(layers: Layers, path: str) -> Layers:
    """The layers and the ignore file at `path`, which speaks of the directory that they lead to."""
    try:
        with open(path, "rb") as file:
            text = os.fsdecode(file.read().removeprefix(_BOM))
    except OSError:
        return layers
    from kubeqed.sources.pattern import patterns  # its expressions cost more than the rest of this room

    return (*layers, Layer(tuple(patterns(text))[::-1], ""))


def above(directory: str) -> Layers:
    """What the ignore files above `directory`, a real path, say of its entries.

    Nothing, when they ignore the directory itself: whoever names it wants it read.
    """
    root = repository_root(directory)
    if root is None:
        return ()
    layers = with_file((), os.path.join(root, ".git", "info", "exclude"))
    inner = os.path.relpath(directory, root)
    for name in () if inner == os.curdir else inner.split(os.sep):
        layers = with_file(layers, os.path.join(root, IGNORE_FILE))
        if ignored(layers, name, is_directory=True):
            return ()
        layers = entered(layers, name)
        root = os.path.join(root, name)
    return layers
