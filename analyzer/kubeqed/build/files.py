"""The files of one tree as a build reads them: each document is parsed once, and nothing outside of the tree is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kubeqed.parse import PlacedDocument, parse
from kubeqed.sources import GIT, FileTree, SourceFile, is_below

LARGEST = 64 * 1024 * 1024


class TreeFiles:
    """The files of `tree`, a directory on the disk or a revision.

    `known` are documents that were parsed before, by real path, and `printed` gives the name of a real path in messages.
    """

    def __init__(
        self, tree: FileTree, known: Mapping[str, tuple[PlacedDocument, ...]], printed: Callable[[str], str]
    ) -> None:
        self._tree = tree
        self._documents = dict(known)
        self._contents: dict[str, bytes] = {}
        self._printed = printed

    def documents(self, path: str) -> tuple[PlacedDocument, ...]:
        """The documents of a file; an OSError when it cannot be read."""
        if path not in self._documents:
            self._documents[path] = parse(SourceFile(self._printed(path), self.content(path))).documents
        return self._documents[path]

    def all_documents(self) -> Iterator[PlacedDocument]:
        """The documents of all files that were parsed for the build."""
        for documents in self._documents.values():
            yield from documents

    def content(self, path: str) -> bytes:
        """What a file holds; an OSError when it cannot be read."""
        if path not in self._contents:
            self._contents[path] = self._tree.read(path, LARGEST)
        return self._contents[path]

    def is_file(self, path: str) -> bool:
        """Whether a file of the tree is there."""
        return self.holds(path) and self._tree.is_file(path)

    def is_directory(self, path: str) -> bool:
        """Whether a directory of the tree is there."""
        return self.holds(path) and self._tree.is_directory(path)

    def holds(self, path: str) -> bool:
        """Whether a path is of the tree, and not of what git keeps: no manifest lies there, but passwords may."""
        root = self._tree.root
        return is_below(path, root) and GIT not in path[len(root) :].lower().split("/")

    def follow(self, path: str) -> str:
        """A path without links on the way; itself where it leads nowhere or out of the tree."""
        try:
            return self._tree.resolve(path)
        except OSError:
            return path
