"""The action's look at the base: which commit the version that is here is compared with."""

from __future__ import annotations

import os
import subprocess
import sys

NOT_FETCHED = "the base of the comparison cannot be fetched; check out with fetch-depth: 0"

SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")  # nothing of the checked repository is run
NAME = ("rev-parse", "--verify", "--quiet", "--end-of-options")


def main() -> int:
    """Tells the next steps the full name of the commit, which no branch and no file can be taken for."""
    base = os.environ["DIFF_BASE"].strip()
    if base in ("", "none"):
        return 0
    commit = commit_of(base)
    if commit is None:
        print(f"::notice title=kubeqed::{NOT_FETCHED}")
        return 0
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as output:
        output.write(f"commit={commit}\n")
    return 0


def commit_of(base: str) -> str | None:
    """The commit that a revision or a branch of the origin is, fetched when it is not here."""
    if base.startswith("-"):
        return None
    here = git(*NAME, f"{base}^{{commit}}")
    if here or git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", base) is None:
        return here
    return git(*NAME, "FETCH_HEAD^{commit}")


def git(*arguments: str) -> str | None:
    """What git says, None when it refuses."""
    command = ["git", *SAFE, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603 - it is ours
    return done.stdout.strip() if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
