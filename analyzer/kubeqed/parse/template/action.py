"""Template actions in a text: where they stand, what they do, and which lines they make conditional."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_COMMENT = re.compile(r"\{\{-?\s*/\*")
_FLOW = re.compile(r"\{\{\s*[\"']?[\w./-]+[\"']?\s*:(?![=\w])")  # `{{a: b}}`, a mapping within a mapping
_FIRST_WORD = re.compile(r"\{[{%][-+]?\s*([A-Za-z_]+)?")
_ASSIGNMENT = re.compile(r"\{\{-?\s*\$\w*\s*:?=|\{%-?\s*set\b")
_OPENERS = frozenset(["if", "range", "with", "define", "block", "for", "macro", "call", "filter"])
_OTHERWISE = frozenset(["else", "elif", "elsif", "elseif"])
_FARTHEST = 1000  # characters to the next such closing
_MOST_EXTENSIONS = 8  # closings inside quotes that one action may hold


class ActionKind(Enum):
    """What an action does to the lines around it."""

    WRITES = "puts text here"
    OPENS = "begins a block"
    CLOSES = "ends a block"
    OTHERWISE = "ends one branch of a block and begins another"
    NOTHING = "a comment, an assignment"


class Action(NamedTuple):
    """One action: offsets in the text, the end exclusive."""

    start: int
    end: int
    does: ActionKind


def find_actions(text: str, start: int, end: int) -> Iterator[Action]:
    """The actions of a stretch of text, in order; what has no closing is none."""
    missing: set[str] = set()
    while opening := _OPENING.search(text, start, end):
        start = opening.start()
        mark = opening[0]
        close = -1 if mark in missing else _find_close(text, start, end, mark)
        if close < 0 or _FLOW.match(text, start):
            missing |= {mark} if close < 0 else set()
            start += 1
            continue
        yield Action(start, close, _classify_action(text[start : min(close, start + 200)]))
        start = close


def _find_close(text: str, start: int, end: int, mark: str) -> int:
    """The offset behind the closing, -1 when there is none."""
    if comment := _COMMENT.match(text, start, end):
        finish = text.find("*/", comment.end(), end)
        close = text.find("}}", finish, end) if finish >= 0 else -1
        return close + 2 if close >= 0 else -1
    close = text.find(_CLOSING[mark], start + 2, end)
    for _ in range(_MOST_EXTENSIONS):
        if close < 0 or text.count('"', start, close) % 2 == 0:
            break
        line_end = text.find("\n", close, close + _FARTHEST)
        further = text.find(_CLOSING[mark], close + 2, min(end, close + _FARTHEST if line_end < 0 else line_end))
        if further < 0:
            break
        close = further
    return close + 2 if close >= 0 else -1


def _classify_action(action: str) -> ActionKind:
    if action.startswith("{#") or _COMMENT.match(action) or _ASSIGNMENT.match(action):
        return ActionKind.NOTHING
    match = _FIRST_WORD.match(action)
    word = match[1] if match and match[1] else ""
    if word in _OPENERS:
        return ActionKind.OPENS
    if word.startswith("end"):
        return ActionKind.CLOSES
    if word in _OTHERWISE:
        return ActionKind.OTHERWISE
    return ActionKind.NOTHING if action.startswith("{%") else ActionKind.WRITES


def conditional_lines(text: str, actions: list[Action]) -> list[tuple[int, int]]:
    """(first line, last line) of the blocks, merged and in order; one without an end reaches to the last action."""
    found, opened, line, seen = [], [], 0, 0
    for action in actions:
        line += text.count("\n", seen, action.start)
        seen = action.start
        if action.does is ActionKind.OPENS:
            opened.append(line)
        elif action.does is ActionKind.CLOSES and opened:
            found.append((opened.pop(), line))
    found += [(first, 1 << 30) for first in opened]
    return merge_actions(sorted(block for block in found if block[0] < block[1]))


def merge_actions(blocks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Blocks of lines in order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for first, last in blocks:
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
