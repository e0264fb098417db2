"""Representatives as the peers of the engine: a rule means one where it asks for nothing that the pair does not say.

The engine asks this index what it asks the index of a unit's classes, so absent pods have no evaluation of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kubeqed.reach.algebra.bits import bits_of
from kubeqed.reach.algebra.ports import PROTOCOLS, PortSet, single_port, union_of
from kubeqed.reach.algebra.terms import PodTerm, Requirements, RequirementTerm, Spelling, Term, are_met
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.peer import Representative
from kubeqed.reach.policy.compiled import Direction

Names = tuple[tuple[str | None, str], ...]


class RepresentativeIndex:
    """The `representatives`, by their places. `spaces` are the labels of the namespaces that the input declares.

    `named` are the numbers that stand for names of ports.
    """

    def __init__(
        self,
        representatives: Sequence[Representative],
        spaces: Mapping[str, dict[str, str]],
        named: Mapping[int, str],
    ) -> None:
        self._representatives = representatives
        self._spaces = spaces
        self._numbers = {name: number for number, name in named.items()}
        self._terms: dict[Term, int] = {}

    def everything(self, _direction: Direction) -> int:
        """All of them."""
        return (1 << len(self._representatives)) - 1

    def every_address(self, _direction: Direction) -> int:
        """None of them: absent pods have no address that is known."""
        return 0

    def peers(self, terms: tuple[Term, ...], _direction: Direction) -> int:
        """Those that one of the terms means."""
        found = 0
        for term in terms:
            if term not in self._terms:
                self._terms[term] = self._match_term(term)
            found |= self._terms[term]
        return found

    def resolutions(self, names: Names) -> dict[PortSet, int]:
        """The numbers that stand for the names, whoever is asked."""
        ports = union_of(
            single_port(typed, self._numbers[name])
            for protocol, name in names
            for typed in PROTOCOLS
            if protocol in (None, typed) and name in self._numbers
        )
        return {ports: self.everything("Egress")}

    def _match_term(self, term: Term) -> int:
        if not isinstance(term, PodTerm):
            return self.everything("Egress") if term.holds(()) else 0
        numbers = (at for at, one in enumerate(self._representatives) if self._is_meant(one, term))
        return bits_of(numbers, len(self._representatives))

    def _is_meant(self, one: Representative, asked: PodTerm) -> bool:
        """Whether a representative says all that a term asks; of a namespace in the input all labels are known."""
        namespaces = asked.namespaces
        if asked.namespace is not None:
            namespaces = (RequirementTerm(NAME_LABEL, "In", (asked.namespace,)),)
        labels = self._spaces.get(dict(one.namespaces.labels).get(NAME_LABEL, ""))
        there = _implies_all(one.namespaces, namespaces) if labels is None else are_met(namespaces, labels)
        return there and _implies_all(one.pods, asked.pods)


def _implies_all(said: Spelling, asked: Requirements) -> bool:
    labels, have = dict(said.labels), said.requirements
    return all(one in have or (one.key in labels and one.met(labels)) for one in asked)
