"""One member, from its place to a result. The same function runs it here and on a cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kubeqed.app.fleet.places import MemberPlace, NotThereError, place_of
from kubeqed.app.fleet.processes import Ended, Limits, Processes
from kubeqed.diagnostic import internal_error
from kubeqed.report.fleet.result import FleetMember, MemberResult, Outcome
from kubeqed.sources import read_lines

_INTERRUPTED = 130
_OUTPUT = ("--output-format",)
_JSON = (*_OUTPUT, "json")
_MOST_MESSAGES = 100
_OUTCOMES = {0: Outcome.CLEAN, 1: Outcome.FINDINGS}


class MemberTask(NamedTuple):
    """What is run for a member. `retries` is how often it is run again after a signal that nobody here has sent."""

    member: FleetMember
    run: str = "check"
    limits: Limits = Limits()
    with_sarif: bool = False
    retries: int = 0


def run_member(task: MemberTask, processes: Processes | None = None) -> MemberResult:
    """Runs a member; whatever goes wrong is a result too."""
    processes = processes or Processes()
    try:
        with place_of(task.member, processes) as place:
            result = _run_in_place(task, place, processes)
    except NotThereError as error:
        return MemberResult(task.member, Outcome.UNREADABLE, str(error))
    except OSError as error:
        return MemberResult(task.member, Outcome.FAILED, f"cannot be run: {error}")
    except Exception as failure:  # ours; it must not end the run of the others
        return MemberResult(task.member, Outcome.FAILED, internal_error("running it", failure).text)
    return result._replace(tree=place.tree)


def _run_in_place(task: MemberTask, place: MemberPlace, processes: Processes) -> MemberResult:
    if not task.with_sarif:
        return _run_repeatedly(task, place, processes, _JSON)
    with processes.directory() as scratch:
        file = os.path.join(scratch, "report.sarif")
        result = _run_repeatedly(task, place, processes, (*_JSON, *_OUTPUT, f"sarif={file}"))
        written = b"".join(read_lines(file)) if os.path.exists(file) else b""  # it was stopped before, or has said why
    text = _decode_output(written)
    if place.root:
        text = text.replace(Path(place.root).as_uri(), Path(place.clone).as_uri())
    return result._replace(sarif=text) if result.report else result


def _run_repeatedly(task: MemberTask, place: MemberPlace, processes: Processes, outputs: Sequence[str]) -> MemberResult:
    command = _make_command(task, place, outputs)
    attempt = 0
    while True:
        attempt += 1
        ended = processes.run(command, place.directory, _make_environment(), task.limits)
        result = _judge_end(task.member, ended, place)._replace(attempts=attempt)
        if result.outcome is not Outcome.KILLED or attempt > task.retries:
            return result


def _make_command(task: MemberTask, place: MemberPlace, outputs: Sequence[str]) -> Sequence[str]:
    """The command of a single run. `-P`: the directory of a stranger is no place to import from."""
    return (sys.executable, "-P", "-m", "kubeqed.cli", task.run, "--quiet", *outputs, place.path)


def _make_environment() -> dict[str, str]:
    """That of this process. What names a directory of modules names the same one from within the member."""
    environment = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "PYTHONPATH")}
    path = os.environ.get("PYTHONPATH")
    if path:
        environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, path.split(os.pathsep)))
    return environment


def _judge_end(member: FleetMember, ended: Ended, place: MemberPlace) -> MemberResult:
    """What the end of a process says; a report is whole where the process has ended by itself."""
    messages = _list_messages(ended.err, place)
    if ended.exceeded:
        return MemberResult(member, *ended.exceeded, messages=messages)
    if ended.code < 0 or ended.code == _INTERRUPTED:
        return MemberResult(member, Outcome.KILLED, _tell_signal(ended.code), messages=messages)
    report = _decode_output(ended.out)
    if not (report.startswith("{") and report.endswith("}\n")):
        reason = messages[-1] if messages else f"no report, and exit status {ended.code}"
        return MemberResult(member, Outcome.FAILED, reason.removeprefix("Error: "), ended.code, messages)
    outcome = _OUTCOMES.get(ended.code, Outcome.INCOMPLETE)
    reason = messages[0] if messages and outcome is Outcome.INCOMPLETE else ""
    return MemberResult(member, outcome, reason, ended.code, messages, report)


def _tell_signal(code: int) -> str:
    if code == _INTERRUPTED:
        return "interrupted"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"killed by {name}" + ("; the system may have run out of memory" if name == "SIGKILL" else "")


def _list_messages(err: bytes, place: MemberPlace) -> tuple[str, ...]:
    """What it said to people; a checkout that is gone is called by the name of its clone."""
    text = _decode_output(err)
    if place.root:
        text = text.replace(place.root, place.clone)
    lines = [line for line in text.splitlines() if line.strip()]
    more = len(lines) - _MOST_MESSAGES
    return (*lines[:_MOST_MESSAGES], f"and {more:,} more lines") if more > 0 else tuple(lines)


def _decode_output(content: bytes) -> str:
    return content.decode("utf-8", "replace")
