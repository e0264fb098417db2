"""The graph of groups for Mermaid, which Git hosts draw inside Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.graph.reach.answer import Connection
from kubeqed.report.reach.drawing import Drawing

_WIDE = '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%'  # a broken name reads as two


def render(connections: list[Connection], caveats: list[str]) -> str:
    """A flowchart, and a box with the caveats."""
    drawing = Drawing(connections)
    boxes = [f'  {name}["{_lines(lines)}"]' for name, lines in drawing.labels()]
    arrows = [f'  {one.source} -->|"{_quoted(one.text)}"| {one.destination}' for one in drawing.arrows]
    note = [f'  caveats>"{_lines(caveats)}"]'] if caveats else []
    return "\n".join([_WIDE, "flowchart LR", *boxes, *arrows, *note]) + "\n"


def _lines(lines: Iterable[str]) -> str:
    return "<br/>".join(_quoted(line) for line in lines)


def _quoted(text: str) -> str:
    """A label's text: `#` starts an entity of Mermaid's own, which is no HTML."""
    text = text.replace("#", "#35;")
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
