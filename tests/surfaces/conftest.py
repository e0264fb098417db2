"""What needs programs that are not Python packages of ours: `make surfaces` runs it, `make test` does not.

A program that is missing fails its tests by name; nothing is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".surfaces"
PLACES = [str(Path(sys.executable).parent), str(INSTALLED / "bin"), os.environ.get("PATH", os.defpath)]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user who has the programs and nothing of ours."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\nname = A\nemail = a@example.com\n[init]\ndefaultBranch = main\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_", "FORCE_COLOR"))}
    own = {"PATH": os.pathsep.join(PLACES), "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}
    own |= {"PRE_COMMIT_HOME": str(home / "pre-commit"), "PREK_HOME": str(home / "prek")}
    if "PIP_CERT" in kept:  # what pip is told of certificates, prek's uv is told
        own.setdefault("SSL_CERT_FILE", kept["PIP_CERT"])
    return {**kept, **own}


@pytest.fixture(scope="session")
def run(environment: dict[str, str]) -> Run:
    """Runs a program, and fails by its name when it is missing."""

    def started(
        command: Sequence[object], at: Path = ROOT, given: str | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        program, *arguments = map(str, command)
        found = shutil.which(program, path=environment["PATH"])
        if found is None:
            pytest.fail(f"surfaces: {program} is missing", pytrace=False)
        return subprocess.run(
            [found, *arguments],
            cwd=at,
            env={**environment, **variables},
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    return started


@pytest.fixture(scope="session")
def kubeqed(run: Run) -> Run:
    """`kubeqed` with arguments."""

    def started(*arguments: object, at: Path = ROOT) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join([str(ROOT / "analyzer"), str(ROOT / "rules")])
        return run([sys.executable, "-P", "-m", "kubeqed.cli", *arguments], at, PYTHONPATH=paths)

    return started
