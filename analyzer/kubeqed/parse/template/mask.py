"""Templates made parseable: every action is covered by characters of the same width, so that columns stay.

An action within a line becomes a word of private-use characters that names it, so that the source text can be put back
wherever YAML moved it. An action alone on its line that writes something becomes an entry of the mapping or list that
it stands in (`nindent 4` says in which), one that writes nothing a comment. If that is still not YAML, or no document that could be,
the branches behind `else` are blanked too, and at last those lines: nothing then says what stands there, and the tree is read as `loose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.parse.template.action import Action, ActionKind, conditional_lines, find_actions
from kubeqed.parse.template.branches import find_other_branches

_PLANES = (0xF0000, 0x100000)  # the supplementary private use areas; a source that uses one is given the other
_WORD, _ENTRY, _NOTE, _FILL, _DIGIT = 0, 1, 2, 3, 16
_RADIX = 1 << 14
_NEAR = 4096  # characters in which the line above and the line below are looked for
_LEAST = 3  # characters that name an action
_INDENT = re.compile(r"\bn?indent\s+(\d+)")
_TAIL = re.compile(r"[ \t]*(?:#[^\n\r]*)?(?=[\n\r]|\Z)")
_ITEM = re.compile(r"[ ]*-(?:\s|\Z)")


class _Group(NamedTuple):
    """Actions that are covered as one: a single one within a line, or all of a line that holds nothing else."""

    start: int
    end: int
    alone: bool
    writes: bool


class MaskedText:
    """A text with its actions covered, in several ways, and the way back."""

    def __init__(self, text: str, stretches: list[tuple[int, int]]) -> None:
        self._text = text
        # A text that uses characters of both areas itself cannot be masked; `_base` is 0 then, and nothing is
        # covered.
        self._base = next((base for base in _PLANES if not _uses_range(text, base)), 0)
        self._sources: list[str] = []
        self._known = re.compile("(?!)")
        actions = [action for start, end in stretches for action in find_actions(text, start, end)]
        self.conditional = conditional_lines(text, actions)
        self.other_branches = list(find_other_branches(text, actions))
        self.covered = self.blanked = text
        if self._base and actions:
            self._cover_groups(list(_group_actions(text, actions)))

    @cached_property
    def first_branches(self) -> str:
        """The covered text without what stands between an `else` and the end of its block."""
        lines = self.covered.split("\n")
        for first, last in self.other_branches:
            lines[first : last + 1] = map(_blank_text, lines[first : last + 1])
        return "\n".join(lines)

    def _cover_groups(self, groups: list[_Group]) -> None:
        sign = [chr(self._base + kind) for kind in (_WORD, _ENTRY, _NOTE, _FILL)]
        digit = f"([{chr(self._base + _DIGIT)}-{chr(self._base + _DIGIT + _RADIX - 1)}])"
        self._known = re.compile(f"(?:{sign[0]}|(?P<entry>{sign[1]})|#{sign[2]}){digit}{digit}{sign[3]}*:?")
        covered, blanked, end = [], [], 0
        for group in groups:
            between = self._text[end : group.start]
            cover = self._cover_line(group) if group.alone else self._cover_stretch(group.start, group.end, _WORD)
            covered += [between, cover]
            blanked += [between, _blank_text(self._text[group.start : group.end]) if group.alone else cover]
            end = group.end
        self.covered = "".join([*covered, self._text[end:]])
        self.blanked = "".join([*blanked, self._text[end:]])

    def _cover_stretch(self, start: int, end: int, kind: int, before: str = "", after: str = "") -> str:
        """What covers a stretch: its first line named, the others blanked."""
        source = self._text[start:end]
        number = len(self._sources)
        self._sources.append(source.strip(" "))
        first, _, others = source.partition("\n")
        # Three characters name the action: its kind and its number in two digits. The rest is filled up to the old
        # width, so that everything to the right keeps its column.
        room = len(first) - len(before) - len(after) - _LEAST
        name = chr(self._base + kind) + "".join(
            chr(self._base + _DIGIT + part) for part in divmod(number % _RADIX**2, _RADIX)
        )
        fill = chr(self._base + _FILL) * room if room > 0 else ""
        return before + name + fill + after + ("\n" + _blank_text(others) if others else "")

    def _cover_line(self, group: _Group) -> str:
        """What covers the actions of a line, from its first column on."""
        line = self._text[group.start : group.end]
        column = len(line) - len(line.lstrip(" \t"))
        if not group.writes:
            return self._cover_stretch(group.start, group.end, _NOTE, " " * column + "#")
        # `nindent 4` says where the text of the action will stand, whatever the indentation of the line that holds
        # it. The entry goes there, or YAML would put it into another mapping than Helm does.
        match = _INDENT.search(line)
        indent = int(match[1]) if match else column
        first = line.partition("\n")[0]
        dash = "- " if self._among_items(group, indent) else ""
        after = "" if dash else ":"
        # No room for the name at that indentation: the line's own is tried, and a blank line is better than a wrong
        # width.
        if indent + len(dash) + _LEAST + len(after) > len(first):
            indent = column
        if indent + len(dash) + _LEAST + len(after) > len(first):
            return _blank_text(line)
        return self._cover_stretch(group.start, group.end, _ENTRY, " " * indent + dash, after)

    def _among_items(self, group: _Group, indent: int) -> bool:
        """Whether the nearest line above or below that is not itself an action is an item at this indent."""
        above = self._text[max(group.start - _NEAR, 0) : group.start].rstrip()
        below = self._text[group.end : group.end + _NEAR].lstrip("\r\n")
        lines = (above.rpartition("\n")[2], below.partition("\n")[0])
        return any(_ITEM.match(line) and len(line) - len(line.lstrip(" ")) == indent for line in lines)

    def unmask(self, text: str) -> str:
        """The text with every cover replaced by what it covers."""
        return self._known.sub(self._find_source, text)

    def _find_source(self, match: re.Match[str]) -> str:
        high, low = (ord(sign) - self._base - _DIGIT for sign in match.group(2, 3))
        number = high * _RADIX + low
        colon = ":" if match["entry"] is None and match[0].endswith(":") else ""
        return (self._sources[number] if number < len(self._sources) else match[0]) + colon

    def is_entry(self, text: str) -> bool:
        """Whether the text stands for a line that writes entries of its own."""
        match = self._known.fullmatch(text)
        return match is not None and match["entry"] is not None

    def hides(self, text: str) -> bool:
        """Whether something in the text is covered."""
        return not text.isascii() and self._known.search(text) is not None


def _uses_range(text: str, base: int) -> bool:
    return not text.isascii() and re.search(f"[{chr(base)}-{chr(base + 0xFFFD)}]", text) is not None


def _blank_text(text: str) -> str:
    return re.sub(r"[^\n\r]", " ", text)


def _group_actions(text: str, actions: list[Action]) -> Iterator[_Group]:
    """The actions, those of a line that holds nothing else as one that begins at the line's start."""
    position = end = 0
    while position < len(actions):
        last = position
        # `{{ if a }}{{ b }}` on a line of its own is covered as one: two names side by side would be one word to
        # YAML.
        while last + 1 < len(actions) and not text[actions[last].end : actions[last + 1].start].strip(" \t"):
            last += 1
        group = actions[position : last + 1]
        start = _line_start(text, end, group[0].start)
        tail = _TAIL.match(text, group[-1].end)
        if tail and start is not None and not text[start : group[0].start].strip(" \t"):
            yield _Group(start, tail.end(), True, any(action.does is ActionKind.WRITES for action in group))
        else:
            yield from (_Group(one.start, one.end, False, True) for one in group)
        position, end = last + 1, group[-1].end


def _line_start(text: str, low: int, offset: int) -> int | None:
    """Where the line of an offset starts; None when it starts before `low`, where the actions before end."""
    found = max(text.rfind("\n", low, offset), text.rfind("\r", low, offset))
    return found + 1 if found >= 0 else 0 if low == 0 else None
