"""Standard streams that are closed or full, and reports that replace older ones as a whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kubeqed.cli import streams
from kubeqed.cli.interrupted import _undone
from kubeqed.cli.streams import OutputError, write_file

ROOTS = [str(Path(__file__).parents[2] / name) for name in ("analyzer", "rules")]
LOW = (
    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, ports: [{port: 80, nodePort: 1}]}}\n"
)
COMMANDS = [
    "check .",
    "reach .",
    "why external 10.0.0.1 .",
    "build .",
    "diff . .",
    "baseline --output known web.yaml",
    "rules",
    "schema check",
    "serve",
    "--help",
    "nonsense",
]
FULL = Path("/dev/full")


def shell(tmp_path: Path, command: str, streams: str) -> tuple[int, str, str]:
    """The status of a command whose standard streams are `streams`, and what reached the others."""
    (tmp_path / "web.yaml").write_text(LOW)
    (tmp_path / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -m kubeqed.cli {command} {streams}', sys.executable],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_stream_changes_nothing_else(tmp_path: Path, command: str) -> None:
    status, out, err = shell(tmp_path, command, "")
    closed = ">&- <&-" if command != "serve" else ">&-"
    assert shell(tmp_path, command, closed) == (status, "", err)
    assert shell(tmp_path, command, "2>&-") == (status, out, "")


@pytest.mark.parametrize(("command", "status"), [("check -", 3), ("reach -", 3), ("serve", 2)])
def test_standard_input_that_is_closed_is_not_empty(tmp_path: Path, command: str, status: int) -> None:
    found, _, err = shell(tmp_path, command, "<&-")
    assert found == status
    assert "standard input" in err
    assert "closed" in err


@pytest.mark.skipif(not FULL.exists(), reason="there is no such device here")
@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command.split()[0] not in ("diff", "baseline", "serve")]
)
def test_a_disk_that_is_full(tmp_path: Path, command: str) -> None:
    status, out, _ = shell(tmp_path, command, "")
    assert shell(tmp_path, command, "2>/dev/full")[0] == status
    if out:
        full, _, err = shell(tmp_path, command, ">/dev/full")
        assert full == 3
        assert err.endswith("kubeqed: standard output: error: cannot write it: no space left on device\n")


@pytest.mark.skipif(not FULL.exists(), reason="there is no such device here")
def test_a_report_that_does_not_fit_is_named_and_the_others_are_written(tmp_path: Path) -> None:
    options = "--output-format json=/dev/full --output-format concise=out --output-format text"
    status, out, err = shell(tmp_path, f"check web.yaml {options}", "")
    assert status == 3
    assert "/dev/full: error: cannot write it: no space left on device\n" in err
    assert "1 error" in err
    assert "[node-port-out-of-range]" in out
    assert "[node-port-out-of-range]" in (tmp_path / "out").read_text()


def test_a_report_replaces_an_older_one_and_keeps_its_rights_and_its_links(tmp_path: Path) -> None:
    old, link = tmp_path / "old", tmp_path / "link"
    old.write_text("old")
    old.chmod(0o640)
    link.symlink_to(old)
    write_file(str(link), "new")
    assert link.is_symlink()
    assert (old.read_text(), old.stat().st_mode & 0o777) == ("new", 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "old"]
    write_file(str(tmp_path / "fresh"), "x")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o666 & ~mask


def test_an_older_report_stays_whole_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").write_text("old")
    small = open(tmp_path / "small", "wb", buffering=0) if not FULL.exists() else open(FULL, "wb", buffering=0)  # noqa: SIM115
    monkeypatch.setattr(streams, "open", lambda *_: small, raising=False)
    with pytest.raises(OutputError, match="no space left"):
        write_file(str(tmp_path / "old"), "new" * 100)
    assert (tmp_path / "old").read_text() == "old"
    assert not _undone


def test_what_cannot_be_replaced_is_written_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: str) -> None:
        raise OSError(16, "mounted alone")

    (tmp_path / "old").write_text("old")
    monkeypatch.setattr(os, "replace", busy)
    write_file(str(tmp_path / "old"), "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "new")]
    write_file(os.devnull, "x")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("command", ["check", "reach", "why a b", "diff main", "rules"])
def test_a_working_directory_that_is_gone(tmp_path: Path, command: str) -> None:
    gone = f'mkdir gone; cd gone; rmdir ../gone; exec "$0" -m kubeqed.cli {command}'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)}
    done = subprocess.run(["sh", "-c", gone, sys.executable], cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 2
    assert done.stderr == b"kubeqed: error: the working directory cannot be read: no such file or directory\n"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="standard output has no name here")
@pytest.mark.parametrize("streams", ["", ">written"])
def test_a_baseline_goes_to_standard_output(tmp_path: Path, streams: str) -> None:
    """What is there already is not asked of a pipe: only its own end could answer."""
    (tmp_path / "web.yaml").write_text(LOW)
    command = f'exec "$0" -m kubeqed.cli baseline --output /dev/stdout web.yaml {streams}'
    arguments = ["sh", "-c", command, sys.executable]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(ROOTS)}
    done = subprocess.run(arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    written = (tmp_path / "written").read_text() if streams else done.stdout
    assert (done.returncode, "node-port-out-of-range" in written) == (0, True), done.stderr
