"""What a pool needs, and what a range or a limit has: the numbers that a plan is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.stated_network import NodePool
from kubeqed.parse import Place


class PoolPlan(NamedTuple):
    """What a pool needs: addresses of its subnet, and a block of the range of pods for each node.

    `max_pods` and `surge` are stated or the platform's default. `addresses` is None where the mode is not known;
    `node_mask` is the prefix of a node's block, None where its pods have addresses of the subnet.
    """

    pool: NodePool
    nodes: int
    surge: int
    max_pods: int
    addresses: int | None
    node_mask: int | None

    @property
    def name(self) -> str:
        """The name of the pool."""
        return self.pool.name.value


class Capacity(NamedTuple):
    """A range or a limit, and what is asked of it; it is short where `needed` is more than `available`.

    `least` says what would do. `at_most` is how sure a shortage may be said; `pools` are those that share it.
    """

    subject: str
    counted: str
    place: Place | None
    needed: int
    available: int
    reason: str
    least: str = ""
    at_most: Certainty | None = None
    pools: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether more is needed than there is."""
        return self.needed > self.available


def find_exceeding(pools: Sequence[PoolPlan], most: int) -> Place | None:
    """Where the nodes are stated with which the pools have more than some number; the last one's where they have not."""
    total, place = 0, None
    for one in pools:
        total, place = total + one.nodes, one.pool.nodes.place if one.pool.nodes else None
        if total > most:
            break
    return place
