"""The graph of groups for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.graph.reach.answer import Connection
from kubeqed.report.reach.drawing import Drawing

_FONT = "fontname=Courier, fontsize=11"  # as wide in every renderer, so that text keeps within its box
_LOOK = f"  node [shape=box, {_FONT}];\n  edge [{_FONT}];"


def render(connections: list[Connection], caveats: list[str]) -> str:
    """A directed graph, and a note with the caveats."""
    drawing = Drawing(connections)
    boxes = [f'  {name} [label="{_lines(lines)}"];' for name, lines in drawing.labels()]
    arrows = [f'  {one.source} -> {one.destination} [label="{_quoted(one.text)}"];' for one in drawing.arrows]
    note = [f'  caveats [shape=note, label="{_lines(caveats)}"];'] if caveats else []
    return "\n".join(["digraph reach {", "  rankdir=LR;", _LOOK, *boxes, *arrows, *note, "}"]) + "\n"


def _lines(lines: Iterable[str]) -> str:
    return "".join(_quoted(line) + chr(92) + "l" for line in lines)


def _quoted(text: str) -> str:
    """A label's text: Graphviz reads escapes and, also outside HTML, entities."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
