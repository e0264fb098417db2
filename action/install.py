"""The action's first step: kubeqed in an environment of its own, away from that of the job."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

WORKS = "Scripts" if os.name == "nt" else "bin"


def requirement(version: str, action: str) -> list[str]:
    """What pip is asked for: a release, or the source of this action with the versions that it is tested with."""
    if not version:
        return ["--constraint", os.path.join(action, "constraints.txt"), action]
    release = re.fullmatch(r"v?(\d+(\.\d+)*([a-z]+\d+)?)", version)
    if not release:
        sys.exit(f"::error title=kubeqed::version: {version!r} is no release")
    return [f"kubeqed=={release[1]}"]


def main() -> None:
    """Installs, and tells the next steps where."""
    asked = requirement(os.environ["VERSION"].strip(), os.environ["GITHUB_ACTION_PATH"])
    home = Path(os.environ["RUNNER_TEMP"], "kubeqed")
    venv.create(home, clear=True, with_pip=True)
    pip = [str(home / WORKS / "python"), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, *asked], check=False).returncode:  # noqa: S603 - a release by its number, or our source
        sys.exit(f"::error title=kubeqed::{asked[-1]} cannot be installed; the log says why")
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as output:
        output.write(f"kubeqed={home / WORKS / 'kubeqed'}\n")


if __name__ == "__main__":
    main()
