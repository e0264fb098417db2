"""What became of one member, before it is said in some format."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """How the run of a member ended; the first three have a report.

    `incomplete` lacks what could not be read or decided. `failed` gave no report: the configuration of the member cannot
    be used, or kubeqed failed. `unreadable` was not run.
    """

    CLEAN = "clean"
    FINDINGS = "findings"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    UNREADABLE = "unreadable"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    KILLED = "killed"

    @property
    def is_finished(self) -> bool:
        """Whether there is a report, so that a run that goes on need not run the member again."""
        return self in (Outcome.CLEAN, Outcome.FINDINGS, Outcome.INCOMPLETE)

    @property
    def is_failure(self) -> bool:
        """Whether less is known of the member than was asked for."""
        return self not in (Outcome.CLEAN, Outcome.FINDINGS)


class FleetMember(NamedTuple):
    """A member as the list has it, and what that means: a directory or file, and a revision of its repository if one is named."""

    text: str
    path: str
    revision: str | None = None


class MemberResult(NamedTuple):
    """The outcome of a member: `status` is the exit status, None where the process did not end by itself.

    `report` and `sarif` are what it wrote, empty where it wrote none; `messages` what it said to people; `tree` names the
    tree of the commit that was read. `attempts` counts the runs, of which the last is told.
    """

    member: FleetMember
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    messages: tuple[str, ...] = ()
    report: str = ""
    sarif: str = ""
    tree: str | None = None
    attempts: int = 1
