"""A fleet, from its members to one result each: the whole order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from kubeqed import __version__
from kubeqed.app.fleet.listing import FleetError
from kubeqed.app.fleet.local import run_locally
from kubeqed.app.fleet.member import MemberTask
from kubeqed.app.fleet.processes import Limits, Processes, can_limit_memory
from kubeqed.app.steps import Tell
from kubeqed.report.fleet.line import Line, line_value, parse_line
from kubeqed.report.fleet.result import FleetMember, MemberResult, Outcome
from kubeqed.report.fleet.tally import MemberTally, tally_line

Workers = Callable[[Sequence[MemberTask]], Iterator[MemberResult]]


class FleetRequest(NamedTuple):
    """Which command is run on the members, how many at once, and within which limits.

    `scheduler` is the address of a cluster, whose workers decide how many run at once.
    """

    run: str = "check"
    jobs: int = 1
    limits: Limits = Limits()
    retries: int = 0
    with_sarif: bool = False
    scheduler: str | None = None


@contextmanager
def open_workers(request: FleetRequest, processes: Processes) -> Iterator[Workers]:
    """What runs the members, here or on a cluster; raises a FleetError, or a SchedulerError, before anything is run."""
    if request.scheduler is not None:
        from kubeqed.app.fleet.cluster import connect, run_on_cluster  # loads Dask

        with connect(request.scheduler) as client:
            yield lambda tasks: run_on_cluster(tasks, client)
        return
    if request.limits.megabytes is not None and not can_limit_memory():
        raise FleetError("this system does not tell the memory of a process, so that it cannot be limited")
    yield lambda tasks: run_locally(tasks, request.jobs, processes)


def run_fleet(members: Iterable[FleetMember], request: FleetRequest, workers: Workers, tell: Tell) -> Iterator[Line]:
    """The line of each member, as they end."""
    tasks = [MemberTask(member, request.run, request.limits, request.with_sarif, request.retries) for member in members]
    failed = 0
    tell(f"0 of {len(tasks):,} members")
    for number, result in enumerate(workers(tasks), 1):
        failed += result.outcome.is_failure
        tell(f"{number:,} of {len(tasks):,} members, {failed:,} failed; the last one: {result.member.text}")
        yield line_value(result, request.run, __version__)


def finished_lines(lines: Iterable[bytes], members: Iterable[FleetMember], request: FleetRequest) -> Iterator[Line]:
    """Of the lines of an interrupted run those of members that need not be run again, one for each.

    Raises a FleetError for lines of another command or version, which do not go together with those of this run.
    """
    wanted = {member.text for member in members}
    for text in lines:
        line = parse_line(text)
        if line is None:  # torn, by what interrupted the run
            continue
        if (line["run"], line["kubeqed"]) != (request.run, __version__):
            raise FleetError(f"it holds lines of {line['run']} by kubeqed {line['kubeqed']}")
        is_whole = Outcome(line["outcome"]).is_finished and (not request.with_sarif or "sarif" in line)
        if is_whole and line["member"] in wanted:
            wanted.remove(line["member"])
            yield line


def last_tallies(lines: Iterable[bytes], run: str) -> list[MemberTally]:
    """What the lines of the last run count; a FleetError for lines of another command, or of none."""
    found = [line for line in map(parse_line, lines) if line is not None]
    if not found:
        raise FleetError("--since holds no line of a fleet")
    others = {line["run"] for line in found} - {run}
    if others:
        raise FleetError(f"--since holds lines of {min(others)}, and this is {run}")
    return [tally_line(line) for line in found]
