"""Events of one YAML text into value trees: iterative, so that depth costs no stack, and bounded.

Hostile input ends in a `RefusedError`: nesting below `MAX_DEPTH`, more than `MAX_NODES` values once aliases are followed
(an alias shares its anchor's object, so memory stays small; whoever walks the tree would not).
"""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

from kubeqed.parse.document import Problem
from kubeqed.parse.frame import MERGE, Frame
from kubeqed.parse.libyaml import Source
from kubeqed.parse.lines import corrected
from kubeqed.parse.mark import Mark, pack
from kubeqed.parse.problem import Problems
from kubeqed.parse.scalar import ScalarError, json_number, key_text, resolve, resolve_tagged
from kubeqed.parse.spans import Spans
from kubeqed.parse.tree import Mapping, Sequence, Value
from kubeqed.parse.unknown import Own, Unknown

MAX_DEPTH = 200
MAX_NODES = 1_000_000

_YAML_TAG = "tag:yaml.org,2002:"
_NO_KEY = "a key is a mapping or a list, which no JSON object can hold"
_NO_MERGE = "<< merges something that is not a mapping"


class RefusedError(Exception):
    """The text cannot become a tree; `mark` is where and the message says why."""

    def __init__(self, message: str, mark: Mark) -> None:
        super().__init__(message)
        self.mark = mark


class Tree(NamedTuple):
    """One document as built: `foreign` says that it holds a tag of somebody else's, `empty` that nothing stands in it."""

    root: Value
    top: Mark
    problems: tuple[Problem, ...]
    aliases: dict[Mark, Mark]
    foreign: bool
    empty: bool


class _Anchor(NamedTuple):
    value: Value
    nodes: int
    mark: Mark


