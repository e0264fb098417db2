"""The files of one tree as a build reads them: each document is parsed once, and nothing outside of the tree is read."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from kubeqed.build.allowance import Allowance
from kubeqed.parse import Parsed, PlacedDocument, parse
from kubeqed.sources import GIT, LARGEST, FileTree, FileType, SourceFile, is_below

NOTHING: Mapping[str, Parsed] = {}
NOT_READ: Mapping[str, str] = {}


class ServedApis(NamedTuple):
    """What charts are told of the cluster: its version, as `v1.36.0`, and whether it serves `apps/v1`, or `apps/v1/Deployment`.

    `is_assumed` says that nobody stated the version, so that a chart for others may be meant for another cluster.
    """

    kubernetes: str
    serves: Callable[[str], bool]
    is_assumed: bool = False


class TreeFiles:
    """The files of `tree`, a directory on the disk or a revision; what was once asked of it is remembered.

    `printed` gives the name of a real path in messages. `known` are files that were parsed before, and `unread` is why
    some are not to be read, both by real path. `allowance` is what builds may cost together, of other trees too. `served` is the cluster that charts are rendered for, None for the one that
    Helm takes where it asks none.
    """

    def __init__(
        self,
        tree: FileTree,
        printed: Callable[[str], str],
        known: Mapping[str, Parsed] = NOTHING,
        unread: Mapping[str, str] = NOT_READ,
        served: ServedApis | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        self.served = served
        self.allowance = Allowance() if allowance is None else allowance
        self._tree = tree
        self._known = known
        self._unread = unread
        self._documents = {path: parsed.documents for path, parsed in known.items() if not parsed.passed_over}
        self._contents: dict[str, bytes] = {}
        self._is_file: dict[str, bool] = {}
        self._is_directory: dict[str, bool] = {}
        self._followed: dict[str, str] = {}
        self._leads_out: dict[str, bool] = {}
        self._listed: dict[str, Mapping[str, FileType] | None] = {}
        self._printed = printed
        self._real = {parsed.file: path for path, parsed in known.items()}

    def documents(self, path: str) -> tuple[PlacedDocument, ...]:
        """The documents of a file; an OSError when it cannot be read."""
        if path not in self._documents:
            printed = self.printed(path)
            self._documents[path] = parse(SourceFile(printed, self.content(path))).documents
            self._real[printed] = path
        return self._documents[path]

    def printed(self, path: str) -> str:
        """The name of a real path in messages."""
        return self._known[path].file if path in self._known else self._printed(path)

    def real(self, printed: str) -> str | None:
        """The real path of a file that documents were read from, by its name in messages."""
        return self._real.get(printed)

    def all_documents(self) -> Iterator[PlacedDocument]:
        """The documents of all files that were parsed for the build."""
        for documents in self._documents.values():
            yield from documents

    def content(self, path: str) -> bytes:
        """What a file holds; an OSError when it cannot be read."""
        if path in self._unread:
            raise OSError(errno.EPERM, self._unread[path])
        if path not in self._contents:
            known = self._known.get(path)
            self._contents[path] = self._tree.read(path, LARGEST) if known is None else known.text.encode()
            self.allowance.earn(len(self._contents[path]))
        return self._contents[path]

    def is_file(self, path: str) -> bool:
        """Whether a file of the tree is there."""
        if path not in self._is_file:
            directory, name = posixpath.split(path)
            listed = self._list_entries(directory)
            may_be = listed is None or name in listed
            self._is_file[path] = may_be and self._tree.is_file(path) and self.holds(path)
        return self._is_file[path]

    def is_directory(self, path: str) -> bool:
        """Whether a directory of the tree is there."""
        if path not in self._is_directory:
            self._is_directory[path] = self._tree.is_directory(path) and self.holds(path)
        return self._is_directory[path]

    def entries(self, path: str) -> Collection[str]:
        """The names of what a directory holds; an OSError when it cannot be read."""
        return self._tree.entries(path).keys()

    @property
    def bounds(self) -> str:
        """What nothing is read outside of, in words."""
        tree = self._tree
        is_repository = not tree.may_ignore or GIT in tree.entries(tree.root)  # only git has a revision
        return "the repository" if is_repository else f"{self.printed(tree.root)} (in no git repository)"

    def holds(self, path: str) -> bool:
        """Whether a path is of the tree, and not of what git keeps: no manifest lies there, but passwords may.

        What a link on the way leads to is not, if that lies elsewhere.
        """
        if not self._is_below(path):
            return False
        if path not in self._leads_out:
            self._leads_out[path] = self._is_elsewhere(path)
        return not self._leads_out[path]

    def _is_below(self, path: str) -> bool:
        """Whether a path is of the tree by its name."""
        root = self._tree.root
        return is_below(path, root) and GIT not in path[len(root) :].lower().split("/")

    def _is_elsewhere(self, path: str) -> bool:
        """Whether something is at a path, and links on the way to it lead out of the tree."""
        directory, name = posixpath.split(path)
        if (self._list_entries(directory) or {}).get(name, FileType.LINK) is not FileType.LINK:
            return False  # no link, and a directory is listed only where none leads to it
        if not self._tree.is_directory(path) and not self._tree.is_file(path):
            return False
        try:
            self._tree.resolve(path)
        except OSError:
            return True
        return False

    def follow(self, path: str) -> str:
        """A path without links on the way; itself where it leads nowhere or out of the tree."""
        if path not in self._followed:
            directory, name = posixpath.split(path)
            self._followed[path] = (
                self._real_path_in(directory, name) if self.holds(directory) else self._resolve_path(path)
            )
        return self._followed[path]

    def _real_path_in(self, directory: str, name: str) -> str:
        """The real path of a name in a directory, whose own real path its neighbours share."""
        if directory not in self._followed:
            self._followed[directory] = self._resolve_path(directory)
        real = self._followed[directory]
        path = posixpath.join(real, name)
        is_link = (self._list_entries(real) or {}).get(name, FileType.LINK) is FileType.LINK
        return self._resolve_path(path) if is_link else path

    def _resolve_path(self, path: str) -> str:
        try:
            return self._tree.resolve(path)
        except OSError:
            return path

    def _list_entries(self, directory: str) -> Mapping[str, FileType] | None:
        """What a real directory holds, None where that cannot be told."""
        if directory not in self._listed:
            try:
                self._listed[directory] = self._tree.entries(directory) if self._is_below(directory) else None
            except (OSError, KeyError):
                self._listed[directory] = None
        return self._listed[directory]
