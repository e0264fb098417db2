"""The graph of groups for Graphviz."""

from __future__ import annotations

from kubeqed.graph.reach.answer import Connection
from kubeqed.report.reach.drawing import Drawing


def render(connections: list[Connection]) -> str:
    """A directed graph."""
    drawing = Drawing(connections)
    boxes = [
        f'  {name} [label="{"".join(_quoted(line) + chr(92) + "l" for line in lines)}"];'
        for name, lines in drawing.labels()
    ]
    arrows = [f'  {one.source} -> {one.destination} [label="{_quoted(one.text)}"];' for one in drawing.arrows]
    return "\n".join(["digraph reach {", "  rankdir=LR;", "  node [shape=box];", *boxes, *arrows, "}"]) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
