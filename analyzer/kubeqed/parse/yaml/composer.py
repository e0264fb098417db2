"""Events of one YAML text into value trees: iterative, so that depth costs no stack, and bounded.

What is too deep, expands too far or cannot be a JSON object ends in a `RefusedError`.
"""

from __future__ import annotations

from array import array
from sys import intern
from typing import Any, NamedTuple

from kubeqed.parse.document import Problem
from kubeqed.parse.tree.lines import correct_position
from kubeqed.parse.tree.mark import Mark, pack
from kubeqed.parse.tree.nodes import Mapping, Sequence, Value
from kubeqed.parse.tree.unknown import Unknown
from kubeqed.parse.yaml.anchors import Anchors, RefusedError
from kubeqed.parse.yaml.flow import Covers, unmask_flow
from kubeqed.parse.yaml.frame import MERGE, Frame
from kubeqed.parse.yaml.libyaml import Source
from kubeqed.parse.yaml.problem import Problems
from kubeqed.parse.yaml.resolution import ScalarReader, is_foreign
from kubeqed.parse.yaml.scalar import ALWAYS_TEXT, YAML_TAG, ScalarError, key_text, resolve
from kubeqed.parse.yaml.spans import Spans

MAX_DEPTH = 200

_NO_KEY = "a key is a mapping or a list, which no JSON object can hold"
_NO_MERGE = "<< merges something that is not a mapping"


class ComposedDocument(NamedTuple):
    """One document as built: `foreign` says that it holds another program's tag, `empty` that nothing stands in it."""

    root: Value
    top: Mark
    problems: tuple[Problem, ...]
    aliases: dict[Mark, Mark]
    readings: dict[Mark, str]
    literals: dict[Mark, int]
    foreign: bool
    empty: bool


