"""What was last published about each file, so that only what changed is published again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lsprotocol import types

from kubeqed.serve.documents import Documents

Publish = Callable[[types.PublishDiagnosticsParams], None]


class DiagnosticPublisher:
    """The diagnostics that the client shows, by URI, each with the version of the text that they are about."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._shown: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}

    def publish(self, found: Mapping[str, list[types.Diagnostic]], documents: Documents) -> None:
        """Publishes what was found and clears what is found no more; of an open file always, also that it has none."""
        open_files = {document.uri for document in documents.open.values()}
        for uri in sorted({*found, *open_files, *self._shown}):
            news = (documents.version(uri), found.get(uri, []))
            if self._shown.get(uri) != news:
                self._publish(types.PublishDiagnosticsParams(uri, news[1], news[0]))
            if news[1] or uri in open_files:
                self._shown[uri] = news
            else:
                self._shown.pop(uri, None)
