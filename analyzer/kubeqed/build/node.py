"""The tree that tools change: each value knows where it was set, and what it replaced.

Parse gives trees whose marks count from the start of one document. A built object has values of several documents, so
that each node holds its text beside its mark. `thaw` makes such a tree of a parsed one, `freeze.freeze` the reverse.
"""

from __future__ import annotations

from kubeqed.build.scalars import Scalar, spell
from kubeqed.parse import Mapping, Mark, Place, PlacedDocument, Sequence, Through, Value, as_written, resolve, unpack

REPLACED = "replaces what is set here"
COPIED = "takes the value that is set here"
CONFIDENTIAL_COPY = "takes the value of a Secret that is set here"
MADE = "is made here"
INCLUDED = "includes it"
SET_BELOW = "sets a part of it"
WRITTEN = "the object is written here"

_MIDNIGHT, _DAY = "T00:00:00Z", len("2001-12-31")  # kustomize reads a day as its first moment

Entries = dict[str, "OriginNode"]
Items = list["OriginNode"]


class OriginNode:
    """A value with the document and the mark that set it, and those of its key where it is an entry of a mapping.

    `was` is the node that this one replaced, `copied` are the places in other objects that its value was copied from. `open` says that a mapping or list may hold more than it shows.
    `is_blank` says that it is null because nothing is written, which kyaml tells from `null`.
    """

    __slots__ = ("copied", "is_blank", "is_open", "key_mark", "key_source", "mark", "source", "value", "was")

    def __init__(
        self,
        value: Scalar | Entries | Items,
        source: PlacedDocument,
        mark: Mark,
        key_mark: Mark | None = None,
        *,
        is_open: bool = False,
    ) -> None:
        self.value = value
        self.source = source
        self.mark = mark
        self.key_source = source
        self.key_mark = mark if key_mark is None else key_mark
        self.is_open = is_open
        self.is_blank = False
        self.was: OriginNode | None = None
        self.copied: tuple[Through, ...] = ()

    @property
    def place(self) -> Place:
        """Where the value was set."""
        return self.source.placed(self.mark)

    @property
    def key_place(self) -> Place:
        """Where its key was set."""
        return self.key_source.placed(self.key_mark)

    @property
    def entries(self) -> Entries:
        """The entries of a mapping; none for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> Items:
        """The items of a list; none for any other value."""
        return self.value if isinstance(self.value, list) else []

    @property
    def is_scalar(self) -> bool:
        """Whether it is neither a mapping nor a list."""
        return not isinstance(self.value, dict | list)

    @property
    def is_empty(self) -> bool:
        """Whether it is null, or a mapping or list that holds nothing."""
        return self.value is None or (not self.is_scalar and not self.value)

    @property
    def scalar(self) -> Scalar:
        """The value of a scalar; None for mappings and lists."""
        return None if isinstance(self.value, dict | list) else self.value

    @property
    def text(self) -> str:
        """A scalar as it is written, `010` of an octal number among them; empty for null, mappings and lists."""
        value = self.value
        return value if isinstance(value, str) else self.reading or spell(self.scalar)

    @property
    def reading(self) -> str | None:
        """How the source writes a number or a boolean, None where that is JSON's spelling."""
        return None if not isinstance(self.value, bool | int | float) else self.source.document.readings.get(self.mark)

    @property
    def is_quoted(self) -> bool:
        """Whether a text stands in quotes or over several lines, as far as its span tells, or would be read as no text."""
        value = self.value
        if not isinstance(value, str):
            return False
        _, column, end_column = unpack(self.mark)
        return end_column - column > len(value) + 1 or "\n" in value or resolve(value) != value

    @property
    def as_written(self) -> Scalar:
        """A number, a boolean or a day as the text that is written; any other scalar as it is."""
        if isinstance(self.value, bool | int | float):
            return self.text
        _, column, end_column = unpack(self.mark)
        is_day = isinstance(self.value, str) and self.value.endswith(_MIDNIGHT) and end_column - column == _DAY
        return self.text[:_DAY] if is_day else self.scalar

    @property
    def spelling_of_null(self) -> str:
        """How a null is written, as far as its span tells."""
        _, column, end_column = unpack(self.mark)
        return "" if self.is_blank else "~" if end_column - column == 1 else "null"

    def get(self, *path: str) -> OriginNode | None:
        """The node at a path of keys, None where that is nothing."""
        node: OriginNode | None = self
        for step in path:
            if node is None or not isinstance(node.value, dict):
                return None
            node = node.value.get(step)
        return node

    def text_at(self, *path: str) -> str:
        """The text of the scalar at a path of keys; empty where there is none."""
        node = self.get(*path[:-1]) if len(path) > 1 else self
        return "" if node is None or not isinstance(node.value, dict) else text_of(node.value, path[-1])

    def items_at(self, *path: str) -> Items:
        """The items of the list at a path of keys; none where there is no list."""
        node = self.get(*path)
        return node.items if node is not None else []

    def entries_at(self, *path: str) -> Entries:
        """The entries of the mapping at a path of keys; none where there is no mapping."""
        node = self.get(*path)
        return node.entries if node is not None else {}

    def set(self, key: str, node: OriginNode) -> None:
        """Sets an entry; what stood there keeps its key, and the new node remembers it. A TypeError for what is no mapping."""
        if not isinstance(self.value, dict):
            raise TypeError("only a mapping has entries")
        old = self.value.get(key)
        if old is not None:
            node.replaces(old)
        self.value[key] = node

    def replaces(self, old: OriginNode) -> None:
        """Takes over the key of the node that it replaces, and remembers that node."""
        if self.mark != old.mark or self.source is not old.source:
            self.was = old
        self.key_source, self.key_mark = old.key_source, old.key_mark

    def copy(self) -> OriginNode:
        """The same tree, to be changed on its own."""
        value = self.value
        if isinstance(value, dict):
            value = {key: node.copy() for key, node in value.items()}
        elif isinstance(value, list):
            value = [node.copy() for node in value]
        return self._replace_value(value)

    def copy_shared(self, copies: Copies) -> OriginNode:
        """As `copy`, but a node that stands in several places is one node there again; `copies` are by identity."""
        known = copies.get(id(self))
        if known is not None:
            return known
        value = self.value
        if isinstance(value, dict):
            value = {key: node.copy_shared(copies) for key, node in value.items()}
        elif isinstance(value, list):
            value = [node.copy_shared(copies) for node in value]
        new = copies[id(self)] = self._replace_value(value)
        return new

    def _replace_value(self, value: Scalar | Entries | Items) -> OriginNode:
        """A node that has all but its value from this one."""
        new = OriginNode.__new__(OriginNode)  # most of the time of a build goes into copies
        new.value, new.is_open, new.is_blank = value, self.is_open, self.is_blank
        new.source, new.mark, new.key_source, new.key_mark = self.source, self.mark, self.key_source, self.key_mark
        new.was, new.copied = self.was, self.copied
        return new

    def like(self, value: Scalar | Entries | Items) -> OriginNode:
        """Another value that was set at the same place."""
        new = OriginNode(value, self.source, self.mark, self.key_mark)
        new.key_source, new.copied = self.key_source, self.copied
        return new

    def copied_from(self, *copied: Through) -> OriginNode:
        """Another node of the same value and place, which was copied from some places."""
        new = self.like(self.value)
        new.copied = copied
        return new