class Composer:
    """Builds the documents of one text in turn: `next_tree` until it gives None."""

    def __init__(self, text: str, source: Source, covers: Covers | None = None) -> None:
        """`covers` says which characters of the text stand for others."""
        events = source.events
        self.spans = Spans(text)
        self._take = correct_position(text, source.open(text))
        if covers:
            # What covers stand for has to be put back before the events are handled, because a cover may be a key.
            self._take = unmask_flow(self._take, covers)
        self._start, self._stop = events.DocumentStartEvent, events.DocumentEndEvent
        self._last = events.StreamEndEvent
        # Functions, not bound methods: those would refer back to the builder, and the collector, which rests while
        # files are read, would have to free it and its parser, 14 KB for each document.
        self._handlers = {
            events.ScalarEvent: Composer._compose_scalar,
            events.AliasEvent: Composer._compose_alias,
            events.MappingStartEvent: Composer._open_mapping,
            events.SequenceStartEvent: Composer._open_sequence,
            events.MappingEndEvent: Composer._end_collection,
            events.SequenceEndEvent: Composer._end_collection,
        }

    def _begin_document(self) -> None:
        self._frames: list[Frame] = []
        self._frame: Frame | None = None
        self._root: Value = None
        self._top = array("Q", [0])
        self._problems = Problems(self._frames)
        self._values = ScalarReader(self._problems)
        self._anchors = Anchors()

    def next_tree(self) -> ComposedDocument | None:
        """The next document; None at the end. RefusedError, or the source's own error for what is not YAML."""
        take, handlers, stop = self._take, self._handlers, self._stop
        while type(event := take()) is not self._start:
            if type(event) is self._last:
                return None
        self._begin_document()
        while type(event := take()) is not stop:
            handlers[type(event)](self, event)
        root = self._root
        if isinstance(root, Sequence) and root:
            self._top[0] = root.marks[0]
        problems = self._problems.found()
        empty = root is None and not problems
        values = self._values
        return ComposedDocument(
            root, self._top[0], problems, self._anchors.aliases, values.readings, values.literals, values.foreign, empty
        )

    # Scalars

    def _compose_scalar(self, event: Any) -> None:
        """Three events of four come here: what calls would say more briefly is written out, for speed."""
        start, end, frame, text = event.start_mark, event.end_mark, self._frame, event.value
        line, column, end_column = start.line, start.column, end.column
        # Almost every scalar is on one line and has neither anchor nor tag. For those the events' own marks are
        # right, and the rest of this function needs no further call; everything else goes the slow way.
        if line != end.line or frame is None or event.ctag is not None or event.anchor is not None:
            self._compose_special(event, frame)
            return
        mark = line << 40 | column << 20 | end_column if end_column < 1 << 20 else pack(line, column, end_column)
        value: Value = (
            intern(text) if event.style or text[:1] in ALWAYS_TEXT else resolve(text)
        )  # most occur many times
        # In a mapping keys and values alternate: while no key waits, this scalar is one. `<<` is looked at with its
        # tag.
        if frame.is_mapping and frame.key is None:
            if value.__class__ is str and value != "<<":
                frame.begin_key(value, mark)
            else:
                self._compose_key(event, value, mark, frame)
            return
        if value.__class__ is not str:
            value = self._values.as_json(text, value, mark)
            if column == end_column:
                mark = self._empty_mark(event, frame)
        self._add_value(value, mark)

    def _compose_special(self, event: Any, frame: Frame | None) -> None:
        """A scalar that is the whole document, or has an anchor, a tag, several lines."""
        mark, empty = self.spans.scalar(event)
        value = self._values.value(event, mark)
        if event.style == "|" and (column := self.spans.literal_column(event.value, mark)) is not None:
            self._values.literals[mark] = column
        if event.anchor is not None:
            self._anchors.define(event.anchor, value, self.spans.anchor(event))
        if frame is not None and frame.is_mapping and frame.key is None:
            self._compose_key(event, value, mark, frame)
        else:
            value = self._values.as_json(event.value, value, mark)
            self._add_value(value, self._empty_mark(event, frame) if empty else mark)

    def _empty_mark(self, event: Any, frame: Frame | None) -> Mark:
        if frame is None:
            return self.spans.point(event)
        return frame.key_mark if frame.is_mapping else self.spans.dash(event)

    # Keys

    def _compose_key(self, event: Any, value: Value, mark: Mark, frame: Frame) -> None:
        merges = event.value == "<<" and (event.implicit[0] or str(event.tag) == YAML_TAG + "merge")
        if merges:
            frame.begin_key(MERGE, mark)
        else:
            self._begin_key(value, mark, frame)

    def _begin_key(self, value: Value, mark: Mark, frame: Frame) -> None:
        if isinstance(value, (Mapping, Sequence)):
            raise RefusedError(_NO_KEY, mark)
        try:
            frame.begin_key(value.text if isinstance(value, Unknown) else key_text(value), mark)
        except ScalarError as error:
            raise RefusedError(str(error), mark) from None

    # Where values go

    def _add_value(self, value: Value, mark: Mark) -> None:
        frame = self._frame
        if frame is None:
            self._root, self._top[0] = value, mark
        elif not frame.is_mapping:
            frame.node.append(value)
            frame.node.marks.append(mark)
        elif frame.key is MERGE:
            self._merge_value(frame, value)
        else:
            frame.put(value, mark, self._problems.twice)

    def _merge_value(self, frame: Frame, value: Value) -> None:
        """Of several, an earlier one wins."""
        # `<<: [a, b]` gives the keys of a where both have them. Merging from the end lets a overwrite b.
        sources = value[::-1] if isinstance(value, Sequence) else [value]
        for source in sources:
            if isinstance(source, Mapping):
                self._anchors.expand(len(source), frame.key_mark)
                frame.merge(source)
            else:
                # What is merged is not known, so the mapping may hold any key: no rule may conclude that one is
                # absent.
                frame.node.open = True
                if not isinstance(source, Unknown):
                    self._problems.refuse(_NO_MERGE, frame.key_mark)
        frame.key = None

    def _compose_alias(self, event: Any) -> None:
        start, frame = event.start_mark, self._frame
        mark = pack(start.line, start.column, event.end_mark.column)
        anchor = self._anchors.follow(event.anchor, mark)
        if isinstance(anchor, str):
            value: Value = self._values.bad(f"*{event.anchor}", mark, f"the alias {anchor}")
        else:
            value = anchor.value
        if frame is not None and frame.is_mapping and frame.key is None:
            self._begin_key(value, mark, frame)
        else:
            self._add_value(self._values.as_json(f"*{event.anchor}", value, mark), mark)

    # Collections

    def _open_mapping(self, event: Any) -> None:
        parent = self._frame
        first = self._top if parent is None else None if parent.is_mapping else parent.node.marks
        self._open_collection(event, Mapping(), first)

    def _open_sequence(self, event: Any) -> None:
        self._open_collection(event, Sequence(), None)

    def _open_collection(self, event: Any, node: Mapping | Sequence, first: array[int] | None) -> None:
        parent = self._frame
        if parent is None:
            self._root, self._top[0] = node, self.spans.collection(event)
        elif not parent.is_mapping:
            parent.key = len(parent.node)
            parent.node.append(node)
            parent.node.marks.append(self.spans.collection(event))
        elif parent.key is None:
            raise RefusedError(_NO_KEY, self.spans.collection(event))
        frame = self._frame = Frame(node, first)
        self._frames.append(frame)
        if len(self._frames) > MAX_DEPTH:
            raise RefusedError(f"nested more than {MAX_DEPTH} levels deep", self.spans.collection(event))
        if event.anchor is not None:
            frame.extra.anchor, frame.extra.anchor_mark = event.anchor, self.spans.anchor(event)
            self._anchors.open(event.anchor)
        if event.ctag is not None and is_foreign(str(event.tag)):
            frame.extra.tag = str(event.tag)

    def _end_collection(self, _: Any) -> None:
        ended = self._frames.pop()
        parent = self._frame = self._frames[-1] if self._frames else None
        value = self._finish_collection(ended, parent) if ended.has_extra else ended.node
        if parent is None:
            self._root = value
        elif parent.is_mapping:
            self._add_value(value, parent.key_mark)
        else:
            parent.node[-1], parent.key = value, None

    def _finish_collection(self, ended: Frame, parent: Frame | None) -> Value:
        """The value of a collection that has an anchor or a tag."""
        value: Value = ended.node
        if ended.extra.tag is not None:
            mark = self._top[0] if parent is None else parent.key_mark if parent.is_mapping else parent.node.marks[-1]
            value = self._values.unknown(ended.extra.tag, mark)
        if ended.extra.anchor is not None:
            self._anchors.define(ended.extra.anchor, value, ended.extra.anchor_mark)
        return value
