"""The line of one member, as JSON; `report/schema/` says the same as a schema."""

from __future__ import annotations

from json import dumps, loads
from typing import Any

from kubeqed.report.escape import escape
from kubeqed.report.fleet.result import MemberResult
from kubeqed.report.words import make_encodable

VERSION = 1

Line = dict[str, Any]


def line_value(result: MemberResult, run: str, kubeqed: str) -> Line:
    """What the line of a member says; `run` is the command that ran, `kubeqed` the version."""
    value = {
        "version": VERSION,
        "kubeqed": kubeqed,
        "run": run,
        "member": result.member.text,
        "path": result.member.path,
        "revision": result.member.revision,
        "tree": result.tree,
        "outcome": result.outcome.value,
        "status": result.status,
        "reason": result.reason or None,
        "attempts": result.attempts,
        "messages": list(result.messages),
        "report": loads(result.report) if result.report else None,
    }
    return {**value, "sarif": loads(result.sarif)["runs"][0]} if result.sarif else value


def render_line(value: Line) -> str:
    """The line, with its end; nothing in it ends a line."""
    return escape(make_encodable(dumps(value, ensure_ascii=False)), "json") + "\n"


def parse_line(text: bytes) -> Line | None:
    """What a line says; None for one that is torn, or is none of ours."""
    try:
        value = loads(text) if text.endswith(b"\n") else None
    except ValueError:
        return None
    known = isinstance(value, dict) and value.get("version") == VERSION and isinstance(value.get("member"), str)
    return value if known else None
