"""The graph of connections for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.reach import ConnectionListing
from kubeqed.report.reach.canvas import Canvas, make_canvas
from kubeqed.report.reach.drawing import Arrow, Box, Drawing, DrawingFrame, Heads
from kubeqed.report.report import Options

_FONT = "fontname=Courier, fontsize=11"  # as wide in every renderer, so that text keeps within its box
_LOOK = f"  compound=true;\n  node [shape=box, {_FONT}];\n  edge [{_FONT}];\n  graph [{_FONT}];"
_PORTS = 'style=rounded, height=0.2, margin="0.1,0.03", '
_HEADS = {Heads.NONE: "dir=none", Heads.BOTH: "dir=both"}


def render(listing: ConnectionListing, _options: Options) -> str:
    """What `draw` makes of a listing."""
    return draw(make_canvas(listing))


def draw(canvas: Canvas) -> str:
    """A directed graph with a frame for each unit that has a title, and a note with the caveats."""
    lines = ["digraph reach {", "  rankdir=LR;", _LOOK]
    for number, (title, drawing) in enumerate(canvas.drawings):
        start = f"u{number}" if len(canvas.drawings) > 1 else ""
        body = list(_render_body(drawing, start))
        lines += (
            [f"  subgraph cluster_{start} {{", f'  label="{_quote_label(title)}";', *body, "  }"] if title else body
        )
    lines += [f'  caveats [shape=note, label="{_render_label(canvas.caveats)}"];'] if canvas.caveats else []
    return "\n".join([*lines, "}"]) + "\n"


def _render_body(drawing: Drawing, start: str) -> Iterator[str]:
    """The lines of a drawing, boxes before arrows."""
    for frame in drawing.frames:
        yield f"  subgraph cluster_{start}{frame.name} {{"
        yield f'    label="{_quote_label(frame.title)}"; style=rounded;'
        yield from (f"  {_render_box(box, start)}" for box in frame.boxes)
        yield "  }"
    yield from (_render_box(box, start) for box in drawing.boxes)
    yield from (_render_arrow(one, {frame.name: frame for frame in drawing.frames}, start) for one in drawing.arrows)
    if drawing.note:
        yield f'  {start}note [shape=note, label="{_render_label([drawing.note])}"];'


def _render_box(box: Box, start: str) -> str:
    return f'  {start}{box.name} [{_PORTS if box.ports else ""}label="{_render_label(box.lines)}"];'


def _render_arrow(arrow: Arrow, frames: dict[str, DrawingFrame], start: str) -> str:
    """An arrow; one of a frame is cut off at it, as Graphviz knows arrows between boxes alone."""
    ends = []
    said = [f'label="{_quote_label(arrow.text)}"'] if arrow.text else []
    for spot, cut in ((arrow.source, "ltail"), (arrow.destination, "lhead")):
        frame = frames.get(spot)
        ends.append(start + (frame.boxes[0].name if frame else spot))
        said += [f"{cut}=cluster_{start}{spot}"] if frame else []
    said += [_HEADS[arrow.heads]] if arrow.heads in _HEADS else []
    return f"  {ends[0]} -> {ends[1]}" + (f" [{', '.join(said)}]" if said else "") + ";"


def _render_label(lines: Iterable[str]) -> str:
    return "".join(_quote_label(line) + chr(92) + "l" for line in lines)


def _quote_label(text: str) -> str:
    """A label's text: Graphviz reads escapes and, also outside HTML, entities."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
