"""What an edit is, and the question it belongs to."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from kubeqed.graph.reach.addresses import Ranges
from kubeqed.model.object import Object
from kubeqed.model.workload import Workload

Operation = Literal["add", "insert", "remove", "create", "advice"]


class Edit(NamedTuple):
    """A change of `object` at `path`.

    `add` appends the items of `value` to the list at the path, `insert` puts them before the item at the path, `remove`
    takes that item out. `create` adds the object `value`, best beside `object`. `advice` is a sentence alone.
    `text` says what an exact edit cannot say, empty where there is no more to say.
    """

    operation: Operation
    object: Object | None
    path: str
    value: Any = None
    text: str = ""


class Pair(NamedTuple):
    """The nodes of a question, how both are called, and the workloads or the addresses that they are."""

    source: int
    destination: int
    source_text: str
    destination_text: str
    source_item: Workload | None = None
    destination_item: Workload | None = None
    ranges: Ranges = ()


def advise(text: str, item: Object | None = None, path: str = "") -> Edit:
    """A sentence instead of an exact edit, where it speaks of an object with its place."""
    return Edit("advice", item, path, text=text)
