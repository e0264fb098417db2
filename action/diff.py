"""The action's second look: who can reach whom since the base of a pull request, on the page of the run."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

SAME = "Who can send what to whom is as before.\n"
NOT_COMPARED = "not everything was compared with the base; the log says why"


def main() -> int:
    """Compares each path with what it was, says so, and never fails for what it finds."""
    paths = [line.strip() for line in os.environ["PATHS"].splitlines() if line.strip()]
    found = {path: compared(os.environ["BASE"], path) for path in paths}
    if os.environ["SUMMARY"] == "true":
        summarize(found)
    return 0


def compared(commit: str, path: str) -> str:
    """What `kubeqed diff` says in Markdown, and that something was not compared; nothing when all is as it was."""
    options = ["--output-format=markdown", *configuration(commit)]
    command = [os.environ["KUBEQED"], "diff", *options, "--", f"git:{commit}", plainly_path(path)]
    pause = secrets.token_hex(16)
    print(f"::stop-commands::{pause}", flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603 - ours
    print(f"::{pause}::")
    if not done.returncode:
        return done.stdout
    print(f"::warning title=kubeqed diff::{NOT_COMPARED}")
    return f"{done.stdout}\n{NOT_COMPARED}\n"


def configuration(commit: str) -> list[str]:
    """The options that say whose configuration counts."""
    stated = os.environ["CONFIG"].strip()
    if os.environ["POLICY"] == "base":
        return [f"--config=git:{commit}:{os.path.join('.', os.path.relpath(stated)) if stated else ''}"]
    return [f"--config={stated}"] if stated else []


def plainly_path(path: str) -> str:
    """A path that no branch can be taken for."""
    if os.path.isabs(path) or path in (".", "-"):
        return path
    return f"{path.rstrip('/')}/" if os.path.isdir(path) else os.path.join(".", path)


def summarize(found: dict[str, str]) -> None:
    """The differences on the page of the run, told apart where there are several paths, or that there are none."""
    texts = [f"`{path}`:\n\n{text}" if len(found) > 1 else text for path, text in found.items() if text]
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as output:
        output.write("\n" + ("\n".join(texts) or SAME))


if __name__ == "__main__":
    sys.exit(main())
