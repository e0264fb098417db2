"""The graph of groups for Mermaid, which Git hosts draw inside Markdown."""

from __future__ import annotations

from kubeqed.graph.reach.answer import Connection
from kubeqed.report.reach.drawing import Drawing

_WIDE = '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%'  # a broken name reads as two


def render(connections: list[Connection]) -> str:
    """A flowchart."""
    drawing = Drawing(connections)
    boxes = [f'  {name}["{"<br/>".join(_quoted(line) for line in lines)}"]' for name, lines in drawing.labels()]
    arrows = [f'  {one.source} -->|"{_quoted(one.text)}"| {one.destination}' for one in drawing.arrows]
    return "\n".join([_WIDE, "flowchart LR", *boxes, *arrows]) + "\n"


def _quoted(text: str) -> str:
    """A label's text: `#` starts an entity of Mermaid's own, which is no HTML."""
    text = text.replace("#", "#35;")
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
