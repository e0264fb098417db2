"""The server: requests and notifications of the protocol, each passed on to the session."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from kubeqed import __version__
from kubeqed.parse import split_lines
from kubeqed.serve.actions import Actions, is_wanted, overlaps_range
from kubeqed.serve.check import Check
from kubeqed.serve.hover import render_hover
from kubeqed.serve.schedule import PATIENCE
from kubeqed.serve.session import Session

_WATCHED = ("**/*.{yaml,yml,json,tpl}", "**/.gitignore")


def serve(check: Check) -> None:
    """Serves one client over standard input and output, until it is gone.

    Whatever prints elsewhere goes to standard error: one stray line would end the conversation.
    """
    output = _open_output()
    server = make_server(check)
    server.start_io(sys.stdin.buffer, output)


def make_server(check: Check) -> LanguageServer:
    """A server with everything registered that it can do."""
    server = LanguageServer("kubeqed", __version__)
    session = Session(server, check)
    _follow_files(server, session)
    _follow_texts(server, session)
    _register_answers(server, session)
    return server


def _open_output() -> BinaryIO:
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return output


def _follow_files(server: LanguageServer, session: Session) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        session.schedule.ask()
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            server.client_register_capability(types.RegistrationParams([_make_watchers()]))

    @server.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        session.end()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(_: types.DidChangeWatchedFilesParams) -> None:
        session.schedule.ask(PATIENCE)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(_: types.DidChangeWorkspaceFoldersParams) -> None:
        session.schedule.ask()


def _make_watchers() -> types.Registration:
    watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    return types.Registration("kubeqed-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)


def _follow_texts(server: LanguageServer, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(_: types.DidOpenTextDocumentParams) -> None:
        session.schedule.ask()

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(_: types.DidChangeTextDocumentParams) -> None:
        session.schedule.ask(PATIENCE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(_: types.DidSaveTextDocumentParams) -> None:
        session.schedule.ask()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(_: types.DidCloseTextDocumentParams) -> None:
        session.schedule.ask()


def _register_answers(server: LanguageServer, session: Session) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        return await _answer_hover(session, params)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def acted(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await _answer_actions(session, params) if is_wanted(params.context.only) else []


async def _answer_hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    found = await session.current(params.text_document.uri)
    if found is None:
        return None
    path, checked = found
    lines = split_lines(checked.texts[path])
    line, columns, answers = params.position.line, session.columns, session.answers
    if line >= len(lines):
        return None
    column = columns.of_ours(lines[line], params.position.character)
    told = await session.work(lambda: render_hover(checked, answers, path, line + 1, column + 1))
    if told is None:
        return None
    spot, text = told
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), columns.range(spot.span, lines))


async def _answer_actions(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    found = await session.current(params.text_document.uri)
    if found is None:
        return []
    path, checked = found
    lines = split_lines(checked.texts[path])
    actions = Actions(path, params.text_document.uri, lines, session.columns)
    translation = session.translation()
    shown = [(finding, translation.finding(finding)) for finding in session.findings_in(path)]
    return [
        action
        for finding, diagnostic in shown
        if overlaps_range(diagnostic.range, params.range)
        for action in actions.at(finding, diagnostic)
    ]
