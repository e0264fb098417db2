"""What the client was last told of each file, so that it is told again only what is new to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lsprotocol import types

from kubeqed.serve.documents import Documents

Publish = Callable[[types.PublishDiagnosticsParams], None]


class DiagnosticPublisher:
    """The diagnostics that hang at the client, by URI, each with the version of the text they speak of."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._hanging: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}

    def hang(self, found: Mapping[str, list[types.Diagnostic]], documents: Documents) -> None:
        """Hangs what was found, and takes down what is not found any more; an open file is always told of."""
        told = {document.uri for document in documents.open.values()}
        for uri in sorted({*found, *told, *self._hanging}):
            news = (documents.version(uri), found.get(uri, []))
            if self._hanging.get(uri) != news:
                self._publish(types.PublishDiagnosticsParams(uri, news[1], news[0]))
            if news[1] or uri in told:
                self._hanging[uri] = news
            else:
                self._hanging.pop(uri, None)
