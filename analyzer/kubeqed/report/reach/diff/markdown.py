"""A comment for a pull request: a table of what opens and closes, and the lines that caused it."""

from __future__ import annotations

from collections import Counter

from kubeqed.report.markdown import escaped, small
from kubeqed.report.reach.diff.difference import Difference, Entry
from kubeqed.report.reach.diff.text import cause_text, ports_text
from kubeqed.report.reach.words import group_text

MOST = 200  # rows, so that the comment stays below the limit of Git hosts


def render(difference: Difference) -> str:
    """Markdown; nothing when nothing changed."""
    if not difference.entries:
        return ""
    rows = [_row(entry) for entry in difference.entries[:MOST]]
    more = len(difference.entries) - len(rows)
    lines = [
        f"### Network: {_counted(difference)}",
        "",
        "| | Connection |",
        "| --- | --- |",
        *rows,
        *([f"| | and {more:,} more changes |"] if more > 0 else []),
    ]
    return "\n".join(lines) + "\n"


def _counted(difference: Difference) -> str:
    counts = Counter(entry.change.kind.value for entry in difference.entries)
    return ", ".join(f"{counts[word]} {word}" for word in ("added", "removed", "changed") if counts[word])


def _row(entry: Entry) -> str:
    pair = f"{group_text(entry.sources)} → {group_text(entry.destinations)} : {ports_text(entry)}"
    causes = "".join(small(escaped(cause_text(cause))) for cause in entry.causes)
    return f"| {entry.change.kind.value} | {escaped(pair)}{causes} |"
