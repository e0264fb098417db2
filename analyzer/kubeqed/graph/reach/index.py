"""From terms to sets: which classes and addresses a subject or a peer means, as bits of one int.

Bit i is class i; after the classes come the pieces of addresses that ingress rules tell apart, then those of egress.
"""

from __future__ import annotations

from functools import cached_property

from kubeqed.graph.reach.addresses import Range, Ranges
from kubeqed.graph.reach.bits import bits_of
from kubeqed.graph.reach.classes import PodClass
from kubeqed.graph.reach.compiled import Direction
from kubeqed.graph.reach.namespaces import NAME_LABEL
from kubeqed.graph.reach.ports import EMPTY, PortSet
from kubeqed.graph.reach.terms import AddressTerm, PodTerm, Requirement, Requirements, Term


class Index:
    """The classes of a unit, and the addresses on either side, as sets."""

    def __init__(
        self, classes: list[PodClass], namespaces: dict[str, dict[str, str]], sources: Ranges, destinations: Ranges
    ) -> None:
        self.classes = classes
        self.namespaces = namespaces
        self.first_source = len(classes)
        self.first_destination = self.first_source + len(sources)
        self.size = self.first_destination + len(destinations)
        self.ranges: tuple[Range, ...] = (*sources, *destinations)
        self._terms: dict[tuple[Term, Direction], int] = {}
        self._pods: dict[Requirements, int] = {}
        self._namespaced: dict[Requirements, int] = {}
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
        return self.pods | self.addresses(direction)

    def addresses(self, direction: Direction) -> int:
        """All pieces of addresses in a direction."""
        start, end = self._span(direction)
        return ((1 << (end - start)) - 1) << start

    def numbers(self, direction: Direction) -> range:
        """The bits of the pieces of addresses in a direction."""
        return range(*self._span(direction))

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
            found = self._terms[key] = self._matched(term, direction)
        return found

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

    def _matched(self, term: Term, direction: Direction) -> int:
        if isinstance(term, AddressTerm):
            return self._pieces(term, direction) | (self._pods_at(term) if term.pods else 0)
        if term.namespace is not None:
            within = self._by_namespace.get(term.namespace, 0)
        else:
            within = self._of_namespaces(term.namespaces)
        return within & self._of_pods(term.pods) & self.governed

    def _pieces(self, term: AddressTerm, direction: Direction) -> int:
        start, end = self._span(direction)
        inside = (
            at
            for at in range(start, end)
            if any(low <= self.range_of(at)[0] and self.range_of(at)[1] <= high for low, high in term.ranges)
        )
        return bits_of(inside, self.size)

    def _pods_at(self, term: AddressTerm) -> int:
        inside = (
            at
            for at, one in enumerate(self.classes)
            if any(low <= address <= high for low, high in term.ranges for address in one.key.addresses)
        )
        return bits_of(inside, self.size) & self.governed

    def _span(self, direction: Direction) -> tuple[int, int]:
        if direction == "Ingress":
            return self.first_source, self.first_destination
        return self.first_destination, self.size

    def _of_namespaces(self, selector: Requirements) -> int:
        if not selector:
            return self.pods
        found = self._namespaced.get(selector)
        if found is None:
            found = 0
            for name in self._by_namespace:
                labels = self.namespaces.get(name) or {NAME_LABEL: name}
                if all(one.met(labels) for one in selector):
                    found |= self._by_namespace[name]
            self._namespaced[selector] = found
        return found

    def _of_pods(self, selector: Requirements) -> int:
        found = self._pods.get(selector)
        if found is None:
            found = self.pods
            for one in selector:
                found &= self._meeting(one)
            self._pods[selector] = found
        return found

    def _meeting(self, one: Requirement) -> int:
        if one.operator in ("In", "NotIn"):
            wearing = 0
            for value in one.values:
                wearing |= self._wearing.get((one.key, value), 0)
            return wearing if one.operator == "In" else self.pods & ~wearing
        having = self._having.get(one.key, 0)
        return having if one.operator == "Exists" else self.pods & ~having

    @cached_property
    def _by_namespace(self) -> dict[str, int]:
        members: dict[str, list[int]] = {}
        for at, one in enumerate(self.classes):
            members.setdefault(one.key.namespace, []).append(at)
        return {name: bits_of(numbers, self.size) for name, numbers in members.items()}

    @cached_property
    def _wearing(self) -> dict[tuple[str, str], int]:
        members: dict[tuple[str, str], list[int]] = {}
        for at, one in enumerate(self.classes):
            for label in one.key.labels:
                members.setdefault(label, []).append(at)
        return {label: bits_of(numbers, self.size) for label, numbers in members.items()}

    @cached_property
    def _having(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for (key, _), bits in self._wearing.items():
            found[key] = found.get(key, 0) | bits
        return found
