"""Comments that speak to kubeqed. YAML drops comments, so they are looked for in the text, by line.

Text in quotes and in block scalars is no comment: the events of the parser tell where those stand, up to the place
where the text stops being YAML. Behind that every comment counts that looks like one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.parse.tree.lines import correct_position, split_lines
from kubeqed.parse.yaml.libyaml import Source
from kubeqed.parse.yaml.split import Piece, split

SIGN = "kubeqed:"

# `# kubeqed: …`, and in a template of a chart also `{{/* kubeqed: … */}}`, which Helm leaves out.
_COMMENT = re.compile(r"(?:(?:^|(?<=\s))#|\{\{(?:-[ \t])?/\*)[ \t]*kubeqed:[ \t]*((?:(?!\s#\s|\s*\*/).)*)")
_COMMENT_LINE = ("#", "{{/*", "{{- /*")
_Point = tuple[int, int]
_Extent = tuple[_Point, _Point]


class Comment(NamedTuple):
    """`# kubeqed: text`; lines and columns count from 0, `column` is that of the `#`, `text_column` that of the text.

    `covers` is the line it speaks of: its own, or, when it stands alone, the next one that is no comment.
    """

    line: int
    column: int
    text_column: int
    text: str
    covers: int


def find_comments(text: str, source: Source, *, in_blocks: bool = False) -> Iterator[Comment]:
    """The comments of a file, in order; with `in_blocks` also those in literal blocks, which hold YAML themselves."""
    if SIGN not in text:
        return
    lines = split_lines(text)
    scalars = [
        extent for piece in split(text) if SIGN in piece.text for extent in _list_scalars(piece, source, in_blocks)
    ]
    ends = dict(scalars)
    starts = [start for start, _ in scalars]
    others = [number for number, line in enumerate(lines) if not line.lstrip().startswith(_COMMENT_LINE)]
    for number, line in enumerate(lines):
        match = _COMMENT.search(line) if SIGN in line else None
        if match is None:
            continue
        before = bisect_right(starts, (number, match.start()))
        if before and (number, match.start()) < ends[starts[before - 1]]:
            continue  # inside of a scalar
        alone = not line[: match.start()].strip()
        covers = _find_line_after(others, number, len(lines)) if alone else number
        yield Comment(number, match.start(), match.start(1), match[1].rstrip(), covers)


def _find_line_after(others: list[int], number: int, end: int) -> int:
    """The first line behind a line that is no comment alone, of the `others`; the end for none."""
    at = bisect_right(others, number)
    return others[at] if at < len(others) else end


def _list_scalars(piece: Piece, source: Source, in_blocks: bool) -> Iterator[_Extent]:
    """The extents of a piece's scalars in the file in which no comment stands, until it cannot be read."""
    take = correct_position(piece.text, source.open(piece.text))
    try:
        while not isinstance(event := take(), source.events.StreamEndEvent):
            if isinstance(event, source.events.ScalarEvent) and event.style and not (in_blocks and event.style == "|"):
                start = (event.start_mark.line, event.start_mark.column)
                if event.style in "|>":  # a comment may follow the indicator
                    start = (start[0] + 1, 0)
                end = (event.end_mark.line, event.end_mark.column)
                yield (start[0] + piece.first_line, start[1]), (end[0] + piece.first_line, end[1])
    except source.error:
        return
