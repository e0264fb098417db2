"""File names as other tools want them: relative to the root of the repository."""

from __future__ import annotations

import os


def from_root(file: str, root: str | None) -> str | None:
    """A file's path below the root, with `/` between; None for a file outside of it.

    Without a root a relative path stays as it is.
    """
    if root is None:
        return None if os.path.isabs(file) else _slashes(os.path.normpath(file))
    path = os.path.relpath(os.path.abspath(file), root)
    if path.startswith(os.pardir):  # a link may lead elsewhere than it says
        path = os.path.relpath(os.path.realpath(file), os.path.realpath(root))
    return None if path.startswith(os.pardir) else _slashes(path)


def shown(file: str, root: str | None) -> str:
    """A file's path below the root, and as it was reached when it is outside."""
    return from_root(file, root) or file


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/")
