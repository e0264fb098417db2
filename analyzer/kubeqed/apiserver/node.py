"""A place in an object while it is validated: its value, and the path by which the server would name it.

Reading follows Go: what is absent or null reads as the zero value of its type. What is unknown (a placeholder, a field
below one, a value of the wrong type, which decoding reports) reads as `Unknown`, and no check may fire on it. An `Unknown`
refuses to be compared, so each check asks a question of `model.values.known`, which says what an unknown means for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.confidential.values import hides_value
from kubeqed.model.values.fields import join_path, unknown_below
from kubeqed.model.values.known import UNKNOWN, all_known, is_known
from kubeqed.parse import Mapping, Sequence, Unknown, Value


class Node:
    """A value with the way to it; `step` is the key or index below `parent`."""

    __slots__ = ("parent", "step", "value")

    def __init__(self, value: Value, parent: Node | None = None, step: str | int = "") -> None:
        self.value = value
        self.parent = parent
        self.step = step

    @property
    def path(self) -> str:
        """The path as a manifest would write it: `spec.ports[0].name`."""
        above = self.parent.path if self.parent is not None else ""
        if isinstance(self.step, int):
            return f"{above}[{self.step}]"
        return join_path(above, self.step) if self.parent is not None else above

    def __getitem__(self, key: str) -> Node:
        node = self.value
        if isinstance(node, Mapping):
            value = node.get(key)
            if value is None and node.open and key not in node:
                value = UNKNOWN
            return Node(value, self, key)
        return Node(None if node is None else UNKNOWN, self, key)

    def down(self, *keys: str) -> Node:
        """The field below several keys."""
        node = self
        for key in keys:
            node = node[key]
        return node

    def items(self) -> Iterator[Node]:
        """The items of a list; none where it is absent or unknown."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield Node(item, self, index)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The entries of a map; none where it is absent or unknown."""
        if isinstance(self.value, dict):
            for key, item in self.value.items():
                yield key, Node(item, self, key)

    @property
    def text(self) -> str | Unknown:
        """A string field: "" when absent."""
        value = self.value
        return value if isinstance(value, str | Unknown) else "" if value is None else self._make_unknown()

    @property
    def number(self) -> int | Unknown:
        """An integer field: 0 when absent."""
        value = self.value
        if isinstance(value, bool):
            return self._make_unknown()
        return value if isinstance(value, int | Unknown) else 0 if value is None else self._make_unknown()

    @property
    def flag(self) -> bool | Unknown:
        """A boolean field: False when absent."""
        value = self.value
        return value if isinstance(value, bool | Unknown) else False if value is None else self._make_unknown()

    @property
    def absent(self) -> bool:
        """Whether the field is surely not set (a nil pointer)."""
        return self.value is None

    @property
    def present(self) -> bool:
        """Whether the field surely has a value."""
        return self.value is not None and not isinstance(self.value, Unknown)

    @property
    def length(self) -> int | Unknown:
        """How many entries a list or map has, 0 when absent; unknown also when it may hold more than is seen."""
        value = self.value
        if value is None:
            return 0
        if isinstance(value, list | dict):
            return UNKNOWN if getattr(value, "open", False) else len(value)
        return UNKNOWN

    def names(self) -> frozenset[str] | Unknown:
        """The names of a list's items; unknown where one of them is, or where the list may hold more."""
        found = all_known(item["name"].text for item in self.items())
        return frozenset(found) if is_known(found) and is_known(self.length) else UNKNOWN

    @property
    def filled(self) -> bool:
        """Whether a list or map surely has an entry."""
        return isinstance(self.value, list | dict) and len(self.value) > 0

    @property
    def blank(self) -> bool:
        """Whether it is a list or map in which no entry is seen."""
        return isinstance(self.value, list | dict) and not self.value

    def _make_unknown(self) -> Unknown:
        """A value of the wrong type, as an unknown."""
        return unknown_below(self.value, str(self.step))

    def sure(self) -> bool:
        """Whether nothing at or below this place is unknown."""
        stack: list[Value] = [self.value]
        while stack:
            value = stack.pop()
            if isinstance(value, Unknown) or getattr(value, "open", False):
                return False
            if isinstance(value, dict):
                stack.extend(value.values())
            elif isinstance(value, list):
                stack.extend(value)
        return True


def is_confidential(node: Node) -> bool:
    """Whether no report may print the value: it belongs to a Secret, a variable, an argument or a header."""
    way: list[tuple[Value, str | int]] = []
    while node.parent is not None:
        way.append((node.parent.value, node.step))
        node = node.parent
    steps = tuple(step for _, step in reversed(way))
    return any(hides_value(owner, step, steps[:depth]) for depth, (owner, step) in enumerate(reversed(way)))


def strip_nulls(value: Value) -> object:
    """The value without what Go drops, entries that are null; it may be compared where nothing below is unknown."""
    if isinstance(value, Mapping):
        return {key: strip_nulls(item) for key, item in value.items() if item is not None}
    return [strip_nulls(item) for item in value] if isinstance(value, Sequence) else value
