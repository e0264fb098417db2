"""Where a stretch of printed text comes from."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from kubeqed.parse import Place, pack


def line_starts(text: str) -> list[int]:
    """The offsets at which the lines of a text begin."""
    starts, position = [0], text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


class TemplateSource:
    """The text of a template file, `file` as messages name it, `name` as Helm does."""

    is_template = True

    def __init__(self, name: str, file: str, text: str) -> None:
        self.name = name
        self.file = file
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        """The offsets at which lines begin."""
        return line_starts(self.text)

    def line_of(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._starts, offset)

    def find_line(self, number: int) -> tuple[int, int]:
        """Where a line begins and ends, from 0; one behind the last is empty."""
        starts = self._starts
        if number >= len(starts):
            return len(self.text), len(self.text)
        return starts[number], starts[number + 1] - 1 if number + 1 < len(starts) else len(self.text)

    def column_of(self, offset: int) -> int:
        """How many bytes stand before an offset in its line."""
        return len(self.text[self._starts[self.line_of(offset) - 1] : offset].encode())

    def place(self, offset: int, width: int = 0) -> Place:
        """The place of an offset, so many characters wide; by itself an action is as wide as it is, other text to the end of its line."""
        line = self.line_of(offset) - 1
        start, end = self.find_line(line)
        if not width and self.text.startswith("{{", offset):
            closing = self.text.find("}}", offset, end)
            end = closing + 2 if closing >= 0 else end
        width = width or len(self.text[offset:end].rstrip())
        column = offset - start
        return Place(self.file, 0, pack(line, column, column + max(1, width)))


class Origin:
    """A frame: an offset of a template, or the place of a value, and the frame that asked for it.

    The frame around a helper is the line that includes it; around a value, the action that prints it.
    """

    __slots__ = ("_place", "offset", "source", "within")

    def __init__(
        self,
        place: Place | None = None,
        within: Origin | None = None,
        *,
        source: TemplateSource | None = None,
        offset: int = 0,
    ) -> None:
        self._place = place
        self.within = within
        self.source = source
        self.offset = offset

    @property
    def place(self) -> Place:
        """Where the frame stands."""
        if self._place is None:
            if self.source is None:
                raise ValueError("an origin is a place, or an offset of a template")
            self._place = self.source.place(self.offset)
        return self._place

    def moved(self, count: int) -> Origin:
        """The frame some characters further on in a template."""
        return Origin(None, self.within, source=self.source, offset=self.offset + count)

    def printed_by(self, action: Origin, copies: dict[int, Origin]) -> Origin:
        """The same frame where an action prints it; that it was made earlier, by another one, is a frame inside of the action's.

        `copies` are those of one text, so that frames which share one around them still do.
        """
        frames, frame = [], self
        while frame is not action:
            frames.append(frame)
            if frame.within is None or frame.within is action.within:
                return _stack_frames(frames, action, copies)
            frame = frame.within
        return self

    def copied(self, within: Origin) -> Origin:
        """The same frame within another one."""
        return Origin(self._place, within, source=self.source, offset=self.offset)

    def frames(self) -> list[Origin]:
        """The frames from the outermost one to this."""
        found: list[Origin] = []
        frame: Origin | None = self
        while frame is not None:
            found.append(frame)
            frame = frame.within
        return found[::-1]


def _stack_frames(frames: list[Origin], around: Origin, copies: dict[int, Origin]) -> Origin:
    """Copies of frames, the innermost first, within another one."""
    for frame in reversed(frames):
        copied = copies.get(id(frame))
        around = copies[id(frame)] = frame.copied(around) if copied is None else copied
    return around