class Builder:
    """Builds the documents of one text in turn: `next_tree` until it gives None."""

    def __init__(self, text: str, source: Source) -> None:
        events = source.events
        self.spans = Spans(text)
        self._take = corrected(text, source.open(text))
        self._start, self._stop = events.DocumentStartEvent, events.DocumentEndEvent
        self._last = events.StreamEndEvent
        self._handlers = {
            events.ScalarEvent: self._scalar,
            events.AliasEvent: self._alias,
            events.MappingStartEvent: self._mapping,
            events.SequenceStartEvent: self._sequence,
            events.MappingEndEvent: self._end,
            events.SequenceEndEvent: self._end,
        }
        self._begin()

    def _begin(self) -> None:
        self._frames: list[Frame] = []
        self._frame: Frame | None = None
        self._root: Value = None
        self._top = array("Q", [0])
        self._problems = Problems(self._frames)
        self._anchors: dict[str, _Anchor | None] = {}
        self._aliases: dict[Mark, Mark] = {}
        self._nodes = 0
        self._foreign = False

    def next_tree(self) -> Tree | None:
        """The next document; None at the end. Raises RefusedError, and the source's own error for what is not YAML."""
        take, handlers = self._take, self._handlers
        while type(event := take()) is not self._start:
            if type(event) is self._last:
                return None
        self._begin()
        while type(event := take()) is not self._stop:
            handlers[type(event)](event)
        if isinstance(self._root, Sequence) and self._root:
            self._top[0] = self._root.marks[0]
        problems = self._problems.found()
        empty = self._root is None and not problems
        return Tree(self._root, self._top[0], problems, self._aliases, self._foreign, empty)

    # Scalars

    def _scalar(self, event: Any) -> None:
        start, end, frame = event.start_mark, event.end_mark, self._frame
        line, column, end_column = start.line, start.column, end.column
        if frame is None or line != end.line or event.ctag is not None or event.anchor is not None:
            self._special(event, frame)
            return
        self._nodes += 1
        mark = pack(line, column, end_column)
        value = event.value if event.style else resolve(event.value)
        if frame.is_mapping and frame.key is None:
            if value.__class__ is str and value != "<<":
                frame.begin_key(value, mark)
            else:
                self._key(event, value, mark, frame)
            return
        if value.__class__ is int or value.__class__ is float:
            value = self._number(event.value, value, mark)
        elif column == end_column:
            mark = self._empty_mark(event, frame)
        self._add(value, mark)

    def _special(self, event: Any, frame: Frame | None) -> None:
        """A scalar that is the whole document, or has an anchor, a tag, several lines."""
        mark, empty = self.spans.scalar(event)
        self._nodes += 1
        value = self._value(event, mark)
        is_key = frame is not None and frame.is_mapping and frame.key is None
        if isinstance(value, (int, float)) and value.__class__ is not bool and not is_key:
            value = self._number(event.value, value, mark)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(value, 1, self.spans.anchor(event))
        if is_key and frame is not None:
            self._key(event, value, mark, frame)
        else:
            self._add(value, self._empty_mark(event, frame) if empty else mark)

    def _key(self, event: Any, value: Value, mark: Mark, frame: Frame) -> None:
        merges = event.value == "<<" and (event.implicit[0] or str(event.tag) == _YAML_TAG + "merge")
        self._begin_key(MERGE if merges else value, mark, frame)

    def _begin_key(self, value: Any, mark: Mark, frame: Frame) -> None:
        if isinstance(value, (Mapping, Sequence)):
            raise RefusedError(_NO_KEY, mark)
        try:
            key = value if value is MERGE else value.text if isinstance(value, Unknown) else key_text(value)
        except ScalarError as error:
            raise RefusedError(str(error), mark) from None
        frame.begin_key(key, mark)

    def _value(self, event: Any, mark: Mark) -> Value:
        if event.ctag is None:
            return event.value if event.style else resolve(event.value)
        tag = str(event.tag)
        if _is_foreign(tag):
            return self._unknown(f"{tag} {event.value}".rstrip(), mark)
        try:
            return resolve_tagged(tag, event.value)
        except ScalarError as error:
            return self._bad(event.value, mark, str(error))

    def _number(self, text: str, value: float, mark: Mark) -> Value:
        try:
            return json_number(value)
        except ScalarError as error:
            return self._bad(text, mark, f"{text} {error}")

    def _unknown(self, text: str, mark: Mark) -> Unknown:
        """The value under a tag such as `!Ref`, which another program reads."""
        self._foreign = True
        return Unknown(Own(text), text, mark)

    def _bad(self, text: str, mark: Mark, message: str) -> Unknown:
        """What Kubernetes refuses becomes a problem and an unknown, so that the rest is still analysed."""
        self._problems.refuse(message, mark)
        return Unknown(Own(text), text, mark)

    def _empty_mark(self, event: Any, frame: Frame | None) -> Mark:
        if frame is None:
            return self.spans.point(event)
        return frame.key_mark if frame.is_mapping else self.spans.dash(event)

    # Where values go

    def _add(self, value: Value, mark: Mark) -> None:
        frame = self._frame
        if frame is None:
            self._root, self._top[0] = value, mark
        elif not frame.is_mapping:
            frame.node.append(value)
            frame.node.marks.append(mark)
        elif frame.key is MERGE:
            self._merge(frame, value)
        else:
            frame.put(value, mark, self._problems.twice)

    def _merge(self, frame: Frame, value: Value) -> None:
        sources = value[::-1] if isinstance(value, Sequence) else [value]
        for source in sources:
            if isinstance(source, Mapping):
                self._count(len(source), frame.key_mark)
                frame.merge(source)
            else:
                frame.node.open = True
                if not isinstance(source, Unknown):
                    self._problems.refuse(_NO_MERGE, frame.key_mark)
        frame.key = None

    def _count(self, nodes: int, mark: Mark) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise RefusedError(f"aliases expand to more than {MAX_NODES:,} values", mark)

    def _alias(self, event: Any) -> None:
        start, name, frame = event.start_mark, event.anchor, self._frame
        mark = pack(start.line, start.column, event.end_mark.column)
        anchor = self._anchors.get(name)
        if anchor is None:
            why = "stands inside its own anchor" if name in self._anchors else "has no anchor above it"
            value: Value = self._bad(f"*{name}", mark, f"the alias *{name} {why}")
        else:
            value = anchor.value
            self._aliases[mark] = anchor.mark
            self._count(anchor.nodes, mark)
        if frame is not None and frame.is_mapping and frame.key is None:
            self._begin_key(value, mark, frame)
        else:
            self._add(value, mark)

    # Collections

    def _mapping(self, event: Any) -> None:
        mark = self.spans.collection(event)
        parent = self._frame
        first = self._top if parent is None else None if parent.is_mapping else parent.node.marks
        self._open(event, mark, Mapping(), first)

    def _sequence(self, event: Any) -> None:
        self._open(event, self.spans.collection(event), Sequence(), None)

    def _open(self, event: Any, mark: Mark, node: Mapping | Sequence, first: array[int] | None) -> None:
        parent = self._frame
        if len(self._frames) >= MAX_DEPTH:
            raise RefusedError(f"nested more than {MAX_DEPTH} levels deep", mark)
        if parent is None:
            self._root, self._top[0] = node, mark
        elif not parent.is_mapping:
            parent.key = len(parent.node)
            parent.node.append(node)
            parent.node.marks.append(mark)
        elif parent.key is None:
            raise RefusedError(_NO_KEY, mark)
        frame = self._frame = Frame(node, self._nodes, first)
        self._frames.append(frame)
        self._nodes += 1
        if event.anchor is not None or event.ctag is not None:
            self._properties(event, frame)

    def _properties(self, event: Any, frame: Frame) -> None:
        if event.anchor is not None:
            frame.extra.anchor, frame.extra.anchor_mark = event.anchor, self.spans.anchor(event)
            self._anchors[event.anchor] = None
        if event.ctag is not None and _is_foreign(str(event.tag)):
            frame.extra.tag = str(event.tag)

    def _end(self, _: Any) -> None:
        ended = self._frames.pop()
        parent = self._frame = self._frames[-1] if self._frames else None
        value = self._ended(ended, parent) if ended.has_extra else ended.node
        if parent is None:
            self._root = value
        elif parent.is_mapping:
            self._add(value, parent.key_mark)
        else:
            parent.node[-1], parent.key = value, None

    def _ended(self, ended: Frame, parent: Frame | None) -> Value:
        """The value of a collection that has an anchor or a tag."""
        value: Value = ended.node
        if ended.extra.tag is not None:
            mark = self._top[0] if parent is None else parent.key_mark if parent.is_mapping else parent.node.marks[-1]
            value = self._unknown(ended.extra.tag, mark)
        if ended.extra.anchor is not None:
            self._anchors[ended.extra.anchor] = _Anchor(value, self._nodes - ended.nodes, ended.extra.anchor_mark)
        return value


def _is_foreign(tag: str) -> bool:
    return tag != "!" and not tag.startswith(_YAML_TAG)
