"""The value tree: plain Python values that remember where they stand.

A `Mapping` is a dict and a `Sequence` a list, so that reading costs nothing; their marks lie beside the values.
Scalars are bool, int, float, str, None or Unknown, resolved as Kubernetes does.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection
from typing import Union

from kubeqed.parse.tree.digits import parse_whole_number
from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.tree.unknown import Fresh, Unknown

Value = Union[None, bool, int, float, str, Unknown, "Mapping", "Sequence"]

_FEW = 32
_NONE_YET: dict[str, int] = {}
_STEP = re.compile(r"\[(\d+)\]|\[\"([^\"]*)\"\]|([^.\[\]]+)")


class Mapping(dict[str, Value]):
    """A mapping; `marks` holds the marks of key 0, value 0, key 1, value 1, … in the order of the dict's keys.

    The mark of a value that is a mapping, a sequence or empty is its key's. `open` says that it may hold entries
    the input does not show (a template put keys into it), so that no key can be called absent. `written` is the same
    mapping with the keys that another tool fills in, which are no keys yet; None where there are none.
    """

    __slots__ = ("_positions", "marks", "open", "written")

    def __init__(self) -> None:
        self.marks: array[int] = array("Q")
        self.open = False
        self.written: Mapping | None = None
        self._positions = _NONE_YET

    def key_mark(self, key: str) -> Mark:
        """Where the key stands; KeyError when it does not."""
        return self.marks[2 * self._find_position(key)]

    def value_mark(self, key: str) -> Mark:
        """Where the value of the key stands; KeyError when it does not."""
        return self.marks[2 * self._find_position(key) + 1]

    def without_placeholders(self, spelled: dict[str, str], mark: Mark) -> Mapping | Unknown:
        """Takes out the entries whose keys are still to be filled in, each given with its spelling; `written` keeps them.

        Gives the mapping, which is open now, or what is unknown at its mark if nothing is left.
        """
        if self.written is None:
            self.written = Mapping()
            self.written.marks, self.written.open = self.marks, True
            self.written.update((spelled.get(key, key), value) for key, value in self.items())
        self.take_out(spelled)
        self.open = True
        text = " ".join(spelled.values())
        return self if self else Unknown(Fresh(text), text, mark, self.written)

    def take_out(self, keys: Collection[str]) -> None:
        """Takes entries out, with their marks."""
        kept = [(position, key, value) for position, (key, value) in enumerate(self.items()) if key not in keys]
        marks = self.marks
        self.clear()
        self.marks = array("Q", [mark for position, _, _ in kept for mark in marks[2 * position : 2 * position + 2]])
        self.update((key, value) for _, key, value in kept)

    def _find_position(self, key: str) -> int:
        """Counted for a few keys; many are looked up, for each of them may be asked for in turn."""
        if len(self) > _FEW:
            if len(self._positions) != len(self):
                self._positions = {name: position for position, name in enumerate(self)}
            return self._positions[key]
        for position, name in enumerate(self):
            if name == key:
                return position
        raise KeyError(key)


class Sequence(list[Value]):
    """A list; `marks[i]` is the mark of item i: its scalar, or the first key of an item that is a mapping."""

    __slots__ = ("marks", "open")

    def __init__(self) -> None:
        self.marks: array[int] = array("Q")
        self.open = False


def as_written(value: Value) -> Value:
    """The value with the keys that another tool fills in, which rules do not see."""
    written = value.written if isinstance(value, Mapping | Unknown) else None
    return written if isinstance(written, Mapping) else value


def split_path(path: str) -> list[str | int]:
    """The keys and indices of a path such as `spec.ports[0].nodePort` or `metadata.annotations["a.b/c"]`."""
    return [
        parse_whole_number(index) if index else quoted if quoted is not None and not plain else plain
        for index, quoted, plain in (match.group(1, 2, 3) for match in _STEP.finditer(path))
    ]


def locate(root: Value, path: str, top: Mark) -> tuple[Mark, bool]:
    """The mark of the field at `path`, and whether it exists; a missing one gives its nearest existing parent.

    `top` is the mark of the document's first key, the answer where nothing of the path exists.
    """
    mark, node = top, root
    for step in split_path(path):
        if (child := _find_child(node, step)) is None:
            return mark, False
        mark, node = child
    return mark, True


def value_at(root: Value, path: str) -> Value:
    """The value of the field at `path`; None where nothing is there. It may be of a tree without marks, as a defaulted one is."""
    node = root
    for step in split_path(path):
        if isinstance(step, str):
            node = node.get(step) if isinstance(node, Mapping) else None
        else:
            node = node[step] if isinstance(node, Sequence) and step < len(node) else None
    return node


def locate_key(root: Value, path: str, top: Mark) -> Mark:
    """The mark of the key at `path` itself, where a finding is about the name of a field and not its value."""
    mark, node, key_mark = top, root, top
    for step in split_path(path):
        if (child := _find_child(node, step)) is None:
            return mark
        key_mark = node.key_mark(step) if isinstance(node, Mapping) and isinstance(step, str) else child[0]
        mark, node = child
    return key_mark


def _find_child(node: Value, step: str | int) -> tuple[Mark, Value] | None:
    """The mark and the value of one step down; None when nothing is there."""
    if isinstance(step, str):
        return (node.value_mark(step), node[step]) if isinstance(node, Mapping) and step in node else None
    return (node.marks[step], node[step]) if isinstance(node, Sequence) and step < len(node) else None
