"""The one search for a core: what suffices together, and without any one of which the others would not."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def minimize_core(items: Sequence[Key], suffices_without: Callable[[frozenset[Key]], bool]) -> tuple[Key, ...]:
    """The items left when, from the first on, each is left out without which the others still suffice.

    What suffices without some items suffices without fewer, so whole stretches are tried at once.
    """
    dropped: frozenset[Key] = frozenset()
    kept: list[Key] = []
    waiting = [items] if items else []
    while waiting:
        # Leaving out single items asks once for each; most of many are not in the core. Halving asks the logarithm of
        # their number for each item that is, and keeps the same ones as going one by one.
        stretch = waiting.pop()
        without = dropped.union(stretch)
        if suffices_without(without):
            dropped = without
        elif len(stretch) == 1:
            kept += stretch
        else:
            half = len(stretch) // 2
            waiting += [stretch[half:], stretch[:half]]
    return tuple(kept)
