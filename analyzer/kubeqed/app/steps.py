"""What a run is doing: whoever waits is told each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Tell = Callable[[str], None]
Item = TypeVar("Item")


def ignore_progress(doing: str) -> None:
    """Shows no progress."""


def count_steps(items: Sequence[Item], doing: str, tell: Tell) -> Iterator[Item]:
    """The items, while it is told which of how many comes."""
    for number, item in enumerate(items, 1):
        tell(f"{doing} {number} of {len(items)}")
        yield item
