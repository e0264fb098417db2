"""What a build reads: documents and other files of one tree, by their real paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

from kubeqed.build.allowance import Allowance
from kubeqed.build.dialect import adapt
from kubeqed.build.files import ServedApis
from kubeqed.build.node import OriginNode, thaw
from kubeqed.build.refusal import RefusalCause, RefusalError, UnbuiltError
from kubeqed.parse import ENCRYPTED, Document, Mark, PlacedDocument, ProblemKind, parse, split_lines, unpack
from kubeqed.sources import SourceFile

_REMOTE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:|git::|gh:|(?:www\.)?github\.com[:/])"
    r"|.*(?:\.git(?:/|\?|$)|[?&](?:ref|version)=|/_git/)",
    re.IGNORECASE,
)

Documents = tuple[PlacedDocument, ...]
T = TypeVar("T")


class Files(Protocol):
    """The files that a build may read. A path is real and absolute."""

    def documents(self, path: str) -> Documents:
        """The documents of a file, parsed once; an OSError when it cannot be read."""

    def content(self, path: str) -> bytes:
        """What a file holds; an OSError when it cannot be read."""

    def real(self, printed: str) -> str | None:
        """The real path of a file that documents were read from, by its name in messages."""

    def printed(self, path: str) -> str:
        """The name of a real path in messages."""

    @property
    def bounds(self) -> str:
        """What nothing is read outside of, in words."""

    @property
    def allowance(self) -> Allowance:
        """What the builds of these files may still cost together."""

    @property
    def served(self) -> ServedApis | None:
        """The cluster that charts are rendered for, None for the one that Helm takes where it asks none."""

    def is_file(self, path: str) -> bool:
        """Whether a file is there."""

    def is_directory(self, path: str) -> bool:
        """Whether a directory is there."""

    def entries(self, path: str) -> Collection[str]:
        """The names of what a directory holds; an OSError when it cannot be read."""

    def holds(self, path: str) -> bool:
        """Whether a path is of the tree, so that it may be read."""

    def follow(self, path: str) -> str:
        """A path without links on the way."""


def is_remote(path: str) -> bool:
    """Whether a path leads to another machine, so that nothing here is meant."""
    return _REMOTE.match(path) is not None


class Directory:
    """The files of a build as a kustomization in one directory names them.

    Every method raises a RefusalError for what the tool could not read either, and an UnbuiltError for what is not read
    here.
    """

    def __init__(self, path: str, files: Files) -> None:
        self.path = path
        self.files = files
        self._inline: dict[tuple[str, int, Mark], tuple[Documents, bool]] = {}
        self._lines: dict[str, Sequence[str]] = {}

    def real(self, path: str) -> str:
        """The real path of what is named."""
        return self.files.follow(posixpath.normpath(posixpath.join(self.path, path)))

    def reachable(self, path: str) -> str:
        """The real path of what is named; an UnbuiltError where that is remote, or outside of what may be read."""
        real = self.real(path)
        if is_remote(path) and not (self.files.is_file(real) or self.files.is_directory(real)):
            raise UnbuiltError(f"{path}, which is fetched from another machine")
        if not self.files.holds(real):
            raise UnbuiltError(f"{path}, which lies outside of {self.files.bounds}")
        return real

    def content(self, path: str) -> bytes:
        """What a file holds."""
        return self._read_path(path, self.files.content)

    def documents(self, path: str) -> list[OriginNode]:
        """The trees of a file's documents that are not empty, as kustomize reads them."""
        nodes = thaw_documents(self._read_path(path, self.files.documents))
        for node in nodes:
            adapt(node, self._lines_of(path))
        return nodes

    def _lines_of(self, path: str) -> Callable[[], Sequence[str]]:
        """A function that gives the lines of a file, read when first asked for: few documents need them."""

        def lines() -> Sequence[str]:
            if path not in self._lines:
                self._lines[path] = split_lines(self.files.content(self.real(path)).decode("utf-8-sig", "replace"))
            return self._lines[path]

        return lines

    def _read_path(self, path: str, read: Callable[[str], T]) -> T:
        """Reads what is named, or says why not."""
        real = self.reachable(path)
        if self.files.is_directory(real):
            raise RefusalError(f"read {path}: is a directory")
        try:
            return read(real)
        except FileNotFoundError:
            raise RefusalError(f"open {path}: no such file or directory", cause=RefusalCause.NO_FILE) from None
        except OSError as error:
            raise UnbuiltError(f"{path}, which is not read: {error.strerror or error}") from None

    def inline(self, scalar: OriginNode, *, trimmed: bool = False) -> list[OriginNode]:
        """The trees of the documents in a text of the kustomization, with the places that they have in the text's file.

        `trimmed` says that blanks at the end are cut off first. Only a literal block is written as it reads; what stands in any other form has the place of the whole text.
        """
        file, text = scalar.source.file, scalar.text.rstrip() if trimmed else scalar.text
        key = (file, scalar.source.first_line, scalar.mark)
        if key not in self._inline:
            block = self._locate_block(scalar)
            first_line, indent = block or (0, 0)
            padded = "\n".join(f"{' ' * indent}{line}" if line else "" for line in split_lines(text))
            documents = parse(SourceFile(file, (padded if block else text).encode())).documents
            placed = tuple(one._replace(first_line=one.first_line + first_line) for one in documents)
            self._inline[key] = placed, block is not None
        placed, is_block = self._inline[key]
        nodes = thaw_documents(placed)
        for node in nodes:
            adapt(node, self._lines_of(self.files.real(file) or file) if is_block else lambda: split_lines(text))
            if not is_block:
                pin(node, scalar)
        return nodes

    def _locate_block(self, scalar: OriginNode) -> tuple[int, int] | None:
        """(first line, indentation) of a literal block of one document."""
        text, file = scalar.text, self.files.real(scalar.source.file)
        if file is None:
            return None
        lines = self._lines_of(file)()
        line, column, _ = unpack(scalar.mark)
        header = scalar.source.first_line + line
        if "\n---" in f"\n{text}" or header >= len(lines) or lines[header][column : column + 1] != "|":
            return None
        filled = next((number for number, one in enumerate(split_lines(text)) if one.strip()), None)
        if filled is None or header + 1 + filled >= len(lines):
            return None
        indent = len(lines[header + 1 + filled]) - len(split_lines(text)[filled])
        return (header + 1, indent) if indent > 0 else None


