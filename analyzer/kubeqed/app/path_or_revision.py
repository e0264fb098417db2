"""What a word of the command line means that may be a path or a git revision.

A path beside which there is a branch of the same name, or a file with the name of a commit, must not decide what
is compared with what, or whose policy holds: what could be both is refused, and `git:` and `./` say which is meant.
"""

from __future__ import annotations

import os

from kubeqed.sources import STANDARD_INPUT
from kubeqed.sources.revision import Revision, find_revision

REVISION = "git:"
_PATHS = (".", "..", STANDARD_INPUT)
_STARTS = ("./", "../", "/")


class PathOrRevisionError(Exception):
    """A word means both or neither."""


def resolve_revision(text: str, beside: str | None = None) -> Revision | None:
    """The revision that `text` means, None when it means a path.

    `beside` is a path in the repository that is meant; without one, the current directory. A revision that names no path
    inside is read below `beside`. Raises a PathOrRevisionError for what is both or neither.
    """
    beside = beside or os.curdir
    if text.startswith(REVISION):
        found = find_revision(text.removeprefix(REVISION), beside)
        if found is None:
            raise PathOrRevisionError(f"{text.removeprefix(REVISION)!r} is no git revision")
        return found
    exists = text == STANDARD_INPUT or os.path.lexists(text)
    means_path = text in _PATHS or text.startswith(_STARTS) or text.endswith("/")
    found = None if means_path else find_revision(text, beside)
    if found and exists:
        raise PathOrRevisionError(f"{text!r} is a path and a git revision: write ./{text} or {REVISION}{text}")
    if not found and not exists:
        raise PathOrRevisionError(f"{text!r} is neither a path nor a git revision")
    return found


def resolve_path(text: str) -> str | None:
    """A word that is a path if anything, as a place to look for a repository; None for what cannot be one."""
    return text if not text.startswith(REVISION) and os.path.exists(text) else None
