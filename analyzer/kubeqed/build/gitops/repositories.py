"""Which of the repositories that statements name is the one at hand: nothing else can be built."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from kubeqed.build.directory import Files
from kubeqed.build.gitops.statement import RepositoryPath

_SEPARATOR = re.compile("[/:]")
_NO_GIT = ("oci://", "s3://")
_ROOT = "."  # which is there in any repository


class Repositories:
    """The repositories that some statements name.

    `origin` is the URL that the one at hand was cloned from, empty where that is not known; `urls` are those of the
    objects that hold a repository, by their names. A repository is the one at hand if it is called like its origin (a
    fork has another owner). Where none is called so, it is one of which most paths that are stated are there; of those
    whose URL is known the one with the most such paths, for two of them are two repositories.
    """

    def __init__(
        self, files: Files, root: str, origin: str, urls: Mapping[str, str], stated: Iterable[RepositoryPath]
    ) -> None:
        self._files = files
        self._root = root
        self._urls = urls
        self._origin = _name_repository(origin)
        self._paths: dict[str, set[str]] = defaultdict(set)
        for one in stated:
            self._paths[one.repository].add(posixpath.normpath(one.path or "."))
        self._here: dict[str, bool] = {}
        self._is_origin_named = any(self._is_origin(repository) for repository in self._paths)

    def find(self, one: RepositoryPath) -> str | None:
        """The real place of a path, None where it is of another repository or not there."""
        if one.repository not in self._here:
            self._here[one.repository] = self._is_here(one.repository, one.path)
        return self._find_place(one.path) if self._here[one.repository] else None

    def _is_here(self, repository: str, path: str) -> bool:
        if self._is_origin(repository):
            return True
        if self._is_origin_named and self._is_git(repository):
            return False
        paths = (self._paths.get(repository) or {posixpath.normpath(path or ".")}) - {_ROOT}
        there = self._count_there(paths)
        return 2 * there > len(paths) and (not self._is_git(repository) or there >= self._most_there)

    @cached_property
    def _most_there(self) -> int:
        """How many paths of the repository of which the most are there."""
        return max(map(self._count_there, self._paths.values()), default=0)

    def _count_there(self, paths: Iterable[str]) -> int:
        return sum(self._find_place(one) is not None for one in paths if one != _ROOT)

    def _is_origin(self, repository: str) -> bool:
        return (
            self._is_git(repository) and self._origin == _name_repository(self._urls.get(repository, repository)) != ""
        )

    def _is_git(self, repository: str) -> bool:
        """Whether its URL is known, and that of a git repository."""
        url = self._urls.get(repository, repository)
        return " " not in url and not url.startswith(_NO_GIT)

    def _find_place(self, path: str) -> str | None:
        real = self._files.follow(posixpath.normpath(posixpath.join(self._root, path.lstrip("/"))))
        return real if self._files.is_directory(real) or self._files.is_file(real) else None


def _name_repository(url: str) -> str:
    """What a repository is called, wherever it is kept."""
    return _SEPARATOR.split(url.strip().rstrip("/").removesuffix(".git"))[-1].lower()
