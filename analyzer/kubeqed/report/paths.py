"""File names as other tools want them: relative to the root of the repository."""

from __future__ import annotations

import os

from kubeqed.sources import is_below, real_path


def from_root(file: str, root: str | None) -> str | None:
    """A file's path below the root, with `/` between; None for a file outside of it.

    Without a root a relative path stays as it is.
    """
    if root is None:
        return None if os.path.isabs(file) else _keep_inside(os.path.normpath(file))
    path = _keep_inside(os.path.relpath(os.path.abspath(file), root))
    if path is None:  # a link may lead elsewhere than it says
        path = _keep_inside(os.path.relpath(real_path(file), real_path(root)))
    return path


def shown_path(file: str, root: str | None) -> str:
    """A file's path below the root, and as it was reached when it is outside."""
    return from_root(file, root) or file


def _keep_inside(path: str) -> str | None:
    """A relative path, unless it leads out."""
    return path.replace(os.sep, "/") if is_below(path, os.curdir) else None
