"""What a person does in an editor, in as few words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from lsprotocol import types
from pytest_lsp import LanguageClient

PATIENCE = 60.0


def capabilities(*encodings: str) -> types.ClientCapabilities:
    """Those of a usual client."""
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[*encodings] or None),
        text_document=types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(
                related_information=True, code_description_support=True, data_support=True, version_support=True
            ),
            hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix])
                )
            ),
        ),
    )


class Editor:
    """A folder that is open, and texts in it."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}

    def start(self, **files: str) -> None:
        """Opens the folder, with files `name=text` on the disk, each `name.yaml`."""
        for name, text in files.items():
            self.save(name, text)
        self._folders(added=[types.WorkspaceFolder(self.folder.as_uri(), "folder")])

    def leave(self) -> None:
        """Closes everything."""
        for name in list(self.texts):
            self.close(name)
        self._folders(removed=[types.WorkspaceFolder(self.folder.as_uri(), "folder")])

    def _folders(
        self, added: Sequence[types.WorkspaceFolder] = (), removed: Sequence[types.WorkspaceFolder] = ()
    ) -> None:
        event = types.WorkspaceFoldersChangeEvent(added, removed)
        self.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))

    def uri(self, name: str) -> str:
        return (self.folder / (name if name.endswith(".tpl") else f"{name}.yaml")).as_uri()

    def save(self, name: str, text: str) -> None:
        (self.folder / f"{name}.yaml").write_text(text)

    def open(self, name: str, text: str | None = None) -> None:
        self.texts[name] = (self.folder / f"{name}.yaml").read_text() if text is None else text
        self.versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), "yaml", 1, self.texts[name])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, text: str) -> None:
        self.texts[name] = text
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    def close(self, name: str) -> None:
        del self.texts[name]
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def notice_change(self, name: str, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
        event = types.FileEvent(self.uri(name), kind)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    def shown(self, name: str) -> Sequence[types.Diagnostic]:
        return self.client.diagnostics.get(self.uri(name), [])

    def codes(self, name: str) -> list[object]:
        return [item.code for item in self.shown(name)]

    async def sees(self, name: str, *codes: str) -> Sequence[types.Diagnostic]:
        """Waits until these are shown for a file."""
        await until(lambda: self.uri(name) in self.client.diagnostics and self.codes(name) == list(codes))
        return self.shown(name)

    async def hover(self, name: str, needle: str) -> str | None:
        document = types.TextDocumentIdentifier(self.uri(name))
        found = await self.client.text_document_hover_async(types.HoverParams(document, self.place(name, needle)))
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else None

    async def actions(self, name: str, at: types.Range) -> list[types.CodeAction]:
        document = types.TextDocumentIdentifier(self.uri(name))
        asked = types.CodeActionParams(document, at, types.CodeActionContext([]))
        found = await self.client.text_document_code_action_async(asked)
        return [item for item in found or () if isinstance(item, types.CodeAction)]

    def apply(self, name: str, action: types.CodeAction) -> None:
        """Does what a code action says, to an ASCII text."""
        assert action.edit is not None
        assert action.edit.changes is not None
        (edit,) = action.edit.changes[self.uri(name)]
        start, end = self._offset(name, edit.range.start), self._offset(name, edit.range.end)
        text = self.texts[name]
        self.type(name, text[:start] + edit.new_text + text[end:])

    def place(self, name: str, needle: str) -> types.Position:
        before = self.texts[name][: self.texts[name].index(needle)]
        return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)

    def _offset(self, name: str, position: types.Position) -> int:
        lines = self.texts[name].splitlines(keepends=True)
        return sum(map(len, lines[: position.line])) + position.character


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something to become so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)
