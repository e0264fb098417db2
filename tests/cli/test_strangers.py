"""A stranger's repository through the real command: nothing outside is read, nothing of it is run, nothing waits."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli import running
from tests.hostile import CANARY, CONFIGURATIONS, Hostile, build, configure

pytestmark = pytest.mark.skipif(shutil.which("git") is None or os.name == "nt", reason="git makes the repository")

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")
COMMANDS = {
    "check": ("check", "--show", "all", "--evidence"),
    "check from below": ("check", "../links", "../specials", "../k8s", "--world", "closed"),
    "check every file": ("check", "k8s/app.yaml", "links", "file", "common", "specials"),
    "check by the policy of the base": ("check", "--config", "git:main:", "--policy-base", "main"),
    "reach": ("reach", "--exposure"),
    "reach expanded": ("reach", "--expand"),
    "why": ("why", "external", "shop/web[Deployment]", "k8s"),
    "diff": ("diff", "main"),
    "diff of revisions": ("diff", "main", "partial", "--output-format", "sarif"),
    "diff of a stolen repository": ("diff", "git:main", "file/"),
    "diff of a stolen object store": ("diff", "git:main", "common/"),
    "baseline": ("baseline", "--output", "written.json", "--show", "all"),
}


def environment() -> dict[str, str]:
    """With the canary in a variable, as /proc shows it."""
    return {**running.environment(), "SECRET": CANARY}


def run(hostile: Hostile, *arguments: str, at: str = ".", given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kubeqed.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, cwd=hostile.root / at, env=environment(), input=given, timeout=300
    )


def assert_harmless(hostile: Hostile, done: subprocess.CompletedProcess[bytes], *written: Path) -> None:
    told = done.stdout + done.stderr + b"".join(file.read_bytes() for file in written if file.exists())
    assert CANARY.encode() not in told
    assert b"root:x:" not in told
    assert b"Traceback" not in told
    assert b"internal-error" not in told
    assert not hostile.marker.exists()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return build(tmp_path_factory.mktemp("planted"))


@pytest.fixture
def fresh(tmp_path: Path) -> Hostile:
    return build(tmp_path)


def test_the_traps_are_traps(planted: Hostile) -> None:
    """What is planted is found by whoever follows links and asks git."""
    assert CANARY in (planted.root / "links/relative.yaml").read_text()
    assert CANARY in (planted.root / "links/config.yaml").read_text()
    shown = subprocess.run(["git", "show", "main:k8s.yaml"], cwd=planted.root, capture_output=True, text=True)
    assert CANARY in shown.stdout
    # not of untracked files: git waits for a pipe that is called .gitignore
    status = ["git", "status", "--untracked-files=no"]
    subprocess.run(status, cwd=planted.root, capture_output=True, timeout=60)
    assert planted.marker.exists()
    planted.marker.unlink()


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_is_read_outside_and_nothing_is_run(planted: Hostile, name: str) -> None:
    at = "k8s" if "../links" in COMMANDS[name] else "."
    done = run(planted, *COMMANDS[name], at=at, given=f"{CANARY}: [".encode())
    assert_harmless(planted, done, planted.root / "written.json")
    (planted.root / "written.json").unlink(missing_ok=True)
    assert done.returncode in ((2,) if "stolen" in name else (0, 1)), done.stderr


def test_no_format_shows_it(planted: Hostile, tmp_path: Path) -> None:
    files = [tmp_path / form for form in FORMATS]
    outputs = [f"--output-format={file.name}={file}" for file in files]
    done = run(planted, "check", "--show", "all", "--evidence", *outputs)
    assert_harmless(planted, done, *files)
    assert all(file.exists() for file in files)


def test_all_of_it_is_said(planted: Hostile) -> None:
    done = run(planted, "check", "--output-format", "json")
    said = {notice["text"] for notice in json.loads(done.stdout)["notices"] if notice["kind"] == "not-read"}
    reasons = ("out of the repository", "leads nowhere", "named pipe", "a socket", "larger than 64 MiB", ".gitignore")
    assert [reason for reason in reasons if not any(reason in text for text in said)] == []
    read = {unit["root"] for unit in json.loads(done.stdout)["units"]}
    assert read, "what is harmless is read"


def test_what_a_clone_lacks_is_named_and_not_fetched(planted: Hostile) -> None:
    done = run(planted, "diff", "main", "partial")
    assert_harmless(planted, done)
    assert b"partial:missing.yaml is not read: not in this clone" in done.stderr


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_a_configuration_opens_no_door(fresh: Hostile, name: str) -> None:
    configure(fresh, name)
    commands: list[tuple[str, ...]] = [("check", "--show", "all")]
    if name.startswith("baseline"):
        commands.append(("baseline", "--show", "all"))
    if name in ("link", "units outside"):
        commands += [("reach",), ("diff", "main")]
    for command in commands:
        done = run(fresh, *command)
        assert_harmless(fresh, done, *fresh.root.glob("*.json"))
        assert done.returncode in (0, 1, 2), done.stderr
    assert (fresh.outside / "baseline.json").read_text() == f'{{"version": 1, "{CANARY}": 1, "findings": []}}'


def message(method: str, parameters: object, number: int | None = None) -> bytes:
    body = {"jsonrpc": "2.0", "method": method, "params": parameters} | ({} if number is None else {"id": number})
    content = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(content), content)


def converse(hostile: Hostile, given: bytes, ending: bytes) -> subprocess.CompletedProcess[bytes]:
    """The language server's side of a conversation, which ends after the answer to the request 2."""
    command = [sys.executable, "-m", "kubeqed.cli", "serve", "--show", "all"]
    with subprocess.Popen(
        command,
        cwd=hostile.root,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(given)
        process.stdin.flush()
        told = b""
        while b'"id":2' not in told.replace(b" ", b""):
            if not select.select([process.stdout], [], [], 120)[0]:
                process.kill()
                break
            piece = os.read(process.stdout.fileno(), 65536)
            told += piece
            if not piece:
                break
        rest, errors = process.communicate(ending, timeout=120)
        return subprocess.CompletedProcess(command, process.returncode, told + rest, errors)


@pytest.mark.parametrize("configuration", [None, "link", "baseline outside"])
def test_the_language_server_reads_no_more(fresh: Hostile, configuration: str | None) -> None:
    if configuration:
        configure(fresh, configuration)
    uri = fresh.root.as_uri()
    opened = {
        "uri": f"{uri}/k8s/app.yaml",
        "languageId": "yaml",
        "version": 1,
        "text": (fresh.root / "k8s/app.yaml").read_text(),
    }
    hovered = {"textDocument": {"uri": opened["uri"]}, "position": {"line": 2, "character": 18}}
    given = (
        message("initialize", {"processId": None, "rootUri": uri, "capabilities": {}}, 1)
        + message("initialized", {})
        + message("textDocument/didOpen", {"textDocument": opened})
        + message("textDocument/hover", hovered, 2)
    )
    ending = message("shutdown", None, 3) + message("exit", None)
    done = converse(fresh, given, ending)
    assert_harmless(fresh, done)
    assert b'"id":2' in done.stdout.replace(b" ", b""), "every check was done before the answer"
