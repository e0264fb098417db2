"""Reading typed fields out of a value tree, where every field may be unknown.

A field of the wrong type reads as an unknown: nothing may be concluded from what the API server would refuse. So does
every field below an unknown, and a key that is absent from a mapping into which a template puts more keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from kubeqed.parse import Fresh, Mapping, Sequence, Unknown, Value

T = TypeVar("T")

_PLAIN_STEP = re.compile(r"[^.\[\]\"]+\Z")


class Listing(Generic[T]):
    """The items of a list, in order; `more` is an unknown when it may hold items that the input does not show."""

    __slots__ = ("items", "more")

    def __init__(self, items: tuple[T, ...] = (), more: Unknown | None = None) -> None:
        self.items = items
        self.more = more

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Labels(NamedTuple):
    """Label or annotation entries, or a selector's; `more` as in Listing, `path` is where they stand in the manifest."""

    entries: dict[str, str | Unknown]
    path: str
    more: Unknown | None = None

    def path_of(self, key: str) -> str:
        """The manifest path of one entry."""
        return join_path(self.path, key)


def join_path(path: str, key: str) -> str:
    """`path` and one more key, quoted when the key itself holds dots or brackets."""
    step = key if _PLAIN_STEP.match(key) else f'["{key}"]'
    return f"{path}{step}" if step.startswith("[") or not path else f"{path}.{step}"


def read_field(node: Value, key: str) -> Value:
    """The value of a field: None when absent or null, an Unknown when it cannot be told."""
    if isinstance(node, Mapping):
        value = node.get(key)
        if value is None and node.open:
            return Unknown(Fresh(key), f"{key} (a template may set it)")
        return value
    return None if node is None else unknown_below(node, key)


def unknown_below(node: Value, key: str) -> Unknown:
    """The unknown that stands for a field below something unknown or malformed."""
    mark = node.mark if isinstance(node, Unknown) else None
    return Unknown(Fresh(key), node.text if isinstance(node, Unknown) else _describe_shape(node), mark)


def _describe_shape(node: Value) -> str:
    """A value of the wrong type in a few characters, spelt as in YAML."""
    if isinstance(node, Mapping | Sequence):
        return "{…}" if isinstance(node, Mapping) else "[…]"
    return str(node).lower() if isinstance(node, bool) else str(node)


def may_be_set(node: Value, key: str) -> bool:
    """Whether the field holds something, or may: what is known to be absent, null or empty does not."""
    value = read_field(node, key)
    return isinstance(value, Unknown) or bool(value) or (isinstance(value, Mapping | Sequence) and value.open)


def apply_default(value: T | Unknown | None, otherwise: T) -> T | Unknown:
    """The API's default for a field that is absent or null; anything written, or unknown, stays."""
    return otherwise if value is None else value


def read_text(node: Value, key: str) -> str | Unknown | None:
    """A string field."""
    value = read_field(node, key)
    return value if value is None or isinstance(value, str | Unknown) else unknown_below(value, key)


def read_name(node: Value, key: str) -> str | Unknown | None:
    """A string field that names an object; an empty one is the same as none to the server."""
    text = read_text(node, key)
    return None if isinstance(text, str) and not text else text


def read_text_or(node: Value, key: str, otherwise: str) -> str | Unknown:
    """A string field that the server fills in where it is absent, null or empty."""
    value = read_text(node, key)
    return value if isinstance(value, Unknown) else value or otherwise


def read_integer(node: Value, key: str) -> int | Unknown | None:
    """An integer field; parse reads a float without a fraction, as JSON numbers are, as one."""
    value = read_field(node, key)
    if value is None or isinstance(value, Unknown) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return unknown_below(value, key)


def read_boolean(node: Value, key: str) -> bool | Unknown | None:
    """A boolean field."""
    value = read_field(node, key)
    return value if value is None or isinstance(value, bool | Unknown) else unknown_below(value, key)


def read_port(node: Value, key: str) -> int | str | Unknown | None:
    """An IntOrString field, such as `targetPort`."""
    value = read_field(node, key)
    return value if isinstance(value, str) else read_integer(node, key)


def read_mapping(node: Value, key: str) -> Mapping | Unknown | None:
    """A field that is an object."""
    value = read_field(node, key)
    return value if value is None or isinstance(value, Mapping | Unknown) else unknown_below(value, key)


def read_list(node: Value, key: str, read: Callable[[Value, int], T]) -> Listing[T]:
    """A list field, each item read by `read(item, index)`; absent and null are the empty list."""
    value = read_field(node, key)
    if value is None:
        return Listing()
    if not isinstance(value, Sequence):
        return Listing((), unknown_below(value, key))
    more = Unknown(Fresh(key), f"{key} (a template may add to it)") if value.open else None
    return Listing(tuple(read(item, index) for index, item in enumerate(value)), more)


def read_items(node: Value, key: str) -> Iterable[Value]:
    """The items of a list field as they are; none where it is absent or unknown."""
    value = read_field(node, key)
    return value if isinstance(value, Sequence) else ()


def read_strings(node: Value, key: str) -> Listing[str | Unknown]:
    """A list of strings."""
    return read_list(
        node, key, lambda item, index: item if isinstance(item, str | Unknown) else unknown_below(item, str(index))
    )


def read_labels(node: Value, key: str, path: str) -> Labels:
    """A field that maps strings to strings: labels, annotations, a plain selector. `path` is its manifest path."""
    value = read_mapping(node, key)
    if value is None:
        return Labels({}, path)
    if isinstance(value, Unknown):
        return Labels({}, path, value)
    entries = {
        name: entry if isinstance(entry, str | Unknown) else "" if entry is None else unknown_below(entry, name)
        for name, entry in value.items()
    }
    return Labels(entries, path, Unknown(Fresh(key), f"{key} (a template may add to it)") if value.open else None)
