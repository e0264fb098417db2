"""From terms to sets: which classes and addresses a subject or a peer means, as bits of one int.

Bit i is class i; after the classes come the pieces of addresses that ingress rules tell apart, then those of egress.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

from kubeqed.reach.algebra.addresses import Range, Ranges, is_v6, join_ranges
from kubeqed.reach.algebra.bits import bits_of
from kubeqed.reach.algebra.label_index import LabelSets
from kubeqed.reach.algebra.ports import EMPTY, PortSet
from kubeqed.reach.algebra.terms import AddressTerm, PodTerm, Term
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.topology.classes import PodClass


class ClassIndex:
    """The classes of a unit, and the addresses on either side, as sets.

    `ipv6` says whether lists have IPv6 addresses; questions may ask about them anyway.
    """

    def __init__(
        self,
        classes: list[PodClass],
        namespaces: dict[str, dict[str, str]],
        sources: Ranges,
        destinations: Ranges,
        *,
        ipv6: bool,
    ) -> None:
        self.ipv6 = ipv6
        self.classes = classes
        self.namespaces = namespaces
        self.first_source = len(classes)
        self.first_destination = self.first_source + len(sources)
        self.size = self.first_destination + len(destinations)
        self.ranges: tuple[Range, ...] = (*sources, *destinations)
        self._listed: dict[Direction, int] = {}
        self._terms: dict[tuple[Term, Direction], int] = {}
        self._peers: dict[tuple[int, Direction], tuple[tuple[Term, ...], int]] = {}
        self._resolutions: dict[tuple[tuple[str | None, str], ...], dict[PortSet, int]] = {}

    @cached_property
    def pods(self) -> int:
        """Every class."""
        return (1 << len(self.classes)) - 1

    @cached_property
    def governed(self) -> int:
        """The classes that policies see: those outside the host network."""
        return bits_of((at for at, one in enumerate(self.classes) if one.key.governed), self.size)

    def everything(self, direction: Direction) -> int:
        """All peers there are in a direction."""
        return self.pods | self.every_address(direction)

    def every_address(self, direction: Direction) -> int:
        """All pieces of addresses in a direction."""
        start, end = self._find_span(direction)
        return ((1 << (end - start)) - 1) << start

    def addresses(self, direction: Direction) -> int:
        """The pieces of addresses in a direction that lists have."""
        if direction not in self._listed:
            numbers = (at for at in self.numbers(direction) if self.ipv6 or not is_v6(self.range_of(at)))
            self._listed[direction] = bits_of(numbers, self.size)
        return self._listed[direction]

    def numbers(self, direction: Direction) -> range:
        """The bits of the pieces of addresses in a direction."""
        return range(*self._find_span(direction))

    def range_of(self, number: int) -> Range:
        """The range of addresses that a bit stands for."""
        return self.ranges[number - self.first_source]

    def of_namespace(self, name: str) -> int:
        """The classes of a namespace."""
        return self._by_namespace.get(name, 0)

    def match(self, term: Term, direction: Direction) -> int:
        """What a term means among the peers of a direction."""
        key = (term, direction)
        found = self._terms.get(key)
        if found is None:
            found = self._terms[key] = self._find_matches(term, direction)
        return found

    def peers(self, terms: tuple[Term, ...], direction: Direction) -> int:
        """What the terms of a rule mean together. All of its addresses are looked up at once: there may be thousands."""
        known = self._peers.get((id(terms), direction))
        if known is None:
            found = 0
            # A rule with thousands of ipBlocks is common (lists of an Internet provider). Joining their ranges before
            # they are looked up makes this one pass instead of one for each block.
            blocks = [term for term in terms if isinstance(term, AddressTerm)]
            for term in terms:
                found |= self._pods_at(term) if isinstance(term, AddressTerm) else self.match(term, direction)
            found |= self._find_pieces(join_ranges(one for term in blocks for one in term.ranges), direction)
            known = self._peers[id(terms), direction] = (terms, found)  # keeps the terms, and so their identity
        return known[1]

    def subjects(self, term: PodTerm) -> int:
        """The classes that a policy's subject selects."""
        return self.match(term, "Ingress")

    def resolutions(self, names: tuple[tuple[str | None, str], ...]) -> dict[PortSet, int]:
        """What named ports mean: for each set of ports the classes that declare them so."""
        found = self._resolutions.get(names)
        if found is None:
            members: dict[PortSet, list[int]] = {}
            for at, one in enumerate(self.classes):
                members.setdefault(one.resolve(names) if one.key.ports else EMPTY, []).append(at)
            found = {ports: bits_of(numbers, self.size) for ports, numbers in members.items()}
            self._resolutions[names] = found
        return found

    def _find_matches(self, term: Term, direction: Direction) -> int:
        """The peers that a term means."""
        if isinstance(term, AddressTerm):
            return self._find_pieces(term.ranges, direction) | self._pods_at(term)
        # A peer without a namespaceSelector means pods of the policy's own namespace; with one, pods of all that it
        # selects.
        if term.namespace is not None:
            within = self._by_namespace.get(term.namespace, 0)
        else:
            within = self._spaces.selected(term.namespaces)
        # A pod of the host network has its node's address, so no selector means it, whatever its labels.
        return within & self._pods.selected(term.pods) & self.governed

    def _find_pieces(self, ranges: Iterable[Range], direction: Direction) -> int:
        """The pieces of addresses that the ranges are made of: each range begins and ends where a piece does."""
        starts, first = self._starts[direction], self._find_span(direction)[0]
        # Ranges of rules begin and end where a piece does, since pieces were cut at their edges: no piece is met in
        # part.
        runs = (range(first + bisect_left(starts, low), first + bisect_right(starts, high)) for low, high in ranges)
        return bits_of(chain.from_iterable(runs), self.size)

    @cached_property
    def _starts(self) -> dict[Direction, list[int]]:
        """The first address of each piece, in order."""
        directions: tuple[Direction, ...] = ("Ingress", "Egress")
        return {direction: [self.range_of(at)[0] for at in self.numbers(direction)] for direction in directions}

    def _pods_at(self, term: AddressTerm) -> int:
        """The pods at the addresses; those of the host network too, as a block means a node's address like any other."""
        if not term.pods:
            return 0
        return bits_of((at for at, one in enumerate(self.classes) if term.holds(one.key.addresses)), self.size)

    def _find_span(self, direction: Direction) -> tuple[int, int]:
        if direction == "Ingress":
            return self.first_source, self.first_destination
        return self.first_destination, self.size

    @cached_property
    def _by_namespace(self) -> dict[str, int]:
        return {name: bits_of(numbers, self.size) for name, numbers in self._numbers.items()}

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        members: dict[str, list[int]] = {}
        for at, one in enumerate(self.classes):
            members.setdefault(one.key.namespace, []).append(at)
        return members

    @cached_property
    def _pods(self) -> LabelSets:
        return LabelSets(((one.key.labels, (at,)) for at, one in enumerate(self.classes)), self.size)

    @cached_property
    def _spaces(self) -> LabelSets:
        """The classes by the labels of their namespaces; one that is declared nowhere has the label of its name."""
        labelled = (
            ((self.namespaces.get(name) or {NAME_LABEL: name}).items(), numbers)
            for name, numbers in self._numbers.items()
        )
        return LabelSets(labelled, self.size)
