"""The command, and git, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMITTER = ("-c", "user.email=a@example.com", "-c", "user.name=a")


def environment() -> dict[str, str]:
    """That of this process, in which Python finds what it finds here."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command `kubeqed`."""
    command = [sys.executable, "-m", "kubeqed.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment())


def git(at: Path, *arguments: str) -> str:
    """What git prints, which must succeed."""
    command = ["git", *COMMITTER, *arguments]
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=True).stdout.strip()
