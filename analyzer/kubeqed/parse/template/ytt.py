"""Templates of ytt, which stand in comments: `name: #@ data.values.name`, `#@ if ready:` … `#@ end`.

So the text is YAML as it is, and its values are not those that ytt writes.
https://carvel.dev/ytt/docs/latest/lang-ref-annotation/
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kubeqed.parse.template.action import merge_actions
from kubeqed.parse.template.scan import YTT

_ALONE = re.compile(r"[ \t]*#@")
_BESIDE = re.compile(r"([^#]*\s)#@(.*)")
_OPENS = re.compile(r"[ \t]*#@\s*(?:if|for|while|def|elif|else)\b(?!/end).*:\s*")
_NEXT = re.compile(r"[ \t]*#@\s*(?:if|for|while|def)/end\b")
_ENDS = re.compile(r"[ \t]*#@\s*end\b")
_FUNCTION = re.compile(r"[ \t]*#@\s*def\b")
_OVERLAY = re.compile(r"#@overlay/")


class YttAnnotations(NamedTuple):
    """The annotations of a document, its lines counted from 0.

    `values` holds by line the expression that writes the value before it, and the column where it begins; `blocks` the
    first and the last line of what stands below a condition, a loop or a function; `functions` those of functions, whose
    text belongs to no document but where they are called. `partial` says that the document is laid over others.
    """

    values: dict[int, tuple[int, str]]
    blocks: list[tuple[int, int]]
    functions: list[tuple[int, int]]
    partial: bool


NOTHING = YttAnnotations({}, [], [], False)


def read_annotations(text: str) -> YttAnnotations:
    """What ytt is told in a document."""
    values: dict[int, tuple[int, str]] = {}
    blocks, opened = [], list[int]()
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if YTT not in line:
            continue
        if _NEXT.match(line):
            blocks.append((number, number + 1))
        elif _ENDS.match(line) and opened:
            blocks.append((opened.pop(), number))
        elif _OPENS.fullmatch(line) and not re.match(r"[ \t]*#@\s*el(?:if|se)\b", line):
            opened.append(number)
        elif not _ALONE.match(line) and (found := _BESIDE.fullmatch(line)):
            values[number] = found.end(1), found[2].strip()
    blocks += [(first, len(lines)) for first in opened]
    functions = [block for block in blocks if _FUNCTION.match(lines[block[0]])]
    return YttAnnotations(values, merge_actions(sorted(blocks)), functions, _OVERLAY.search(text) is not None)
