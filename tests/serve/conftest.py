"""A real client and a real server, over standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient
from tests.serve.editor import Editor, capabilities

ROOT = Path(__file__).parents[2]
SERVE = ["-m", "kubeqed.cli", "serve"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / source) for source in ("analyzer", "rules"))}


async def started(*arguments: str, encodings: tuple[str, ...] = ()) -> LanguageClient:
    """A client whose server is ready, with no folder open."""
    config = ClientServerConfig(server_command=[sys.executable, *arguments], server_env=ENVIRONMENT)
    client = await config.start()
    assert isinstance(client, LanguageClient)
    await client.initialize_session(types.InitializeParams(capabilities=capabilities(*encodings)))
    return client


async def ended(client: LanguageClient) -> None:
    """Says goodbye to the server, and waits until it is gone."""
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]  # pygls types its parameters only


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[LanguageClient]:
    """One server for all tests of a module, since half a second goes into importing the protocol."""
    client = await started(*SERVE)
    yield client
    await ended(client)


@pytest_asyncio.fixture(loop_scope="module")
async def editor(client: LanguageClient, tmp_path: Path) -> AsyncIterator[Editor]:
    """An editor that opens its folder with `start`, and closes it at the end."""
    editor = Editor(client, tmp_path)
    yield editor
    editor.leave()


@pytest.fixture
def low() -> str:
    """A Service that asks for a forbidden node port, with signs before it that are long in UTF-8 and in UTF-16."""
    return (
        "apiVersion: v1\nkind: Service\nmetadata: {name: low}\n"
        'spec: {type: NodePort, ports: [{name: "🦀é", port: 1, nodePort: 2}]}\n'
    )
