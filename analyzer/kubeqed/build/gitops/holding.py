"""Which paths may lead to GitOps objects, told without a build: most lead to applications alone."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from kubeqed.build.directory import Files
from kubeqed.build.gitops.groups import states
from kubeqed.build.kustomize.names import KUSTOMIZATIONS
from kubeqed.parse import Mapping, Sequence
from kubeqed.sources.chart import CHART_FILE, TEMPLATES

_REACHING = ("resources", "bases", "components")


class HoldingPaths:
    """The directories that hold some files, or whose kustomizations or charts may; all paths are real."""

    def __init__(self, files: Files, held: Iterable[str]) -> None:
        self._files = files
        self._held = sorted(held)
        self._known: dict[str, bool] = {}

    def __contains__(self, path: str) -> bool:
        """Whether a build of a directory or file may read one of the files."""
        if path not in self._known:
            self._known[path] = False  # while it is looked at: what leads back to it says nothing new
            self._known[path] = (
                self._is_above(path)
                or any(one in self for one in self._list_named(path))
                or prints_statements(path, self._files)
            )
        return self._known[path]

    def _is_above(self, path: str) -> bool:
        below = f"{path.rstrip('/')}/"
        return any(
            (first := bisect_left(self._held, start)) < len(self._held)
            and (self._held[first] == path or self._held[first].startswith(below))
            for start in (path, below)
        )

    def _list_named(self, path: str) -> Iterator[str]:
        """What the kustomization of a directory takes in."""
        for file in (posixpath.join(path, name) for name in KUSTOMIZATIONS):
            for root in self._read_roots(file):
                for field in _REACHING:
                    entries = root.get(field)
                    for text in entries if isinstance(entries, Sequence) else ():
                        if isinstance(text, str):
                            yield self._files.follow(posixpath.normpath(posixpath.join(path, text)))

    def _read_roots(self, file: str) -> Iterator[Mapping]:
        if self._files.is_file(file):
            try:
                documents = self._files.documents(file)
            except OSError:
                return  # it is said where it is built
            yield from (one.document.root for one in documents if isinstance(one.document.root, Mapping))


def prints_statements(path: str, files: Files) -> bool:
    """Whether a directory holds a chart, some template of which may print a GitOps object."""
    templates = posixpath.join(path, TEMPLATES)
    if not files.is_file(posixpath.join(path, CHART_FILE)) or not files.is_directory(templates):
        return False
    inside = [files.follow(posixpath.join(templates, name)) for name in files.entries(templates)]
    return any(files.is_file(one) and states(files.content(one)) for one in inside)
