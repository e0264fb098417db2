"""A peer of a connection and sets of peers: the one identity that lists, decisions, differences and edits share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.reach.algebra.addresses import Ranges
from kubeqed.reach.algebra.terms import Spelling

NAME_OF_CONTROLLER = "{ingress-controller}"


class Peer(NamedTuple):
    """A workload, or one of its pods where policies tell these apart; the fields are its key, and sort by name.

    `number` is above 1 for the second, third … object whose namespace, name and kind read like those of another, as
    two placeholders may. `stopped` says that the manifest asks for no pods.
    """

    namespace: str
    name: str
    kind: str
    number: int = 1
    stopped: bool = False

    @property
    def identity(self) -> Peer:
        """The key of the workload, the same where one of two versions asks for no pods of it."""
        return self._replace(stopped=False)

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}[{self.kind}]" + (f"#{self.number}" if self.number > 1 else "")


class Representative(NamedTuple):
    """Absent pods: what is asked of their namespace, and of themselves."""

    namespaces: Spelling
    pods: Spelling


WHOLE_CLUSTER = Representative(Spelling(), Spelling())


class Group(NamedTuple):
    """Peers that an answer treats alike: workloads, sorted, addresses, and the ingress controller outside the unit.

    `absent` are pods that no manifest shows.
    """

    workloads: tuple[Peer, ...] = ()
    addresses: Ranges = ()
    controller: bool = False
    absent: tuple[Representative, ...] = ()

    @property
    def size(self) -> int:
        """How many peers there are; each range of addresses counts as one."""
        return len(self.workloads) + len(self.addresses) + self.controller + len(self.absent)


def parts_about(sources: Group, destinations: Group, about: frozenset[Peer] | None) -> Iterator[tuple[Group, Group]]:
    """The pairs of two groups that have one of some peers as an end, each once; all pairs for None."""
    if about is None:
        yield sources, destinations
        return
    named = Group(tuple(peer for peer in sources.workloads if peer in about))
    others = sources._replace(workloads=tuple(peer for peer in sources.workloads if peer not in about))
    reached = Group(tuple(peer for peer in destinations.workloads if peer in about))
    yield from (part for part in ((named, destinations), (others, reached)) if part[0].size and part[1].size)
