"""The command, in this process, and git.

`test_process`, `test_streams` and `test_strangers` give it in processes of their own: a start of Python for each command of
the other tests would prove nothing more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir, nullcontext
from pathlib import Path

from click.testing import CliRunner, Result

from kubeqed.cli.group import main

COMMITTER = ("-c", "user.email=a@example.com", "-c", "user.name=a")


def environment() -> dict[str, str]:
    """That of this process, in which Python finds what it finds here."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def run(*arguments: object, cwd: Path | None = None) -> Result:
    """What the command `kubeqed` prints, and its exit status."""
    with chdir(cwd) if cwd else nullcontext():
        return CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)


def git(at: Path, *arguments: str) -> str:
    """What git prints, which must succeed."""
    command = ["git", *COMMITTER, *arguments]
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=True).stdout.strip()
