"""What an edit is, and the question it belongs to."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from kubeqed.graph.reach.addresses import Ranges
from kubeqed.graph.reach.endpoints import Endpoint
from kubeqed.graph.reach.peer import Group, Peer
from kubeqed.model.object import Object
from kubeqed.model.workload import Workload

Operation = Literal["add", "insert", "remove", "create", "advice"]


class Edit(NamedTuple):
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
    purpose: Literal["allow", "forbid"] = "allow"


class End(NamedTuple):
    """One end of a pair: its node, what it is called, and the peer of which `pods` are meant, or the addresses."""

    node: int
    text: str
    group: Group
    pods: tuple[Endpoint, ...] = ()

    @property
    def peer(self) -> Peer | None:
        """The peer, unless it is addresses or the ingress controller."""
        return self.group.workloads[0] if self.group.workloads else None

    @property
    def workload(self) -> Workload | None:
        """The object behind the peer."""
        return self.pods[0].workload if self.pods else None


class Pair(NamedTuple):
    """The two ends of a question."""

    source: End
    destination: End

    @property
    def ranges(self) -> Ranges:
        """The addresses at either end."""
        return (*self.source.group.addresses, *self.destination.group.addresses)


def advise(text: str, item: Object | None = None, path: str = "") -> Edit:
    """A sentence instead of an exact edit, where it speaks of an object with its place."""
    return Edit("advice", item, path, text=text)
