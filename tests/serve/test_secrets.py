"""Nothing that the server says holds a secret, wherever it stands in a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from lsprotocol import converters, types
from tests.model.canaries import CANARY, canaries
from tests.serve.editor import Editor, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILES = canaries()
ASKED = re.compile(rf"{CANARY}|(?<=name: )(?:web|login)", re.IGNORECASE)


def said(messages: object) -> str:
    return str(converters.get_converter().unstructure(messages))


def places(text: str) -> Iterator[types.Position]:
    for found in ASKED.finditer(text):
        before = text[: found.start()]
        yield types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


async def test_no_diagnostic_hover_or_edit_holds_a_secret(editor: Editor, low: str) -> None:
    for name, text in FILES.items():
        (editor.folder / name).parent.mkdir(exist_ok=True)
        (editor.folder / name).write_text(text)
    editor.start(last=low)
    client = editor.client
    known = {name: (editor.folder / name).as_uri() for name in FILES}
    # Diagnostics come file by file, and an early round may have read only some of the files.
    await until(lambda: sum(bool(client.diagnostics.get(uri)) for uri in known.values()) > len(FILES) / 2)
    answers = []
    for name, text in FILES.items():
        document = types.TextDocumentIdentifier(known[name])
        hovers = [await client.text_document_hover_async(types.HoverParams(document, place)) for place in places(text)]
        answers.append(said(hovers))
        whole = types.Range(types.Position(0, 0), types.Position(text.count("\n") + 1, 0))
        asked = types.CodeActionParams(document, whole, types.CodeActionContext([]))
        answers.append(said(await client.text_document_code_action_async(asked)))
    answers += [said(client.diagnostics), said(client.messages), said(client.log_messages)]
    everything = "\n".join(answers)
    assert "Can be reached by" in everything
    assert "quickfix" in everything
    leaks = [answer for answer in answers if CANARY.lower() in answer.lower()]
    assert not leaks, leaks[0][:2000]
