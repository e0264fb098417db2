"""Where a PATH stands: in which repository, and below which files of a given name."""

from __future__ import annotations

import os
from collections.abc import Iterator


def real_path(path: str) -> str:
    """The one name of a file or directory, links resolved, whatever the working directory."""
    return os.path.realpath(path)


def repository_root(path: str) -> str | None:
    """The nearest directory at or above `path` that holds `.git` (a file in worktrees and submodules), absolute."""
    for directory in _upwards(path):
        if os.path.lexists(os.path.join(directory, ".git")):
            return directory
    return None


def find_upwards(start: str, name: str) -> str | None:
    """The nearest file `name` from `start` (a file or directory) up to the root of its repository.

    Outside a repository only the directory of `start` counts. The path is relative when `start` is.
    """
    root = repository_root(start)
    for directory in _upwards(start):
        found = os.path.join(directory, name)
        if os.path.isfile(found):
            return found if os.path.isabs(start) else os.path.relpath(found)
        if root is None or directory == root:
            return None
    return None


def _upwards(path: str) -> Iterator[str]:
    directory = os.path.abspath(path)
    if not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    while True:
        yield directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return
        directory = parent
