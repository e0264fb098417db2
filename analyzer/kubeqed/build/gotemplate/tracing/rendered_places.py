"""Where the values of a document that templates printed were written."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.build.gotemplate.origin import Origin, line_starts
from kubeqed.build.gotemplate.text import TracedText
from kubeqed.build.node import COPIED, INCLUDED, MADE
from kubeqed.parse import Document, Mapping, Mark, Place, Sequence, Through, Value, unpack


class RenderedPlaces:
    """The places of a document by its marks, worked out when one is asked for.

    A value stands in the frame that wrote its key, or its dash: a text that a helper gives to a template's line stands at
    that line, a block that a helper writes stands in the helper, and one that `toYaml` writes stands in the values file.
    The frames around it and inside of it are what it came through.
    """

    def __init__(self, text: TracedText, document: Document) -> None:
        self._text = text
        self._document = document
        self._starts = line_starts(text)
        self._keys: dict[Mark, Mark] | None = None
        self._known: dict[Mark, Place] = {}

    def __iter__(self) -> Iterator[Place]:
        keys = self._key_marks()
        return (self[mark] for mark in (self._document.top, *keys, *keys.values()))

    def __getitem__(self, mark: Mark) -> Place:
        if mark not in self._known:
            self._known[mark] = self._work_out(mark)
        return self._known[mark]

    def find(self, mark: Mark) -> Place | None:
        """The place of a mark, None where nobody knows it."""
        try:
            return self[mark]
        except KeyError:
            return None

    def _work_out(self, mark: Mark) -> Place:
        """The place of one mark."""
        _, start, end = unpack(mark)
        offset = self._find_offset(mark)
        written = self._text.template_at(offset, offset + end - start)
        if written is not None and written.source is not None:
            return written.source.place(written.offset, end - start)
        frames = self._find_frames(mark)
        key = self._key_marks().get(mark)
        if key is not None:
            of_key = self._find_frames(key)
            depth = _count_shared(of_key, frames)
            depth = max(depth, 1) if len(of_key) > depth else max(len(of_key), 1)
        else:
            depth = len(frames)
        depth = min(depth, len(frames))
        own = frames[depth - 1]
        place = own.place
        if depth == len(frames) and own.source is not None and self._text.is_verbatim_at(offset):
            place = own.source.place(own.offset, end - start)
        inside = frames[depth:] + self._find_further_frames(mark, frames[:depth])
        inner = [one for frame in inside for one in _describe_frame(frame, is_inside=True)]
        outer = [one for frame in frames[depth - 1 :: -1][1:] for one in _describe_frame(frame, is_inside=False)]
        return place._replace(through=_leave_lines((*inner, *own.place.through, *outer)))

    def _find_frames(self, mark: Mark) -> list[Origin]:
        """The frames of what stands at a mark, the outermost first."""
        origin = self._text.origin_at(self._find_offset(mark))
        if origin is None:
            raise KeyError(mark)
        return origin.frames()

    def _find_further_frames(self, mark: Mark, around: list[Origin]) -> list[Origin]:
        """The frames inside of some others that wrote the rest of a text, behind its first character."""
        _, start, end = unpack(mark)
        offset = self._find_offset(mark)
        found: list[Origin] = []
        for origin in self._text.origins_between(offset + 1, offset + end - start):
            frames = origin.frames()
            if _count_shared(around, frames) == len(around):
                found += frames[len(around) :]
        return found

    def _find_offset(self, mark: Mark) -> int:
        """Where a mark stands in the text."""
        line, column, _ = unpack(mark)
        return min(self._starts[min(line, len(self._starts) - 1)] + column, max(0, len(self._text) - 1))

    def _key_marks(self) -> dict[Mark, Mark]:
        """The mark of the key of each value, or of its list's key; values share none with their keys."""
        if self._keys is None:
            self._keys = {}
            _note_keys(self._document.root, self._document.top, self._keys)
        return self._keys


def _count_shared(one: list[Origin], other: list[Origin]) -> int:
    """How many frames two stacks begin with that are the same execution of the same template."""
    count = 0
    for mine, its in zip(one, other, strict=False):
        count += 1
        if mine.within is not its.within or mine.source is not its.source:
            return count - 1
    return count


def _describe_frame(frame: Origin, *, is_inside: bool) -> tuple[Through, ...]:
    """A frame that a value came through; that of a value which was read of a printed text came through others before."""
    is_made = frame.source is not None and frame.source.is_template
    text = INCLUDED if not is_inside else MADE if is_made else COPIED
    return Through(frame.place._replace(through=()), text), *frame.place.through


def _leave_lines(through: tuple[Through, ...]) -> tuple[Through, ...]:
    """Places of which each is on another line, or says something else of it."""
    lines = {(one.place.file, unpack(one.place.mark)[0], one.text): one for one in reversed(through)}
    return tuple(one for one in through if lines[one.place.file, unpack(one.place.mark)[0], one.text] is one)


def _note_keys(value: Value, around: Mark, keys: dict[Mark, Mark]) -> None:
    """Notes the key of each value below one."""
    if isinstance(value, Mapping):
        for number, item in enumerate(value.values()):
            key, mark = value.marks[2 * number], value.marks[2 * number + 1]
            if key != mark:
                keys[mark] = key
            _note_keys(item, key, keys)
    elif isinstance(value, Sequence):
        for item, mark in zip(value, value.marks, strict=True):
            if not isinstance(item, Mapping | Sequence):
                keys.setdefault(mark, around)
            _note_keys(item, mark, keys)
