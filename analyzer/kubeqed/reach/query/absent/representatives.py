"""Sets of absent pods in words: the selectors that mean them, as few as will do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.terms import PodTerm, Requirements, RequirementTerm, Spelling
from kubeqed.reach.algebra.tokens import OTHER
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.peer import WHOLE_CLUSTER, Representative
from kubeqed.reach.query.absent.pods import AbsentPod

FEW = 3


class _Candidate(NamedTuple):
    """A representative, and the absent pods that it means."""

    representative: Representative
    pods: int


class Representatives:
    """Names sets of absent pods, given by their places in `absent`, which has the plainest pods first."""

    def __init__(self, absent: Sequence[AbsentPod], spaces: dict[str, dict[str, str]]) -> None:
        self._absent = absent
        self._spaces = spaces
        self._known: dict[int, tuple[Representative, ...]] = {}

    def of(self, pods: int) -> tuple[Representative, ...]:
        """The representatives of a set.

        One stands for all that it means, or for what is plainest of it: "any pod" may leave out pods that a rule names.
        """
        if pods not in self._known:
            # First only selectors that mean no pod outside the set. If they are too many, or leave some out,
            # selectors that mean the plainest pod of the set do, though they mean others as well: a short name that
            # is nearly right reads better than ten that are.
            exactly, rest = _choose_candidates([one for one in self._candidates if not one.pods & ~pods], pods)
            if rest or len(exactly) > FEW:
                plainest = [one for one in self._candidates if one.pods & -one.pods & pods]
                exactly, rest = _choose_candidates(plainest, pods)
            found = [*exactly, *(self._describe_example(number) for number in list_members(rest))]
            self._known[pods] = tuple(sorted(dict.fromkeys(found)))
        return self._known[pods]

    @cached_property
    def _candidates(self) -> list[_Candidate]:
        """The whole cluster, and each term with the absent pods that it means, the plainest first."""
        numbers: dict[PodTerm, list[int]] = {}
        for number, one in enumerate(self._absent):
            for term in one.before | one.after:
                numbers.setdefault(term, []).append(number)
        size = len(self._absent)
        found = {_spell_term(term): bits_of(several, size) for term, several in sorted(numbers.items(), key=_rank_term)}
        whole = {WHOLE_CLUSTER: (1 << size) - 1}
        return [_Candidate(*one) for one in {**whole, **found}.items()]

    def _describe_example(self, number: int) -> Representative:
        """What an example says of itself; another value than the named ones is only said to be there."""
        one = self._absent[number]
        labels = self._spaces.get(one.namespace)
        if labels is None:
            return Representative(Spelling(labels=((NAME_LABEL, one.namespace),)), _spell_labels(one.labels))
        return Representative(
            _spell_labels((key, value) for key, value in labels.items() if key != NAME_LABEL), _spell_labels(one.labels)
        )


def _rank_term(found: tuple[PodTerm, list[int]]) -> tuple[int, PodTerm]:
    term = found[0]._replace(namespace=found[0].namespace or "")
    return len(term.namespaces) + len(term.pods), term


def _choose_candidates(candidates: Iterable[_Candidate], pods: int) -> tuple[list[Representative], int]:
    """Candidates that together mean as many of the pods as any do, the largest first, and the pods that none means."""
    # The greedy cover: not always the smallest, but never much larger, and the same in every run.
    left, candidates = pods, list(candidates)
    found: list[Representative] = []
    while left and candidates:
        best = max(candidates, key=lambda one: ((one.pods & left).bit_count(), -(one.pods & ~pods).bit_count()))
        if not best.pods & left:
            break
        found.append(best.representative)
        left &= ~best.pods
    return found, left


def _spell_term(term: PodTerm) -> Representative:
    if term.namespace is not None:
        return Representative(Spelling(labels=((NAME_LABEL, term.namespace),)), _spell_requirements(term.pods))
    return Representative(_spell_requirements(term.namespaces), _spell_requirements(term.pods))


def _spell_requirements(asked: Requirements) -> Spelling:
    labels = [(one.key, one.values[0]) for one in asked if one.operator == "In" and len(one.values) == 1]
    expressions = [one for one in asked if one.operator != "In" or len(one.values) != 1]
    return Spelling(tuple(labels), tuple(expressions))


def _spell_labels(labels: Iterable[tuple[str, str]]) -> Spelling:
    pairs = sorted(labels)
    there = (RequirementTerm(key, "Exists") for key, value in pairs if value == OTHER)
    return Spelling(tuple(pair for pair in pairs if pair[1] != OTHER), tuple(there))
