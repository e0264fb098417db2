"""Anchors and aliases of one document, with the bound that keeps aliases of aliases from exploding.

An alias shares its anchor's object, so memory stays small; whoever walks the tree would visit every copy.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.tree.nodes import Mapping, Sequence, Value

MAX_NODES = 1_000_000


class RefusedError(Exception):
    """The text cannot become a tree; `mark` is where and the message says why."""

    def __init__(self, message: str, mark: Mark) -> None:
        super().__init__(message)
        self.mark = mark


class Anchor(NamedTuple):
    """An anchored value, how many values are visible in it, and the mark of its `&name`."""

    value: Value
    nodes: int
    mark: Mark


class Anchors:
    """The anchors so far. `aliases` maps the mark of each alias to that of its anchor."""

    __slots__ = ("_expanded", "_found", "_sizes", "aliases")

    def __init__(self) -> None:
        self._found: dict[str, Anchor | None] = {}
        self._sizes: dict[int, int] = {}
        self._expanded = 0
        self.aliases: dict[Mark, Mark] = {}

    def open(self, name: str) -> None:
        """An anchored collection begins, in which the name has no value yet."""
        self._found[name] = None

    def define(self, name: str, value: Value, mark: Mark) -> None:
        """The name stands for this value from here on."""
        self._found[name] = Anchor(value, self._count_values(value), mark)

    def follow(self, name: str, mark: Mark) -> Anchor | str:
        """What the alias at `mark` stands for, or why it stands for nothing. RefusedError when it is too much."""
        anchor = self._found.get(name)
        if anchor is None:
            return "stands inside its own anchor" if name in self._found else "has no anchor above it"
        self.aliases[mark] = anchor.mark
        self.expand(anchor.nodes, mark)
        return anchor

    def expand(self, nodes: int, mark: Mark) -> None:
        """Counts `nodes` values that an alias at `mark` makes visible once more; a RefusedError where they are too many."""
        self._expanded += nodes
        if self._expanded > MAX_NODES:
            raise RefusedError(f"aliases expand to more than {MAX_NODES:,} values", mark)

    def _count_values(self, value: Value) -> int:
        """How many values are visible in this one; as deep as the tree, each shared part visited once."""
        if not isinstance(value, (Mapping, Sequence)):
            return 1
        if (size := self._sizes.get(id(value))) is None:
            inner = value.values() if isinstance(value, Mapping) else value
            size = self._sizes[id(value)] = 1 + sum(map(self._count_values, inner))
        return size
