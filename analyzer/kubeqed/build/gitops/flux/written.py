"""The parts of an object that hold a dollar, as text: what is substituted there is read again, whatever it becomes.

All else stands for itself: `0` for a value, `k1` for a key, so that mappings and lists keep their form.
"""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.build.gitops.flux.spelling import spell_key, spell_text
from kubeqed.build.node import OriginNode

_SIGNS = ("${", "$$")
_LEFT_OUT = " 0"


def may_change(text: str) -> bool:
    """Whether a substitution may change the text."""
    return "$" in text and any(sign in text for sign in _SIGNS)


class WrittenObject:
    """The text of an object without what no substitution changes; empty where that is all."""

    def __init__(self, root: OriginNode) -> None:
        self._changing: set[int] = set()
        self._rows: list[OriginNode] = []
        self.text = ""
        if self._note_dollars(root):
            self.text = "".join(f"{line}\n" for line in self._write_collection(root, 0))

    def changes(self, node: OriginNode) -> bool:
        """Whether something in a node is in the text."""
        return id(node) in self._changing

    def node_at(self, row: int) -> OriginNode | None:
        """The node that a line of the text, from 0, is of."""
        return self._rows[row] if row < len(self._rows) else None

    def _note_dollars(self, node: OriginNode) -> bool:
        """Whether a node holds a dollar, and notes all that do."""
        value = node.value
        if isinstance(value, dict):
            holds = [self._note_dollars(item) for item in value.values()]
            is_changing = any(holds) or any(map(may_change, value))
        elif isinstance(value, list):
            holds = [self._note_dollars(item) for item in value]
            is_changing = any(holds)
        else:
            is_changing = may_change(value if isinstance(value, str) else node.text)
        if is_changing:
            self._changing.add(id(node))
        return is_changing

    def _write_collection(self, node: OriginNode, indent: int) -> Iterable[str]:
        """The lines of a mapping or a list."""
        lines: list[str] = []
        for number, (key, item) in enumerate(node.entries.items()):
            written = spell_key(key) if may_change(key) else f"k{number}"
            lines += self._write_entry(f"{' ' * indent}{written}:", item, indent)
        for item in node.items:
            lines += self._write_item(item, indent)
        return lines

    def _write_entry(self, head: str, item: OriginNode, indent: int) -> Iterable[str]:
        """The lines of an entry; a list in it is not indented."""
        if not self.changes(item):
            return self._note_lines([f"{head}{_LEFT_OUT}"], item)
        if item.is_scalar:
            return self._note_lines(f"{head} {spell_text(item.text, indent)}".split("\n"), item)
        self._note_lines([head], item)
        return [head, *self._write_collection(item, indent if item.items else indent + 2)]

    def _write_item(self, item: OriginNode, indent: int) -> Iterable[str]:
        """The lines of an item; a mapping or list in it begins on the line of its dash."""
        head = f"{' ' * indent}-"
        if not self.changes(item):
            return self._note_lines([f"{head}{_LEFT_OUT}"], item)
        if item.is_scalar:
            return self._note_lines(f"{head} {spell_text(item.text, indent)}".split("\n"), item)
        first, *others = self._write_collection(item, indent + 2)
        return [f"{head} {first[indent + 2 :]}", *others]

    def _note_lines(self, lines: list[str], node: OriginNode) -> list[str]:
        self._rows += [node] * len(lines)
        return lines
