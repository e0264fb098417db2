"""Directories, read to the bottom in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.sources.chart import CHART_FILE, TEMPLATES, chart_around, describes_chart, in_templates
from kubeqed.sources.content import make_unreadable_notice
from kubeqed.sources.git.gitignore import IGNORE_FILE, Ignoring, read_ignore_files
from kubeqed.sources.paths import is_below
from kubeqed.sources.patterns.excluded import Exclusion
from kubeqed.sources.tree import GIT, FileTree, FileType
from kubeqed.sources.unread import NotReadError, Unread, not_read

SUFFIXES = (".yaml", ".yml", ".json")
_NEVER = frozenset({GIT, ".hg", ".svn", ".venv", "node_modules"})
_KERNEL = frozenset({"/dev", "/proc", "/sys"})  # found where a PATH is /
_EDITOR_LOCK = ".#"  # Emacs marks an open file by a symbolic link that leads nowhere
EXCLUDED, _NO_FILES, _SUBMODULE = "excluded", "no files of a disk", "another repository"


class Reached(NamedTuple):
    """A file as it is printed, and its real path; `is_link` says that its name is a symbolic link to it.

    `tree` is where it was found, None for what the user named.
    """

    path: str
    real: str
    is_link: bool = False
    tree: FileTree | None = None


class _Directory(NamedTuple):
    prefix: str  # what stands before the names of its entries
    real: str
    tree: FileTree
    ignoring: Ignoring
    templates: bool

    def __str__(self) -> str:
        return self.prefix.rstrip("/") or self.prefix or os.curdir

    def located(self, name: str) -> str:
        return f"{self.real.rstrip('/')}/{name}"


class Walk:
    """What walking the directories of one run found. No directory is entered twice, by whatever name.

    Where there are more than `most` directories, it ends early and `is_cut`.
    """

    def __init__(self, exclusion: Exclusion, most: int | None = None) -> None:
        self.files: list[Reached] = []
        self.templates: list[Reached] = []
        self.charts: dict[str, str] = {}  # as they print, and their real paths
        self.notices: list[Notice] = []
        self.unread: list[Unread] = []
        self.links: dict[str, str] = {}  # real directory and name of each symbolic link, and where it leads
        self.is_cut = False
        self._most = most
        self._exclusion = exclusion
        self._entered: set[str] = set()
        self._links: list[_Directory] = []

    def directory(self, prefix: str, real: str, tree: FileTree) -> None:
        """Takes the files of a directory and all below it; those reached by a link come last, when still not entered.

        `prefix` stands before the names of its entries where they are printed.
        """
        is_inside = in_templates(real, tree.is_file)
        if is_inside:
            self._name_chart(f"{prefix}{TEMPLATES}", os.path.join(real, TEMPLATES), tree.is_file)
        pending = [_Directory(prefix, real, tree, self._collect_ignoring(real, tree), is_inside)]
        while pending or self._links:
            directory = pending.pop() if pending else self._links.pop(0)
            self.is_cut = self._most is not None and len(self._entered) >= self._most
            if self.is_cut:
                return
            if directory.real not in self._entered:
                self._entered.add(directory.real)
                pending += [*self._enter_directory(directory)][::-1]

    def file(self, reached: Reached, place: str, is_file: Callable[[str], bool]) -> None:
        """Takes a file that is named, and stands at `place`, a path without links but for its own name.

        `is_file` looks for the description of the chart around it. What belongs to a chart names the chart.
        """
        if reached.is_link:
            self.links[place] = reached.real
        directory, name = os.path.split(place)
        is_template = in_templates(place, is_file)
        if not is_template and not (describes_chart(name) and is_file(os.path.join(directory, CHART_FILE))):
            self.files.append(reached)
            return
        if is_template:
            self.templates.append(reached)
        if name == CHART_FILE:
            self.charts[os.path.dirname(reached.path) or os.curdir] = directory
        else:
            self._name_chart(reached.path, place, is_file)

    def _name_chart(self, path: str, place: str, is_file: Callable[[str], bool]) -> None:
        """Notes the chart that holds a place, which prints as `path`."""
        chart = chart_around(place, is_file)
        if chart is not None:
            inside = os.path.relpath(os.path.dirname(place), chart)
            self.charts[_climb_to(path, inside)] = chart

    def _enter_directory(self, directory: _Directory) -> Iterator[_Directory]:
        try:
            entries = directory.tree.entries(directory.real)
        except OSError as error:
            self.notices.append(make_unreadable_notice(str(directory), error))
            return
        directory = directory._replace(ignoring=self._ignoring_inside(directory, entries))
        chart = CHART_FILE in entries
        if chart and not directory.templates:
            self.charts[str(directory)] = directory.real
        for name in sorted(entries):
            if entries[name] is FileType.LINK:
                self._follow_link(directory, name, chart=chart)
            elif entries[name] is FileType.FILE:
                self._take_file(directory, name, directory.located(name), chart=chart)
            elif entries[name] is FileType.SUBMODULE:
                self._note_unread(directory, name, _SUBMODULE)
            elif below := self._descend_into(directory, name, chart=chart):
                yield below

    def _descend_into(self, directory: _Directory, name: str, *, chart: bool) -> _Directory | None:
        """The subdirectory, if it is to be entered."""
        real = directory.located(name)
        ignoring = directory.ignoring.below(name, real) if name not in _NEVER else None
        if ignoring is None:
            return None
        if real in _KERNEL or self._exclusion(real, is_directory=True):
            self._note_unread(directory, name, _NO_FILES if real in _KERNEL else EXCLUDED)
            return None
        templates = directory.templates or (chart and name == TEMPLATES)
        return _Directory(f"{directory.prefix}{name}/", real, directory.tree, ignoring, templates)

    def _follow_link(self, directory: _Directory, name: str, *, chart: bool) -> None:
        link = directory.located(name)
        try:
            real = directory.tree.resolve(link)
        except NotReadError as error:
            wanted = name.endswith(SUFFIXES) or directory.tree.is_directory(link)
            if wanted and name not in _NEVER and self._is_wanted(directory, name):
                self._note_unread(directory, name, error.reason)
            return
        if not directory.tree.is_directory(real):
            self._take_file(directory, name, real, chart=chart)
            return
        below = self._descend_into(directory, name, chart=chart)
        if below and self._exclusion.covers(real):
            self._note_unread(directory, name, EXCLUDED)
        elif below:
            self.links[link] = real
            if not is_below(link, real):  # else it leads to what holds it
                self._links.append(below._replace(real=real))

    def _take_file(self, directory: _Directory, name: str, real: str, *, chart: bool) -> None:
        if not name.endswith(SUFFIXES) or (chart and describes_chart(name)) or not self._is_wanted(directory, name):
            return
        link = directory.located(name)
        if real != link:
            self.links[link] = real
        reached = Reached(directory.prefix + name, real, real != link, directory.tree)
        (self.templates if directory.templates else self.files).append(reached)

    def _is_wanted(self, directory: _Directory, name: str) -> bool:
        """Whether a file or link is neither ignored nor excluded."""
        real = directory.located(name)
        if name.startswith(_EDITOR_LOCK) or directory.ignoring.ignores(name, real):
            return False
        if self._exclusion(real, is_directory=False):
            self._note_unread(directory, name, EXCLUDED)
            return False
        return True

    def _note_unread(self, directory: _Directory, name: str, reason: str) -> None:
        kind = NoticeKind.EXCLUDED if reason is EXCLUDED else NoticeKind.NOT_READ
        self.unread.append(Unread(directory.prefix + name, reason, directory.located(name), kind))

    def _collect_ignoring(self, real: str, tree: FileTree) -> Ignoring:
        """What git ignores in a directory by what stands above it."""
        if not tree.may_ignore:
            return Ignoring()
        unread: list[Unread] = []
        ignoring = read_ignore_files(tree, real, unread)
        self.notices += not_read(unread)
        return ignoring

    def _ignoring_inside(self, directory: _Directory, entries: Mapping[str, FileType]) -> Ignoring:
        """With what the directory itself says, and only that where another repository starts."""
        tree, ignoring = directory.tree, directory.ignoring
        if GIT in entries and directory.real != tree.root:
            ignoring = self._collect_ignoring(directory.real, tree)
        if tree.may_ignore and entries.get(IGNORE_FILE, FileType.DIRECTORY) is not FileType.DIRECTORY:
            unread: list[Unread] = []
            ignoring = ignoring.with_file(tree, directory.located(IGNORE_FILE), unread)
            self.notices += not_read(Unread(directory.prefix + IGNORE_FILE, item.reason) for item in unread)
        return ignoring


def _climb_to(path: str, inside: str) -> str:
    """How a directory prints by the path of a file that lies `inside` of it."""
    steps = 0 if inside == os.curdir else inside.count(os.sep) + 1
    return os.path.normpath(os.path.join(os.path.dirname(path), *[os.pardir] * steps))
