"""What is counted of a member: for each rule its findings, and what tells whether two runs say the same.

Each command calls something else a finding: `check` findings, `prove` refuted intents, `cni` lines that the CNI of the
cluster loses, `reach` nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple

from kubeqed.report.fleet.line import Line
from kubeqed.report.fleet.result import Outcome

SEVERITIES = ("error", "warning", "note")


class CountedFinding(NamedTuple):
    """A finding by what it is of and how grave; `identity` stays the same where lines move."""

    rule: str
    severity: str
    identity: str


class MemberTally(NamedTuple):
    """What the summary needs of a member; `answer` is the same for the same report of `reach`, which has no findings."""

    member: str
    path: str
    outcome: Outcome
    reason: str
    findings: Counter[CountedFinding]
    answer: bytes

    def count(self, severity: str) -> int:
        """How many findings are so severe."""
        return sum(number for one, number in self.findings.items() if one.severity == severity)


def tally_line(line: Line) -> MemberTally:
    """What a line counts."""
    report, run = line.get("report"), line["run"]
    found = Counter(_FINDINGS[run](report)) if isinstance(report, dict) else Counter[CountedFinding]()
    answer = sha256(dumps(report).encode()).digest() if run == "reach" else b""
    return MemberTally(line["member"], line["path"], Outcome(line["outcome"]), line["reason"] or "", found, answer)


def _find_of_check(report: dict[str, Any]) -> Iterator[CountedFinding]:
    for one in report["findings"]:
        if "suppression" not in one:
            yield CountedFinding(one["rule"], one["severity"], one["fingerprint"])


def _find_of_prove(report: dict[str, Any]) -> Iterator[CountedFinding]:
    for one in report["intents"]:
        if one["verdict"] == "refuted":
            yield CountedFinding(one["name"], one["severity"], one["unit"])
    for one in report["problems"]:
        yield CountedFinding("intent names what is not there", one["severity"], one["text"])


def _find_of_cni(report: dict[str, Any]) -> Iterator[CountedFinding]:
    for unit in report["units"]:
        for row in unit["cnis"]:
            for lost in row["lost"] if row["chosen"] else ():
                place = dumps([unit["root"], lost["object"], lost["path"], lost["text"]])
                yield CountedFinding(f"lost on {row['name']}", "warning", place)


def _find_of_reach(_: dict[str, Any]) -> Iterator[CountedFinding]:
    return iter(())


_FINDINGS = {"check": _find_of_check, "prove": _find_of_prove, "cni": _find_of_cni, "reach": _find_of_reach}
RUNS = tuple(_FINDINGS)
