"""Schedules of CronJobs, as github.com/robfig/cron (ParseStandard) reads them."""

from __future__ import annotations

import re

from kubeqed.apiserver.violation import Misspelt
from kubeqed.parse import parse_whole_number

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 6))
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_DAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_DURATION = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*|0")


def schedule_faults(text: str) -> list[str]:
    """What is wrong with a schedule."""
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if text.startswith("@"):
        known = text in _MACROS or (text.startswith("@every ") and _DURATION.fullmatch(text[len("@every ") :]))
        return [] if known else [f"unrecognized descriptor {text}"]
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return [Misspelt(f"expected exactly 5 fields, found {len(parts)}")]
    return [
        fault
        for part, (name, low, high) in zip(parts, _FIELDS, strict=True)
        for expression in part.split(",")
        if expression and (fault := _find_fault(expression, name, low, high))
    ]


def _find_fault(expression: str, name: str, low: int, high: int) -> str | None:
    span, *step = expression.split("/")
    start, *end = span.split("-")
    if len(step) > 1 or len(end) > 1:
        return f"{expression} is no {name}"
    if start in ("*", "?"):
        first: int | None = low
        last: int | None = high
    else:
        first = _parse_number(start, name)
        last = _parse_number(end[0], name) if end else (high if step else first)
    pace = _parse_number(step[0], "") if step else 1
    if first is None or last is None or pace is None:
        return f"{expression} is no {name}"
    if first < low or last > high:
        return f"{expression} is outside {low}-{high}, the range of a {name}"
    if first > last:
        return f"{expression} begins after its end"
    return f"the step of {expression} is zero" if pace == 0 else None


def _parse_number(text: str, name: str) -> int | None:
    names = _MONTHS if name == "month" else _DAYS if name == "day of week" else {}
    if text.lower() in names:
        return names[text.lower()]
    return parse_whole_number(text) if text.isascii() and text.isdigit() else None
