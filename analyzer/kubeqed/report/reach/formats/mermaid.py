"""The graph of connections for Mermaid, which Git hosts draw inside Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.reach import ConnectionListing
from kubeqed.report.reach.canvas import Canvas, make_canvas
from kubeqed.report.reach.drawing import Arrow, Box, Drawing, Heads
from kubeqed.report.report import Options

_LINES = {Heads.NONE: "---", Heads.ONE: "-->", Heads.BOTH: "<-->"}
_WIDE = '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%'  # a broken name reads as two


def render(listing: ConnectionListing, _options: Options) -> str:
    """What `draw` makes of a listing."""
    return draw(make_canvas(listing))


def draw(canvas: Canvas) -> str:
    """A flowchart with a frame for each unit that has a title, and a box with the caveats."""
    lines = [_WIDE, "flowchart LR"]
    for number, (title, drawing) in enumerate(canvas.drawings):
        start = f"u{number}" if len(canvas.drawings) > 1 else ""
        body = list(_render_body(drawing, start))
        lines += [f'  subgraph {start}["{_quote_label(title)}"]', *body, "  end"] if title else body
    lines += [f'  caveats>"{_render_label(canvas.caveats)}"]'] if canvas.caveats else []
    return "\n".join(lines) + "\n"


def _render_body(drawing: Drawing, start: str) -> Iterator[str]:
    """The lines of a drawing, boxes before arrows."""
    for frame in drawing.frames:
        yield f'  subgraph {start}{frame.name}["{_quote_label(frame.title)}"]'
        yield from (f"  {_render_box(box, start)}" for box in frame.boxes)
        yield "  end"
    yield from (_render_box(box, start) for box in drawing.boxes)
    yield from (_render_arrow(one, start) for one in drawing.arrows)
    if drawing.note:
        yield f'  {start}note>"{_render_label([drawing.note])}"]'


def _render_box(box: Box, start: str) -> str:
    opening, closing = ("([", "])") if box.ports else ("[", "]")
    return f'  {start}{box.name}{opening}"{_render_label(box.lines)}"{closing}'


def _render_arrow(arrow: Arrow, start: str) -> str:
    said = f'|"{_quote_label(arrow.text)}"|' if arrow.text else ""
    return f"  {start}{arrow.source} {_LINES[arrow.heads]}{said} {start}{arrow.destination}"


def _render_label(lines: Iterable[str]) -> str:
    return "<br/>".join(_quote_label(line) for line in lines)


def _quote_label(text: str) -> str:
    """A label's text: `#` starts an entity of Mermaid's own, which is no HTML."""
    text = text.replace("#", "#35;")
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
