"""What needs a server of its own: how it starts, what it agrees on, and what happens when a rule fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from tests.serve.conftest import ENVIRONMENT, SERVE, ended, started
from tests.serve.editor import Editor, until

OUTSIDE = "node-port-out-of-range"
FAILING = """
import kubeqed_rules.service.external_name_not_a_host as rule
def check(world):
    print("a stray line")
    raise LookupError("on purpose")
rule.check = check
from kubeqed.cli import main
main(["serve"])
"""
WITHOUT = """
import sys
sys.modules["pygls"] = None
from kubeqed.cli import main
main(["serve"])
"""


@pytest.mark.asyncio
async def test_columns_are_what_both_sides_agree_on(tmp_path: Path, low: str) -> None:
    client = await started(*SERVE, encodings=("utf-8", "utf-16"))
    editor = Editor(client, tmp_path)
    editor.start(low=low)
    (found,) = await editor.sees("low", OUTSIDE)
    assert found.range.start == types.Position(3, len(low.splitlines()[3].partition("2}")[0].encode()))
    await ended(client)


@pytest.mark.asyncio
async def test_a_rule_that_fails_is_logged_and_the_others_are_heard(tmp_path: Path, low: str) -> None:
    client = await started("-c", FAILING)
    editor = Editor(client, tmp_path)
    editor.start(low=low)
    await editor.sees("low", OUTSIDE)
    await until(lambda: bool(client.log_messages))
    (logged,) = client.log_messages
    assert logged.type is types.MessageType.Error
    assert "rule external-name-not-a-host on the unit" in logged.message
    assert "failed: LookupError at" in logged.message
    await ended(client)


def test_a_missing_package_is_named() -> None:
    run = subprocess.run([sys.executable, "-c", WITHOUT], env=ENVIRONMENT, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "kubeqed serve needs packages that are not installed: pip install 'kubeqed[lsp]'\n"
