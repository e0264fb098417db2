r"""Lines as an editor counts them.

Editors and SARIF end a line at `\n`, `\r\n` and `\r`. YAML 1.1 also ends it at NEL, LS and PS, and so does libyaml,
whose marks are therefore put right in the few texts that hold one of those.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, NamedTuple

_EDITOR_BREAK = r"\r\n|\n|\r"
_YAML_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
_YAML_ONLY = "[\x85\u2028\u2029]"


def split_lines(text: str) -> list[str]:
    """The lines of the text without their ends; at least one. After a last line break stands an empty line."""
    return text.split("\n") if "\r" not in text else re.split(_EDITOR_BREAK, text)


def count_breaks(text: str) -> int:
    """How many lines end in the text."""
    return text.count("\n") if "\r" not in text else len(re.findall(_EDITOR_BREAK, text))


def find_position(text: str, offset: int) -> tuple[int, int]:
    """(line, column) of an offset, both from 0."""
    head = text[:offset]
    return count_breaks(head), offset - max(head.rfind("\n"), head.rfind("\r")) - 1


class _Point(NamedTuple):
    line: int
    column: int


def correct_position(text: str, take: Callable[[], Any]) -> Callable[[], Any]:
    """The event function `take` of this text, with marks that count lines as an editor does."""
    if text.isascii() or not re.search(_YAML_ONLY, text):
        return take
    point = position_corrector(text)

    def take_corrected() -> Any:
        event = take()
        event.start_mark, event.end_mark = point(event.start_mark), point(event.end_mark)
        return event

    return take_corrected


def position_corrector(text: str) -> Callable[[Any], _Point]:
    """A function from a mark of libyaml to (line, column) of an editor."""
    if text.isascii() or not re.search(_YAML_ONLY, text):
        return lambda mark: _Point(mark.line, mark.column)
    yaml_starts = [0, *(match.end() for match in re.finditer(_YAML_BREAK, text))]
    editor_starts = [0, *(match.end() for match in re.finditer(_EDITOR_BREAK, text))]

    def point(mark: Any) -> _Point:
        offset = yaml_starts[min(mark.line, len(yaml_starts) - 1)] + mark.column
        line = bisect_right(editor_starts, offset) - 1
        return _Point(line, offset - editor_starts[line])

    return point
