"""A mapping or sequence while it is built: where its next entry goes, and what became of its keys."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import islice
from typing import Any

from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.tree.nodes import Mapping, Sequence, Value

MERGE = object()  # the key `<<`

Twice = Callable[[Mark, Mark], None]


class Extra:
    """What few frames need: the anchor, a tag of another program, the positions of the keys, those that `<<` alone brought."""

    __slots__ = ("anchor", "anchor_mark", "index", "merged", "tag")

    def __init__(self) -> None:
        self.anchor: str | None = None
        self.anchor_mark: Mark = 0
        self.tag: str | None = None
        self.index: dict[str, int] = {}
        self.merged: set[str] = set()


class Frame:
    """One open collection.

    `key` is what waits for its value: the key of a mapping, `MERGE`, the index of a list's open item, or None.
    `first` is the array whose last mark becomes that of this mapping's first key.
    """

    __slots__ = ("_extra", "first", "is_mapping", "key", "key_mark", "node")

    def __init__(self, node: Mapping | Sequence, first: array[int] | None) -> None:
        self.node: Any = node
        self.is_mapping = node.__class__ is Mapping
        self.first = first
        self.key: Any = None
        self.key_mark: Mark = 0
        self._extra: Extra | None = None

    @property
    def has_extra(self) -> bool:
        """Whether anything is out of the ordinary."""
        return self._extra is not None

    @property
    def extra(self) -> Extra:
        """What is out of the ordinary, to be read or set."""
        if self._extra is None:
            self._extra = Extra()
        return self._extra

    def begin_key(self, key: Any, mark: Mark) -> None:
        """A key of this mapping was read."""
        self.key, self.key_mark = key, mark
        if self.first is not None:
            self.first[-1] = mark
            self.first = None

    def put(self, value: Value, mark: Mark, twice: Twice) -> None:
        """The value of the waiting key; `twice(first mark, second mark)` hears of a key that was there already."""
        key, node = self.key, self.node
        if key in node:
            self._put_again(key, mark, twice)
        else:
            node.marks.append(self.key_mark)
            node.marks.append(mark)
        node[key] = value
        self.key = None

    def _put_again(self, key: str, mark: Mark, twice: Twice) -> None:
        # A key that only `<<` brought may be written again without being defined twice: that is what merging is for.
        marks, place = self.node.marks, 2 * self._find_position(key)
        if key in self.extra.merged:
            self.extra.merged.discard(key)
        else:
            twice(marks[place], self.key_mark)
        marks[place], marks[place + 1] = self.key_mark, mark

    def merge(self, source: Mapping) -> None:
        """Every entry of `source` comes in at the mark of `<<`.

        go-yaml v2 merges where `<<` stands: it overrides the keys above it, and the keys below override it.
        """
        node, mark = self.node, self.key_mark
        for key, value in source.items():
            if key in node:
                place = 2 * self._find_position(key)
                node.marks[place] = node.marks[place + 1] = mark
            else:
                self.extra.merged.add(key)
                node.marks.extend((mark, mark))
            node[key] = value
        node.open |= source.open

    def _find_position(self, key: str) -> int:
        """The position of a key in the mapping; those that came since the last question are found from the end."""
        # A dict does not say at which position a key stands, and counting for each repeated key costs the square of
        # their number. So positions are kept, and filled from the end, where the new keys are.
        index = self.extra.index
        if key not in index:
            known = len(index)
            fresh = list(islice(reversed(self.node), len(self.node) - known))
            index.update((name, len(self.node) - 1 - back) for back, name in enumerate(fresh))
        return index[key]

    def step(self) -> str:
        """The waiting entry as a step of a path: `.name`, `["a.b"]`, `[0]`; empty for `<<`."""
        key = self.key
        if not self.is_mapping:
            return f"[{len(self.node) if key is None else key}]"
        if not isinstance(key, str):
            return ""
        return f".{key}" if key and not any(sign in key for sign in '.[]"') else f'["{key}"]'
