"""A line of `kubeqed fleet`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import PositiveInt

from kubeqed.report.schema.parts import ReportModel


class FleetLine(ReportModel):
    """What became of one member of a fleet; `report` is what `kubeqed RUN --output-format json` writes in its directory.

    `member` is the member as the list has it, `tree` git's name of the files that were read, where a revision is listed.
    `status` is the exit status, null where the process did not end by itself, `reason` why there is no report or not a
    whole one. `messages` are lines for people. `attempts` counts the runs, of which the last is told. `sarif` is a run of
    SARIF 2.1.0, there with `--sarif` alone.
    """

    version: Literal[1]
    kubeqed: str
    run: Literal["check", "reach", "prove", "cni"]
    member: str
    path: str
    revision: str | None
    tree: str | None
    outcome: Literal["clean", "findings", "incomplete", "failed", "unreadable", "timed-out", "out-of-memory", "killed"]
    status: int | None
    reason: str | None
    attempts: PositiveInt
    messages: tuple[str, ...]
    report: dict[str, Any] | None
    sarif: dict[str, Any] | None = None
