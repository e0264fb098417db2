"""`kubeqed fleet`: one command on many repositories and clusters."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from kubeqed.app.fleet.listing import FleetError, FleetList, SchedulerError, list_fleet
from kubeqed.app.fleet.processes import Limits, Processes
from kubeqed.app.fleet.run import FleetRequest, finished_lines, last_tallies, open_workers, run_fleet
from kubeqed.cli.fleet_record import FleetFiles, FleetRecord
from kubeqed.cli.interrupted import UndoneBy
from kubeqed.cli.options import CONFIG
from kubeqed.cli.path import PATH
from kubeqed.cli.progress import show_progress
from kubeqed.cli.status import CLEAN, FAILED, FINDINGS
from kubeqed.cli.streams import is_stream, standard_input, write_err, write_out
from kubeqed.report.escape import escape
from kubeqed.report.fleet.changes import compare_runs
from kubeqed.report.fleet.result import Outcome
from kubeqed.report.fleet.summary import fleet_text
from kubeqed.report.fleet.tally import RUNS, MemberTally
from kubeqed.sources import read_lines

_BY_SIGNAL = 128  # and the number of the signal, as shells have it


@click.command("fleet")
@click.argument("fleet_list", type=PATH, metavar="[LIST]", required=False)
@click.option("--run", type=click.Choice(RUNS), default="check", help="The command that is run on each member.")
@click.option("--output", type=PATH, metavar="FILE", help="The file that gets the lines, instead of standard output.")
@click.option(
    "--sarif", type=PATH, metavar="FILE", help="The file that gets one SARIF log, a run for each member; check alone."
)
@click.option("--since", type=PATH, metavar="FILE", help="Lines of the last run: the summary says what has changed.")
@click.option(
    "--resume", is_flag=True, help="Go on with the run that wrote --output: what is finished is not run again."
)
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Members at once; default: one for each CPU.")
@click.option(
    "--timeout",
    type=click.FloatRange(0),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="Most that one member may take; 0: no limit.",
)
@click.option("--memory", type=click.IntRange(1), metavar="MB", help="Most memory that one member may take.")
@click.option(
    "--retries",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="N",
    help="How often a member is run again that something else has killed.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run them on this cluster of Dask, such as tcp://host:8786; its workers see the same files.",
)
@click.option("--null", "-0", is_flag=True, help="Names in LIST end with a NUL, as `find -print0` writes them.")
@CONFIG
@click.option("--quiet", "-q", is_flag=True, help="No summary: only what went wrong.")
def command(
    fleet_list: str | None,
    run: str,
    output: str | None,
    sarif: str | None,
    since: str | None,
    resume: bool,
    jobs: int | None,
    timeout: float,
    memory: int | None,
    retries: int,
    scheduler: str | None,
    null: bool,
    config: str | None,
    quiet: bool,
) -> None:
    """Run check, reach, prove or cni on many repositories and clusters, each with its own kubeqed.yaml.

    LIST is a file with a member on each line, a directory of checkouts, or - for standard input; without one, `fleet:` of
    kubeqed.yaml. A member is a PATH, or PATH@REVISION of a local clone; nothing is fetched. Each is run in a process of
    its own, as if one called the command in its directory, and gets a line of JSON as soon as it is finished.

    Exit status: 0 all are clean; 1 one has findings; 2 wrong usage or configuration, nothing was run; 3 of one not all is
    known: it is not there, could not be read or decided, was killed or exceeded a limit.
    """
    files = FleetFiles(output, sarif, since, resume)
    _refuse_mixtures(files, run)
    limits = Limits(timeout or None, memory)
    request = FleetRequest(run, jobs or _count_cpus(), limits, retries, sarif is not None, scheduler)
    with closing(FleetRecord(files)) as record, _catch_refusals():
        fleet = list_fleet(fleet_list, config, standard_input(), null=null)
        before = None if since is None else last_tallies(read_lines(since), run)
        _tell_left_out(fleet)
        _run_members(fleet, request, files, record)
        tallies = [record.tallies[member.text] for member in fleet.members]
        if not quiet:
            changes = None if before is None else compare_runs(before, tallies)
            _print_summary(fleet_text(run, tallies, changes, since or ""), files)
        is_whole = record.end(member.text for member in fleet.members)
    sys.exit(_find_status(tallies) if is_whole else FAILED)


@contextmanager
def _catch_refusals() -> Iterator[None]:
    """What keeps a fleet from being run at all."""
    try:
        yield
    except (FleetError, OSError) as error:
        raise click.UsageError(_tell_refusal(error)) from error
    except SchedulerError as error:
        write_err(f"kubeqed: error: {error}")
        sys.exit(FAILED)


def _count_cpus() -> int:
    """The CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _refuse_mixtures(files: FleetFiles, run: str) -> None:
    if files.sarif and run != "check":
        raise click.UsageError(f"--sarif holds findings of check, and this is {run}")
    if files.resume and files.output is None:
        raise click.UsageError("--resume goes on with the lines of a file: name it with --output")
    if files.resume and files.output and is_stream(files.output):
        raise click.UsageError("--resume reads the lines that are there, and --output is a stream")
    if files.output and files.since and os.path.realpath(files.output) == os.path.realpath(files.since):
        raise click.UsageError(
            "--since is the file that --output writes: keep the lines of the last run under another name"
        )


def _tell_refusal(error: FleetError | OSError) -> str:
    if isinstance(error, FleetError):
        return str(error)
    reason = error.strerror or str(error)
    return f"{error.filename or 'LIST'}: {reason[:1].lower()}{reason[1:]}"


def _tell_left_out(fleet: FleetList) -> None:
    for text in fleet.repeated:
        write_err(f"note: {text} is listed again: it is run and counted once")
    for text in fleet.no_members:
        write_err(f"note: {text} is a file or a link, and no member")


def _run_members(fleet: FleetList, request: FleetRequest, files: FleetFiles, record: FleetRecord) -> None:
    there = files.resume and files.output and os.path.exists(files.output)
    kept = read_lines(files.output) if there and files.output else ()
    processes = Processes()
    with _stopped_by_signals(processes), open_workers(request, processes) as workers:
        record.begin(finished_lines(kept, fleet.members, request))  # not before it is sure that something can be run
        waiting = [member for member in fleet.members if member.text not in record.tallies]
        with show_progress(sys.stderr) as tell:
            for line in run_fleet(waiting, request, workers, tell):
                record.add(line)


@contextmanager
def _stopped_by_signals(processes: Processes) -> Iterator[None]:
    """What ends this process ends the members too; finished ones have their lines."""

    def end(number: int, _: object) -> None:
        processes.stop()
        os._exit(_BY_SIGNAL + number)

    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in ending if signal.getsignal(number) is signal.SIG_DFL]  # `nohup` has one ignored
    for number in taken:
        signal.signal(number, end)
    try:
        with UndoneBy(processes.stop):
            yield
    finally:
        processes.stop()
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _print_summary(text: str, files: FleetFiles) -> None:
    """To standard output, if no lines are there."""
    if files.output is None:
        write_err(text, nl=False)
    else:
        write_out(escape(text))


def _find_status(tallies: list[MemberTally]) -> int:
    outcomes = {one.outcome for one in tallies}
    if any(outcome.is_failure for outcome in outcomes):
        return FAILED
    return FINDINGS if Outcome.FINDINGS in outcomes else CLEAN
