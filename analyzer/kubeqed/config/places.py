"""From where pydantic says something is wrong to where it stands in the file."""

from __future__ import annotations

from typing import NamedTuple, TypeVar, cast

from kubeqed.model.stated import Stated
from kubeqed.parse import Mapping, Place, PlacedDocument, Sequence, Value

Location = tuple[str | int, ...]
T = TypeVar("T")


def _spell_path(location: Location) -> str:
    """The path of a value: what tells findings in one file apart."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")


class Places(NamedTuple):
    """The places of one document, by keys and indices from its root."""

    document: PlacedDocument

    def value(self, *location: str | int) -> Place:
        """Where the value stands; a missing one gives its nearest existing parent."""
        mark, _ = self._find_node(location)
        return self.document.placed(mark, _spell_path(location))

    def key(self, *location: str | int) -> Place:
        """Where the key of an existing value stands."""
        parent = cast(Mapping, self.at(*location[:-1]))
        return self.document.placed(parent.key_mark(str(location[-1])))

    def stated(self, value: T | None, *location: str | int) -> Stated[T] | None:
        """A value with its place; None for one that is not stated."""
        return None if value is None else Stated(value, self.value(*location))

    def at(self, *location: str | int) -> Value:
        """The value itself, or its nearest existing parent."""
        return self._find_node(location)[1]

    def _find_node(self, location: Location) -> tuple[int, Value]:
        document = self.document.document
        mark, node = document.top, document.root
        for step in location:
            if isinstance(step, str) and isinstance(node, Mapping) and step in node:
                mark, node = node.value_mark(step), node[step]
            elif isinstance(step, int) and isinstance(node, Sequence) and step < len(node):
                mark, node = node.marks[step], node[step]
            elif step != 0 or isinstance(node, Sequence):  # a single item may stand for the list of it
                break
        return mark, node
