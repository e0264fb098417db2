"""The action's second look: who can reach whom since the base of a pull request, on the page of the run."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

NOT_FETCHED = "the base of the comparison cannot be fetched; check out with fetch-depth: 0"

SHORT = ("rev-parse", "--verify", "--quiet", "--short=12")  # the name stands before every file of the base


def main() -> int:
    """Compares each path with what it was, says so, and never fails for what it finds."""
    base = os.environ["DIFF_BASE"].strip()
    if base in ("", "none"):
        return 0
    commit = commit_of(base)
    if commit is None:
        print(f"::notice title=kubeqed diff::{NOT_FETCHED}")
        return 0
    paths = [line.strip() for line in os.environ["PATHS"].splitlines() if line.strip()]
    found = {path: compared(commit, path) for path in paths}
    if os.environ["SUMMARY"] == "true":
        summarize(found)
    return 0


def commit_of(base: str) -> str | None:
    """The commit that a revision or a branch of the origin is, fetched when it is not here."""
    if base.startswith("-"):
        return None
    here = git(*SHORT, f"{base}^{{commit}}")
    if here or git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", base) is None:
        return here
    return git(*SHORT, "FETCH_HEAD^{commit}")


def compared(commit: str, path: str) -> str:
    """What `kubeqed diff` says in Markdown; nothing when all is as it was."""
    config = os.environ["CONFIG"].strip()
    options = ["--output-format=markdown", *([f"--config={config}"] if config else [])]
    command = [os.environ["KUBEQED"], "diff", *options, "--", commit, path]
    pause = secrets.token_hex(16)
    print(f"::stop-commands::{pause}", flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603 - ours
    print(f"::{pause}::")
    if done.returncode:
        print("::warning title=kubeqed diff::not everything was compared with the base; the log says why")
    return done.stdout


def git(*arguments: str) -> str | None:
    """What git says, None when it refuses."""
    done = subprocess.run(["git", *arguments], stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603, S607 - ours
    return done.stdout.strip() if done.returncode == 0 else None


def summarize(found: dict[str, str]) -> None:
    """The differences on the page of the run, told apart where there are several paths, or that there are none."""
    texts = [f"`{path}`:\n\n{text}" if len(found) > 1 else text for path, text in found.items() if text]
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as output:
        output.write("\n" + ("\n".join(texts) or "Who can send what to whom is as before.\n"))


if __name__ == "__main__":
    sys.exit(main())
