"""What an edit is."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from kubeqed.model.kinds.object import Object

Operation = Literal["add", "insert", "remove", "create", "advice"]


class PolicyEdit(NamedTuple):
    """A change of `object` at `path`.

    `add` appends the items of `value` to the list at the path, `insert` puts them before the item at the path, `remove`
    takes that item out. `create` adds the object `value`, best beside `object`. `advice` is a sentence alone.
    `text` says what an exact edit cannot say, empty where there is no more to say. `purpose` is what it does with the
    pair that was asked about.
    """

    operation: Operation
    object: Object | None
    path: str
    value: Any = None
    text: str = ""
    purpose: Literal["allow", "forbid", "hold"] = "allow"


def make_advice(text: str, item: Object | None = None, path: str = "") -> PolicyEdit:
    """A sentence instead of an exact edit, where it speaks of an object with its place."""
    return PolicyEdit("advice", item, path, text=text)