def thaw_documents(documents: Documents) -> list[OriginNode]:
    """The trees of documents that are not empty; RefusalError for text that is no YAML, UnbuiltError for a template."""
    for placed in documents:
        if placed.document.template:
            raise UnbuiltError(f"{placed.file}, a template that was not rendered")
        for problem in placed.document.problems:
            if problem.message == ENCRYPTED:
                raise UnbuiltError(f"{placed.file}, which is {ENCRYPTED}")
            if problem.kind is ProblemKind.NOT_READABLE:
                raise RefusalError(f"MalformedYAMLError: {problem.message}", placed.placed(problem.mark))
    return [thaw(_as_read(placed)) for placed in documents if placed.document.root is not None]


def _as_read(placed: PlacedDocument) -> PlacedDocument:
    """A JSON patch without the spelling of its numbers, which the tool does not see."""
    document = placed.document
    if not isinstance(document.root, list):
        return placed
    return placed._replace(document=Document(document.root, document.top, aliases=document.aliases))


def pin(node: OriginNode, scalar: OriginNode) -> None:
    """Gives a tree the place of the text that it stands in."""
    node.source = node.key_source = scalar.source
    node.mark = node.key_mark = scalar.mark
    for below in (*node.entries.values(), *node.items):
        pin(below, scalar)
