"""From a tree that tools have changed to a document, as parse gives one: its values, and where each was set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.build.node import CONFIDENTIAL_COPY, REPLACED, SET_BELOW, WRITTEN, Entries, Items, OriginNode
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import Document, Mapping, Mark, Place, PlacedDocument, Sequence, Through, Unknown, Value
from kubeqed.parse.template.keys import belongs_to_program, is_config_map, is_placeholder_key

_MOST_BELOW = 5


def freeze(root: OriginNode, layers: tuple[Through, ...], source: ObjectKey) -> PlacedDocument:
    """The built tree as a document that stands where its root was written; the tree must not change any more.

    `layers` are what the object came through, `source` is how it was called there.
    """
    freezing = _Freezing()
    value = freezing.value(root, freezing.number(root, root))
    document = Document(
        value,
        0,
        readings=freezing.readings,
        places=_BuiltPlaces(freezing, layers),
        source=source,
        secrets=frozenset(freezing.secrets),
        placeholders=root.source.document.placeholders and freezing.is_open,
    )
    return PlacedDocument(root.source.file, root.source.first_line, document)


class _Below(NamedTuple):
    """Which of the nodes that stand in another document than the value around them are below a mapping or list."""

    first: int
    end: int


class _Freezing:
    """One object on its way into a document; the root comes first, as the document's top.

    The mark of a node's value is twice the node's number, that of its key one more. `is_open` says that a value or a key
    is left open that is not the text of a program. `foreign` stand in another document than the value around them, `secrets`
    are the marks of what is copied from Secrets.
    """

    def __init__(self) -> None:
        self.is_open = False
        self.nodes: list[OriginNode] = []
        self.readings: dict[Mark, str] = {}
        self.secrets: set[Mark] = set()
        self.foreign: list[OriginNode] = []
        self.below: dict[Mark, _Below] = {}

    def number(self, node: OriginNode, around: OriginNode) -> Mark:
        """The mark of the value of a node that stands in another one."""
        if node.source is not around.source:
            self.foreign.append(node)
        self.nodes.append(node)
        return 2 * len(self.nodes) - 2

    def value(self, node: OriginNode, mark: Mark, *, of_program: bool = False) -> Value:
        """The value of a node that has a mark; `of_program` says that it is a program's text."""
        value = node.value
        if node.copied or node.source.document.secrets:
            self._note_secret(node, mark)
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return self._freeze_mapping(node, value, mark, of_program=of_program)
        if isinstance(value, list):
            return self._freeze_sequence(node, value, mark, of_program=of_program)
        if isinstance(value, Unknown):
            self.is_open |= not of_program
            return Unknown(value.term, value.text, mark)
        if (reading := node.reading) is not None:
            self.readings[mark] = reading
        return value

    def _note_secret(self, node: OriginNode, mark: Mark) -> None:
        is_copy = any(one.text == CONFIDENTIAL_COPY for one in node.copied)
        if is_copy or node.mark in node.source.document.secrets:
            self.secrets.add(mark)

    def _freeze_sequence(self, node: OriginNode, items: Items, mark: Mark, *, of_program: bool) -> Sequence:
        sequence, first = Sequence(), len(self.foreign)
        sequence.open = node.is_open
        for item in items:
            sequence.marks.append(number := self.number(item, node))
            sequence.append(self.value(item, number, of_program=of_program))
        self._note_below(mark, first)
        return sequence

    def _freeze_mapping(self, node: OriginNode, entries: Entries, mark: Mark, *, of_program: bool) -> Mapping | Unknown:
        """A mapping as parse would give it: keys that another tool fills in are apart."""
        mapping, first = Mapping(), len(self.foreign)
        mapping.open = node.is_open
        of_config_map = "kind" in entries and is_config_map(entries["kind"].text)
        waiting: dict[str, str] = {}
        for key, item in entries.items():
            number = self.number(item, node)
            mapping.marks.extend((number + 1, number))
            is_text = belongs_to_program(key, inside=of_program, of_config_map=of_config_map)
            mapping[key] = self.value(item, number, of_program=is_text)
            if not key.isalnum() and is_placeholder_key(key, of_program=is_text):
                waiting[key] = key
        self._note_below(mark, first)
        self.is_open |= bool(waiting) or mapping.open
        return mapping if not waiting else mapping.without_placeholders(waiting, mark)

    def _note_below(self, mark: Mark, first: int) -> None:
        if len(self.foreign) > first and mark:  # not with the whole object
            self.below[mark] = _Below(first, len(self.foreign))


class _BuiltPlaces:
    """The places of an object by their marks, worked out when one is asked for: few are."""

    def __init__(self, freezing: _Freezing, layers: tuple[Through, ...]) -> None:
        root = freezing.nodes[0]
        self._nodes = freezing.nodes
        self._foreign = freezing.foreign
        self._below = freezing.below
        self._layers = layers
        self._written = root.source[:2]
        self._top = Through(root.place, WRITTEN)

    def __iter__(self) -> Iterator[Place]:
        return map(self.__getitem__, range(2 * len(self._nodes)))

    def __getitem__(self, mark: Mark) -> Place:
        number, is_key = divmod(mark, 2)
        node = self._nodes[number]
        if is_key:
            return node.key_place
        place = node.place
        way = (*place.through, *_list_replaced(node))
        if self._written not in (node.source[:2], *(one.place[:2] for one in way)):
            way = (*way, self._top)
        through = (*way, *self._layers)
        if place.through:  # what was built before came through some of them already
            through = tuple(dict.fromkeys(through))
        through = (*self._set_below(node, mark), *through)
        return place._replace(through=through) if through else place

    def _set_below(self, node: OriginNode, mark: Mark) -> list[Through]:
        """Which lines of other documents set a part of a mapping or list."""
        if mark not in self._below:
            return []
        first, end = self._below[mark]
        others = [one.place for one in self._foreign[first:end] if one.source is not node.source]
        lines = {(place.file, place.span.line): Through(place, SET_BELOW) for place in reversed(others)}
        return [*lines.values()][::-1][:_MOST_BELOW]


def _list_replaced(node: OriginNode) -> Iterator[Through]:
    yield from node.copied
    while node.was is not None:
        node = node.was
        yield Through(node.place, REPLACED)
