"""The graph of groups as a drawing: boxes for groups, arrows for connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph.reach import ports
from kubeqed.graph.reach.answer import Connection
from kubeqed.graph.reach.peer import Group
from kubeqed.report.reach.words import CONTROLLER, addresses, workload

MOST = 5


class Arrow(NamedTuple):
    """A connection between two boxes."""

    source: str
    destination: str
    text: str


class Drawing:
    """Boxes with names, in order of first use, and the arrows between them."""

    def __init__(self, connections: list[Connection]) -> None:
        self.boxes: dict[Group, str] = {}
        self.arrows = [
            Arrow(self._box(one.sources), self._box(one.destinations), ports.text(one.ports)) for one in connections
        ]

    def labels(self) -> Iterator[tuple[str, list[str]]]:
        """Each box with the lines of its label."""
        for group, name in self.boxes.items():
            names = [workload(shown) for shown in group.workloads[:MOST]]
            lines = [CONTROLLER] if group.controller else []
            lines += _few(names, len(group.workloads))
            blocks = addresses(group)
            yield name, [*lines, *_few(blocks[:MOST], len(blocks))]

    def _box(self, group: Group) -> str:
        return self.boxes.setdefault(group, f"g{len(self.boxes) + 1}")


def _few(shown: list[str], count: int) -> list[str]:
    """The lines that are shown, and how many more there are."""
    return shown if len(shown) == count else [*shown, f"and {count - len(shown):,} more"]
