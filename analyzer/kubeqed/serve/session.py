"""One client: what it has open, what was found, and what it was told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from kubeqed.diagnostic import Diagnostic
from kubeqed.parse import split_lines
from kubeqed.serve.check import CancelCheck, Check, Checked
from kubeqed.serve.columns import Columns
from kubeqed.serve.documents import Documents, open_documents, path_of
from kubeqed.serve.findings import Translation
from kubeqed.serve.hover import ReachCache
from kubeqed.serve.publisher import DiagnosticPublisher
from kubeqed.serve.rounds import NOTHING, CheckRound, check_all
from kubeqed.serve.schedule import Schedule
from kubeqed.sources import read_found, with_buffers

T = TypeVar("T")


class Session:
    """The state of the server; its methods run on the event loop, its work in threads."""

    def __init__(self, server: LanguageServer, check: Check) -> None:
        self._server = server
        self._check = check
        self._board = DiagnosticPublisher(server.text_document_publish_diagnostics)
        self._workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="kubeqed")
        self._logged: set[str] = set()
        self.schedule = Schedule(self._check_all)
        self.round: CheckRound = NOTHING
        self.documents = Documents({})
        self.answers = ReachCache()

    @property
    def columns(self) -> Columns:
        """The conversions that were agreed on."""
        encoding = self._server.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return Columns(encoding.value if isinstance(encoding, types.PositionEncodingKind) else encoding)

    def folders(self) -> list[str]:
        """The folders of the workspace; those inside another one come after it."""
        workspace = self._server.workspace
        uris = list(workspace.folders) or [workspace.root_uri or ""]
        return sorted({path for uri in uris if (path := path_of(uri))}, key=lambda path: (path.count(os.sep), path))

    async def current(self, uri: str) -> tuple[str, Checked] | None:
        """A file's path and the check that speaks of it, once everything asked for was done."""
        await self.schedule.settled()
        path = path_of(uri)
        checked = self.round.owner(path) if path else None
        return (path, checked) if path and checked else None

    async def work(self, doing: Callable[[], T]) -> T:
        """Runs something long beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, doing)

    def translation(self) -> Translation:
        """Into the client's words, as of the last round."""
        round_, held = self.round, self.documents
        return Translation(self.columns, cache(lambda path: _read_lines(path, round_, held)), held.uri)

    def findings_in(self, path: str) -> list[Diagnostic]:
        """The findings of a file."""
        return [finding for finding in self.round.findings() if finding.span.file == path]

    def end(self) -> None:
        """Stops all work."""
        self.schedule.stop()
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def _check_all(self, cancel_check: CancelCheck) -> None:
        held = open_documents(self._server.workspace.text_documents.values())
        folders = self.folders()
        self.round = await self.work(lambda: check_all(self._check, folders, held, self.round, cancel_check))
        self.documents = held
        self.answers = ReachCache()
        self._tell_client()

    def _tell_client(self) -> None:
        translation = self.translation()
        found: dict[str, list[types.Diagnostic]] = {}
        for finding in self.round.findings():
            found.setdefault(self.documents.uri(finding.span.file), []).append(translation.finding(finding))
        for complaint in self.round.complaints:
            found.setdefault(self.documents.uri(complaint.span.file), []).append(translation.complaint(complaint))
        self._board.publish(found, self.documents)
        for text in self.round.log:
            if text not in self._logged:
                self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, text))
        self._logged.update(self.round.log)


def _read_lines(path: str, round_: CheckRound, held: Documents) -> Sequence[str]:
    """The lines of a file as it was read; of a configuration that could not be used, as it is now."""
    checked = round_.owner(path)
    if checked is not None and not any(complaint.span.file == path for complaint in round_.complaints):
        return split_lines(checked.texts[path])
    try:
        with with_buffers(held.buffers):
            return split_lines(read_found(path).content.decode("utf-8-sig", "replace"))
    except OSError:
        return ()
