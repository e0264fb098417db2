"""Directories, read to the bottom in a fixed order."""

from __future__ import annotations

import os
from typing import NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.sources.chart import CHART_FILE, TEMPLATES, describes_chart, in_templates
from kubeqed.sources.content import unreadable
from kubeqed.sources.gitignore import IGNORE_FILE, Layers, above, entered, ignored, with_file

SUFFIXES = (".yaml", ".yml", ".json")
_NEVER = frozenset({".git", ".hg", ".svn", ".venv", "node_modules"})
_EDITOR_LOCK = ".#"  # Emacs marks an open file by a symbolic link that leads nowhere


class Reached(NamedTuple):
    """A file as it is printed, and its real path; `is_link` says that its name is a symbolic link to it."""

    path: str
    real: str
    is_link: bool = False


class _Directory(NamedTuple):
    prefix: str  # what stands before the names of its entries
    real: str
    layers: Layers
    templates: bool

    def __str__(self) -> str:
        return self.prefix.rstrip("/") or self.prefix or os.curdir


class Walk:
    """What walking the directories of one run found. No directory is entered twice, by whatever name."""

    def __init__(self) -> None:
        self.files: list[Reached] = []
        self.templates: list[Reached] = []
        self.charts: list[str] = []
        self.notices: list[Notice] = []
        self.links: dict[str, str] = {}  # real directory and name of each symbolic link, and where it leads
        self._entered: set[str] = set()
        self._links: list[_Directory] = []

    def directory(self, path: str) -> None:
        """Read the directory `path` and all below it; those reached by a link come last, when still not entered."""
        real = os.path.realpath(path)
        prefix = "" if path == os.curdir else f"{path.rstrip('/')}/"
        pending = [_Directory(prefix, real, above(real), in_templates(real))]
        while pending or self._links:
            directory = pending.pop() if pending else self._links.pop(0)
            if directory.real not in self._entered:
                self._entered.add(directory.real)
                pending += self._enter(directory)

    def _enter(self, directory: _Directory) -> list[_Directory]:
        try:
            with os.scandir(directory.real) as scan:
                entries = {entry.name: entry for entry in scan}
        except OSError as error:
            self.notices.append(unreadable(str(directory), error))
            return []
        if IGNORE_FILE in entries:
            layers = with_file(directory.layers, entries[IGNORE_FILE].path)
            directory = directory._replace(layers=layers)
        chart = CHART_FILE in entries
        if chart and not directory.templates:
            self.charts.append(str(directory))
        inner = []
        for name in sorted(entries):
            if _is_directory(entries[name]):
                inner.append(self._descend(directory, entries[name], chart))
            elif name.endswith(SUFFIXES) and not (chart and describes_chart(name)):
                self._file(directory, entries[name])
        return [below for below in reversed(inner) if below]

    def _descend(self, parent: _Directory, entry: os.DirEntry[str], chart: bool) -> _Directory | None:
        name = entry.name
        if name in _NEVER or ignored(parent.layers, name, is_directory=True):
            return None
        below = _Directory(
            f"{parent.prefix}{name}/",
            f"{parent.real.rstrip('/')}/{name}",
            entered(parent.layers, name),
            parent.templates or (chart and name == TEMPLATES),
        )
        if not entry.is_symlink():
            return below
        real = self.links[below.real] = os.path.realpath(below.real)
        if not below.real.startswith(f"{real.rstrip('/')}/"):  # else it leads to what holds it
            self._links.append(below._replace(real=real))
        return None

    def _file(self, directory: _Directory, entry: os.DirEntry[str]) -> None:
        name = entry.name
        if name.startswith(_EDITOR_LOCK) or ignored(directory.layers, name, is_directory=False):
            return
        reached = Reached(directory.prefix + name, f"{directory.real.rstrip('/')}/{name}")
        if entry.is_symlink():
            real = self.links[reached.real] = os.path.realpath(reached.real)
            reached = reached._replace(real=real, is_link=True)
        (self.templates if directory.templates else self.files).append(reached)


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False