Copies = dict[int, OriginNode]


def text_of(entries: Entries, key: str) -> str:
    """The text of the scalar under a key; empty where there is none."""
    node = entries.get(key)
    if node is None:
        return ""
    return node.value if isinstance(node.value, str) else node.text


def put(node: OriginNode, new: OriginNode) -> None:
    """Makes a node another one, where it stands: everywhere, if it stands in several mappings."""
    if node is new:
        return
    old = node.copy() if node.value is not None else None
    node.value, node.source, node.mark = new.value, new.source, new.mark
    node.copied, node.is_blank = new.copied, new.is_blank
    if old is not None:
        node.was = old


def thaw(source: PlacedDocument) -> OriginNode:
    """The tree of a parsed document."""
    return _thaw_value(source.document.root, source, source.document.top, source.document.top)


def _thaw_value(value: Value, source: PlacedDocument, mark: Mark, key_mark: Mark) -> OriginNode:
    value = as_written(value)
    if isinstance(value, Mapping):
        marks = value.marks
        entries = {
            key: _thaw_value(item, source, marks[2 * number + 1], marks[2 * number])
            for number, (key, item) in enumerate(value.items())
        }
        return OriginNode(entries, source, mark, key_mark, is_open=value.open)
    if isinstance(value, Sequence):
        items = [_thaw_value(item, source, mark, mark) for item, mark in zip(value, value.marks, strict=True)]
        return OriginNode(items, source, mark, key_mark, is_open=value.open)
    node = OriginNode(value, source, mark, key_mark)
    node.is_blank = value is None and mark == key_mark  # parse puts what is not there at its key
    return node
