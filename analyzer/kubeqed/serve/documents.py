"""Files as the client names them: its URIs, and the texts that it shows and may not have saved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import TextDocument

from kubeqed.sources.walk import SUFFIXES

HELPERS = (".tpl",)  # of charts


class OpenDocument(NamedTuple):
    """An open file, by its absolute path."""

    uri: str
    version: int | None
    text: str


class Documents(NamedTuple):
    """What is open at one moment."""

    open: Mapping[str, OpenDocument]

    @property
    def buffers(self) -> dict[str, bytes]:
        """The texts, as `sources` reads files."""
        return {path: document.text.encode("utf-8", "replace") for path, document in self.open.items()}

    def uri(self, path: str) -> str:
        """What the client calls a file."""
        document = self.open.get(os.path.abspath(path))
        return document.uri if document else from_fs_path(os.path.abspath(path)) or path

    def version(self, uri: str) -> int | None:
        """The version of a text that is open."""
        return next((document.version for document in self.open.values() if document.uri == uri), None)


def open_documents(held: Iterable[TextDocument]) -> Documents:
    """The open texts that are files and may be manifests, or parts of a chart."""
    found = {}
    for document in held:
        path = path_of(document.uri)
        if path is not None and path.endswith((*SUFFIXES, *HELPERS)):
            found[path] = OpenDocument(document.uri, document.version, document.source)
    return Documents(found)


def path_of(uri: str) -> str | None:
    """The absolute path of a file's URI; None for what is no file."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return os.path.abspath(path) if path else None
