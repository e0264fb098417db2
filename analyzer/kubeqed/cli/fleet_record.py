"""What is kept of a fleet while it runs: the lines, what they count, and the runs of SARIF until all are there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed import __version__
from kubeqed.cli.lines import LinesToFile, LinesToOutput, LineWriter
from kubeqed.cli.streams import STANDARD_OUTPUT, OutputError, write_err, write_file
from kubeqed.report.fleet.line import Line, render_line
from kubeqed.report.fleet.sarif import render_log, render_run
from kubeqed.report.fleet.tally import MemberTally, tally_line


class FleetFiles(NamedTuple):
    """Where the lines go (None: standard output) and the SARIF, the lines of the last run, and whether they are gone on with."""

    output: str | None = None
    sarif: str | None = None
    since: str | None = None
    resume: bool = False


class FleetRecord:
    """The lines of a run, as they come. `tallies` is what they count, by member."""

    def __init__(self, files: FleetFiles) -> None:
        self.tallies: dict[str, MemberTally] = {}
        self._files = files
        self._runs = _RunStore() if files.sarif else None
        self._lost = 0
        self._writer: LineWriter = LinesToOutput()

    def begin(self, kept: Iterable[Line]) -> None:
        """Begins the lines with those that are `kept` of an interrupted run."""
        if self._files.output is not None:
            self._writer = LinesToFile(self._files.output, self._keep_lines(kept) if self._files.resume else None)

    def close(self) -> None:
        """Lets go of the files."""
        self._writer.close()
        if self._runs:
            self._runs.close()

    def _keep_lines(self, kept: Iterable[Line]) -> Iterator[str]:
        for line in kept:
            self._count_line(line)
            yield render_line(line)

    def _count_line(self, line: Line) -> None:
        self.tallies[line["member"]] = tally_line(line)
        if self._runs:
            self._runs.add(line["member"], render_run(line))

    def add(self, line: Line) -> None:
        """Takes the line of one more member.

        What a disk does not take is said at once. The others are run all the same: it may have room for them, or again.
        """
        text = render_line(line)
        self._count_line(line)
        try:
            self._writer.write(text)
        except OutputError as error:
            if error.place == STANDARD_OUTPUT:
                raise
            self._lost += 1
            if self._lost == 1:
                write_err(str(error))

    def end(self, members: Iterable[str]) -> bool:
        """Writes the SARIF log, in the order of the list, and says how many lines are lost; whether none is."""
        if self._lost:
            write_err(
                f"{self._files.output}: error: of {self._lost:,} members it has no line; --resume runs them again"
            )
        if self._runs and self._files.sarif:
            names = list(members)
            tallies = [self.tallies[name] for name in names]
            try:
                text = render_log(self._runs.list_runs(names), tallies, __version__)
            except OSError as error:
                raise OutputError(self._files.sarif, error) from error
            write_file(self._files.sarif, text, parents=True)
        return not self._lost


class _RunStore:
    """Runs by member, on the disk: those of some thousand members are more than memory should hold."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # it is open until the process ends
        self._stretches: dict[str, tuple[int, int]] = {}
        self._failure: OSError | None = None

    def add(self, member: str, run: str) -> None:
        """Keeps a run, if there is one; what a full disk does not take is said when the runs are asked for."""
        content = run.encode("utf-8", "backslashreplace")
        try:
            start = self._file.seek(0, 2)
            if content:
                self._file.write(content)
                self._file.flush()
                self._stretches[member] = start, len(content)
        except OSError as failure:
            self._failure = failure

    def close(self) -> None:
        """Forgets the runs."""
        self._file.close()

    def list_runs(self, members: Iterable[str]) -> Iterator[str]:
        """The runs of those members that have one; an OSError where one could not be kept."""
        if self._failure:
            raise self._failure
        for member in members:
            if member in self._stretches:
                start, length = self._stretches[member]
                self._file.seek(start)
                yield self._file.read(length).decode()
