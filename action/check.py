"""The action's main step: one run of `kubeqed check`, told to the log, the pull request and the page of the run."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

USAGE = 2
COUNTS = {"errors": "error", "warnings": "warning", "notes": "note", "hidden": "hidden"}
NO_BASE = "policy: base needs the commit of diff-base, which is not here; check out with fetch-depth: 0"


def main() -> int:
    """Runs, tells, and fails as kubeqed does."""
    temporary = Path(os.environ["RUNNER_TEMP"])
    reports = {form: temporary / f"kubeqed.{form}" for form in ("json", "markdown", "github", "sarif")}
    if os.environ["SARIF_FILE"].strip():
        reports["sarif"] = Path(os.environ["SARIF_FILE"].strip())
    for report in reports.values():
        report.unlink(missing_ok=True)
    if os.environ["POLICY"] == "base" and lacks_base():
        status, complaints = USAGE, NO_BASE
    else:
        status, complaints = run(reports)
    outputs = {"exit-code": str(status)}
    if not reports["json"].exists():
        say(f"::error title=kubeqed::{escaped(complaints)}\n")
        summarize(f"### kubeqed\n\nnothing was checked:\n\n{indented(complaints)}")
    elif status == USAGE:  # each complaint has a place of its own, whatever the annotations of findings
        say(reports["github"].read_text(encoding="utf-8"))
        summarize(reports["markdown"].read_text(encoding="utf-8"))
    else:
        counts = json.loads(reports["json"].read_text(encoding="utf-8"))["summary"]
        outputs |= {name: str(counts[word]) for name, word in COUNTS.items()} | {"sarif-file": str(reports["sarif"])}
        say(reports["github"].read_text(encoding="utf-8") if os.environ["ANNOTATIONS"] == "true" else "")
        summarize(reports["markdown"].read_text(encoding="utf-8"))
    append("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in outputs.items()))
    return status


def run(reports: dict[str, Path]) -> tuple[int, str]:
    """The status of `kubeqed check`, whose text is in the log by then, and what it says on standard error."""
    pause = secrets.token_hex(16)
    say(f"::stop-commands::{pause}\n")  # a manifest may hold what looks like a command to the runner
    told = {} if os.environ.get("NO_COLOR") else {"FORCE_COLOR": "1"}
    told |= checked_out()
    finished = subprocess.run(  # noqa: S603 - the command and its options are ours
        [os.environ["KUBEQED"], "check", *arguments(reports)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        env={**os.environ, **told},
    )
    say(finished.stderr)
    say(f"::{pause}::\n")
    return finished.returncode, finished.stderr


def checked_out() -> dict[str, str]:
    """The commit that is here, to link to; a job may have checked out another one than that of its event."""
    asked = ["git", "rev-parse", "--verify", "--quiet", "HEAD"]
    try:
        done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - it is ours
    except FileNotFoundError:
        return {}
    return {"GITHUB_SHA": done.stdout.strip()} if done.returncode == 0 else {}


def arguments(reports: dict[str, Path]) -> list[str]:
    """The command line; what is not given is left to kubeqed."""
    asked = {name: os.environ[name.upper().replace("-", "_")] for name in ("config", "show", "fail-on", "category")}
    options = [f"--{name}={value.strip()}" for name, value in asked.items() if value.strip() and name != "config"]
    options += configuration(os.environ["BASE"], asked["config"].strip())
    formats = [f"--output-format={form}={file}" for form, file in reports.items()]
    paths = [line.strip() for line in os.environ["PATHS"].splitlines() if line.strip()]
    return [*options, "--output-format=text", *formats, "--", *paths]


def configuration(base: str, stated: str) -> list[str]:
    """The options that say whose configuration counts, and what to compare it with."""
    compared = [f"--policy-base={base}"] if base else []
    if base and os.environ["POLICY"] == "base":
        return [f"--config=git:{base}:{os.path.join('.', os.path.relpath(stated)) if stated else ''}", *compared]
    return [*([f"--config={stated}"] if stated else []), *compared]


def lacks_base() -> bool:
    """Whether there is a base, and its commit is not here; without a base this version judges itself."""
    return not os.environ["BASE"] and os.environ["DIFF_BASE"].strip() not in ("", "none")


def escaped(text: str) -> str:
    """Text that does not end a command."""
    return text.strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def indented(text: str) -> str:
    """Text as a block of code."""
    return "".join(f"    {line}\n" for line in text.splitlines())


def summarize(text: str) -> None:
    """Text for the page of the run, where it is wanted."""
    if os.environ["SUMMARY"] == "true":
        append("GITHUB_STEP_SUMMARY", text)


def append(file: str, text: str) -> None:
    """Text at the end of a file that the runner reads."""
    with open(os.environ[file], "a", encoding="utf-8") as output:
        output.write(text)


def say(text: str) -> None:
    """Text for the log, in order with that of the commands that write to it."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
