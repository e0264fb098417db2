"""A comment for a pull request: a table of what opens and closes, and the lines that caused it."""

from __future__ import annotations

from collections import Counter

from kubeqed.diagnostic import more_text
from kubeqed.reach.differences import DiffEntry, Difference
from kubeqed.report.diff.caveats import limit_lines
from kubeqed.report.diff.words import cause_text, ports_text, undecided_text
from kubeqed.report.markdown import escape_markdown, shrink
from kubeqed.report.reach.words import group_text
from kubeqed.report.report import Options

MOST = 200  # rows, and names in a row, so that the comment stays below the limit of Git hosts


def render(difference: Difference, _options: Options) -> str:
    """Markdown; nothing when nothing changed."""
    if difference.is_as_before:
        return ""
    rows = [_render_row(entry) for entry in difference.entries[:MOST]]
    more = more_text(len(difference.entries) - len(rows), "changes")
    said = (*limit_lines(difference), *difference.joins)
    rows += [f"| not compared | {escape_markdown(undecided_text(one))} |" for one in difference.undecided[:MOST]]
    lines = [
        f"### Network: {_count_changes(difference)}",
        "",
        "| | Connection |",
        "| --- | --- |",
        *rows,
        *(f"| | {text} |" for text in more),
        *([""] if said else []),
        *(f"- {escape_markdown(line)}" for line in said),
    ]
    return "\n".join(lines) + "\n"


def _count_changes(difference: Difference) -> str:
    counts = Counter(entry.change.kind.value for entry in difference.entries)
    counts["not compared"] = len(difference.undecided)
    words = ("added", "removed", "changed", "not compared")
    return ", ".join(f"{counts[word]} {word}" for word in words if counts[word]) or "incomplete"


def _render_row(entry: DiffEntry) -> str:
    ends = [group_text(group, MOST) for group in (entry.sources, entry.destinations)]
    pair = f"{ends[0]} → {ends[1]} : {ports_text(entry)}"
    causes = "".join(shrink(escape_markdown(cause_text(cause))) for cause in entry.causes)
    return f"| {entry.change.kind.value} | {escape_markdown(pair)}{causes} |"
