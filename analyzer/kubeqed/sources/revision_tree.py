"""The files of one commit as a tree: its links stay inside of the commit, and what it holds comes from git unfiltered."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from functools import cached_property

from kubeqed.sources.collected import MOST_BYTES
from kubeqed.sources.content import LARGEST, too_large
from kubeqed.sources.git.process import GitObjects, ObjectHeader, TreeEntry
from kubeqed.sources.tree import GIT, FileType
from kubeqed.sources.unread import NotReadError

_KINDS = {"120000": FileType.LINK, "160000": FileType.SUBMODULE}
_NO_STEPS = frozenset({"", ".", "..", GIT})
_MOST_LINKS = 40  # on the way to one file, as Linux has it
_LONGEST_LINK = 4096


class RevisionTree:
    """The files of a commit, by the paths that they would have in the working tree at `root`."""

    may_ignore = False

    def __init__(self, root: str, objects: GitObjects, tree: str) -> None:
        self.root = root
        self._objects = objects
        self._files: dict[str, TreeEntry] = {}
        self._directories: dict[str, dict[str, FileType]] = {root: {}}
        self._fetched: dict[str, bytes | NotReadError] = {}
        for entry in objects.files(tree):
            self._add_entry(entry)

    def _add_entry(self, entry: TreeEntry) -> None:
        if not _NO_STEPS.isdisjoint(entry.path.split("/")):
            return  # nor would git write it into a working tree
        path, kind = posixpath.join(self.root, entry.path), _KINDS.get(entry.mode, FileType.FILE)
        self._files[path] = entry
        while True:
            directory, name = posixpath.split(path)
            known = directory in self._directories
            self._directories.setdefault(directory, {})[name] = kind
            if known:
                return
            path, kind = directory, FileType.DIRECTORY

    def entries(self, directory: str) -> dict[str, FileType]:
        """What a directory holds, by name; a NotReadError where there is none."""
        if directory not in self._directories:
            raise NotReadError("not a directory of this commit")
        return self._directories[directory]

    def is_directory(self, path: str) -> bool:
        """Whether the commit has a directory at a path."""
        return path in self._directories

    def is_file(self, path: str) -> bool:
        """Whether the commit has a file at a path."""
        return path in self._files and self._files[path].mode not in _KINDS

    def find(self, path: str) -> str | None:
        """Where a path leads, links on the way followed; None where that is nothing or outside."""
        try:
            return self.resolve(path)
        except NotReadError:
            return None

    def resolve(self, link: str) -> str:
        """Where a path leads, links followed; a NotReadError when that is nothing of this commit."""
        steps = link.removeprefix(self.root).strip("/").split("/")[::-1]
        path, links = self.root, 0
        while steps:
            step = steps.pop()
            if step == posixpath.pardir and path == self.root:
                raise NotReadError("a link that leads out of the repository")
            path = posixpath.normpath(posixpath.join(path, step))
            target = self._targets.get(path)
            if target is None:
                continue
            links += 1
            if links > _MOST_LINKS:
                raise NotReadError("a link that leads nowhere")
            if target.startswith("/"):
                raise NotReadError("a link that leads out of the repository")
            steps += target.split("/")[::-1]
            path = posixpath.dirname(path)
        if not self.is_file(path) and not self.is_directory(path):
            raise NotReadError("a link that leads nowhere")
        return path

    def fetch(self, paths: Sequence[str]) -> None:
        """Gets what many files hold at once, as far as it is in this clone and not too large, so that `read` has it."""
        wanted = {path: self._files[path].object for path in dict.fromkeys(paths) if path not in self._fetched}
        if not wanted:
            return
        headers = dict(zip(wanted, self._objects.headers(list(wanted.values())), strict=True))
        taken: dict[str, ObjectHeader] = {}
        room = MOST_BYTES
        for path, header in headers.items():
            if header is None:
                self._fetched[path] = NotReadError("not in this clone")
            elif header.size > min(LARGEST, room):
                self._fetched[path] = too_large(LARGEST)
            else:
                room -= header.size
                taken[path] = header
        if taken:
            self._fetched |= zip(taken, self._objects.contents(list(taken.values())), strict=True)

    def fetched(self, path: str) -> bytes | None:
        """What a file holds that was fetched; None when it cannot be read."""
        content = self._fetched.get(path)
        return None if isinstance(content, NotReadError) else content

    def read(self, path: str, most: int, *, follow: bool = True) -> bytes:
        """What the file at a path holds, or the one that a link leads to; a NotReadError for one of more than `most` bytes, or none."""
        if follow:
            path = self.resolve(path)
        self.fetch([path])
        content = self._fetched[path]
        if isinstance(content, NotReadError):
            raise content
        if len(content) > most:
            raise too_large(most)
        return content

    @cached_property
    def _targets(self) -> dict[str, str]:
        links = [path for path, entry in self._files.items() if entry.mode == "120000"]
        headers = self._objects.headers([self._files[path].object for path in links]) if links else []
        short = {
            path: header
            for path, header in zip(links, headers, strict=True)
            if header is not None and header.size < _LONGEST_LINK
        }
        targets = zip(short, self._objects.contents(list(short.values())), strict=True) if short else ()
        return {path: os.fsdecode(target) for path, target in targets}
