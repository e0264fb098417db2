"""Where a PATH stands: in which repository, and below which files of a given name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.sources.disk import DiskTree
from kubeqed.sources.paths import Paths, is_below, real_path
from kubeqed.sources.tree import GIT

_POINTER = "gitdir:"
_LONGEST = 256 * 1024
_SECTION = compile_late(r"^[ \t]*\[([^\]\n]*)\]", re.MULTILINE)
_URL = compile_late(r"^[ \t]*url[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_ORIGIN = 'remote "origin"'


class GitDirectory(NamedTuple):
    """Where git keeps what belongs to one working tree, and what belongs to all that share a repository; real paths."""

    own: str
    common: str


def repository_root(path: str) -> str | None:
    """The nearest directory at or above `path` that holds `.git` (a file in worktrees and submodules), absolute."""
    for directory in _list_upwards(path):
        if os.path.lexists(os.path.join(directory, GIT)):
            return directory
    return None


def repository_of(paths: Paths) -> str | None:
    """The repository that holds all PATHs, whatever their order."""
    return repository_root(paths.common)


def name_from_root(paths: Paths) -> Callable[[str], str]:
    """A function from files, as they print, to their paths in the repository of the PATHs, or below the PATHs where there is none."""
    root = repository_of(paths) or paths.common

    @cache
    def name(file: str) -> str:
        real = paths.real(file)
        if not os.path.isabs(real) and os.path.lexists(real):
            real = real_path(real)  # the configuration, which no PATH need hold
        return os.path.relpath(real, root).replace(os.sep, "/") if is_below(real, root) else file

    return name


def git_directory(root: str) -> GitDirectory | None:
    """Where git keeps what belongs to the working tree at the real path `root`; None where that is not sure.

    In a linked working tree and in a submodule `.git` is a file that says where. Whoever makes a tree can write there
    what he likes, also another user's repository; therefore that one has to know of this working tree.
    """
    own = os.path.join(root, GIT)
    if os.path.isdir(own) and not os.path.islink(own):
        return None if os.path.lexists(os.path.join(own, "commondir")) else GitDirectory(own, own)
    own = real_path(os.path.join(root, _small_text(root, GIT).removeprefix(_POINTER).strip()))
    parent, kind = os.path.split(os.path.dirname(own))
    if kind == "worktrees":
        back = real_path(os.path.join(own, _small_text(own, "gitdir").strip()))
        return GitDirectory(own, parent) if back == os.path.join(root, GIT) else None
    inside = any(own.startswith(os.path.join(above, GIT, "modules", "")) for above in _list_upwards(root))
    return GitDirectory(own, own) if inside else None


def origin_url(root: str) -> str:
    """The URL that the repository at the real path `root` was cloned from, empty where git's configuration names none."""
    git = git_directory(root)
    sections = _SECTION.split(_small_text(git.common, "config")) if git else []
    urls = (_URL.search(text) for name, text in zip(sections[1::2], sections[2::2], strict=True) if name == _ORIGIN)
    return next((found[1] for found in urls if found), "")


def _small_text(directory: str, name: str) -> str:
    """The text of a small file; none where there is none."""
    try:
        with DiskTree(directory) as tree:
            return os.fsdecode(tree.read(os.path.join(directory, name), _LONGEST, follow=False))
    except OSError:
        return ""


def find_upwards(start: str, *names: str) -> str | None:
    """The nearest file of one of the names, the first of them first, from `start` (a file or directory) up to the root of its repository.

    A link counts where it leads to. Outside a repository only the directory of `start` counts. The path is relative when
    `start` is.
    """
    real = real_path(start)
    root = repository_root(real)
    for directory in _list_upwards(real):
        for found in (os.path.join(directory, name) for name in names):
            if os.path.lexists(found) and not os.path.isdir(found):
                return found if os.path.isabs(start) else os.path.relpath(found)
        if root is None or directory == root:
            return None
    return None


def _list_upwards(path: str) -> Iterator[str]:
    directory = os.path.abspath(path)
    if not os.path.isdir(directory):
        directory = os.path.dirname(directory)
    while True:
        yield directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return
        directory = parent
