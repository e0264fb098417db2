"""One SARIF log of a fleet: the run of each member as it wrote it, and one more that tells which members have none."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps
from typing import Any

from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.report.escape import escape
from kubeqed.report.fleet.line import Line
from kubeqed.report.fleet.tally import MemberTally
from kubeqed.report.report import CheckResult, Options, Summary
from kubeqed.report.words import make_encodable

FLEET = "fleet"


def render_run(line: Line) -> str:
    """The run of a member, whose category is the member; empty where it has none."""
    run = line.get("sarif")
    if run is None:
        return ""
    run["automationDetails"] = {"id": f"kubeqed/{line['member']}/"}
    return _render_value(run)


def render_log(runs: Iterable[str], tallies: Iterable[MemberTally], kubeqed: str) -> str:
    """The log of these runs, each on a line of its own."""
    from kubeqed.report.sarif.log import SCHEMA  # loads sarif_om

    failed = [one for one in tallies if one.outcome.is_failure]
    told = [_render_value(_tell_failures(failed, kubeqed))] if failed else []
    inner = ",\n".join([*runs, *told])
    return f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [\n{inner}\n]}}\n'


def _tell_failures(failed: Iterable[MemberTally], kubeqed: str) -> Any:
    """A run without results, which says of which members not all is known."""
    from kubeqed.report.sarif.log import build_log
    from kubeqed.report.sarif.serializer import to_json

    notices = tuple(
        Notice(NoticeKind.UNREADABLE, None, f"{one.member}: {one.outcome.value}: {one.reason}") for one in failed
    )
    nothing = Summary(0, 0, 0, 0, 0, 0)
    run = to_json(build_log(CheckResult((), notices, (), nothing, (), {}, kubeqed), (), Options(category=FLEET)))[
        "runs"
    ][0]
    run["invocations"][0]["executionSuccessful"] = False
    return run


def _render_value(value: Any) -> str:
    return escape(make_encodable(dumps(value, ensure_ascii=False)), "sarif")
