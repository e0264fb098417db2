"""Large sets of peers as unions of shared parts, so that a report of many similar sets stays small.

Peers stand in a fixed order, and the order in a tree of halves. What several sets have in common below a node of the
tree is one part; what only one set has is split further, until it is small. Sets of up to 64 peers stay whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kubeqed.reach import Peer

Part = tuple[Peer, ...]

SMALL = 64


class SetPartition:
    """Cuts sets into parts; all sets are announced first."""

    def __init__(self, sets: Iterable[Part]) -> None:
        large = [one for one in set(sets) if len(one) > SMALL]
        self._order: list[Peer] = sorted({shown for one in large for shown in one})
        self._seen: Counter[Part] = Counter()
        for one in large:
            self._count_part(one, 0, len(self._order))

    def of(self, peers: Part) -> list[Part]:
        """The parts of an announced set, together the set."""
        if len(peers) <= SMALL:
            return [peers]
        return self._cut_part(peers, 0, len(self._order))

    def _count_part(self, peers: Part, start: int, end: int) -> None:
        self._seen[peers] += 1
        if len(peers) > SMALL and self._seen[peers] == 1:
            for part, low, high in self._split_halves(peers, start, end):
                self._count_part(part, low, high)

    def _cut_part(self, peers: Part, start: int, end: int) -> list[Part]:
        """The pieces of a part that other sets share."""
        if len(peers) <= SMALL or self._seen[peers] > 1:
            return [peers]
        return [
            piece
            for part, low, high in self._split_halves(peers, start, end)
            for piece in self._cut_part(part, low, high)
        ]

    def _split_halves(self, peers: Part, start: int, end: int) -> list[tuple[Part, int, int]]:
        """What of the peers lies in either half of the tree's node, where it is not empty."""
        from bisect import bisect_left

        middle = (start + end) // 2
        at = bisect_left(peers, self._order[middle])
        halves = [(peers[:at], start, middle), (peers[at:], middle, end)]
        return [half for half in halves if half[0]]
