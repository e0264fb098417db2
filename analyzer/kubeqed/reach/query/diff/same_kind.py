"""Absent pods that are more of a kind that manifests show: the same selectors, with labels in them, mean both."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.terms import PodTerm
from kubeqed.reach.engine.policies import CompiledPolicies
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.changes import CommonNumbering

Terms = tuple[frozenset[PodTerm], frozenset[PodTerm]]  # those that mean a pod in the old version, and in the new


class PodsOfSameKind:
    """Which absent pods are like which pods that are there."""

    def __init__(self, common: CommonNumbering) -> None:
        self._common = common
        self._known: dict[int, Terms | None] = {}

    def without(self, bits: int, others: int) -> int:
        """One side of a change without absent pods that are like a workload of it; `others` are the other side.

        An absent pod that is meant by no labels stays: it stands for any pod.
        """
        absent = bits >> self._common.first_absent << self._common.first_absent
        there = self._group_present(bits) if absent else {}
        beyond = self._group_present(others, absent=True) if there else {}
        likes = [
            number for number in list_members(absent) if self._is_like(self._find_terms(number), there, others, beyond)
        ]
        return bits & ~bits_of(likes, self._common.size)

    def _is_like(
        self, terms: Terms | None, there: dict[Terms, list[int]], others: int, beyond: Collection[Terms]
    ) -> bool:
        """Whether a workload is like it; one that is on both sides needs another one, or an absent pod, like it."""
        if terms is None or not any(term.pods for side in terms for term in side):
            return False
        found = there.get(terms, [])
        return len(found) > 1 or (len(found) == 1 and (not others >> found[0] & 1 or terms in beyond))

    def _group_present(self, bits: int, *, absent: bool = False) -> dict[Terms, list[int]]:
        """The peers of a set by the terms that mean them."""
        first, end = (self._common.first_absent, self._common.size) if absent else (0, self._common.first_source)
        found: dict[Terms, list[int]] = {}
        for number in list_members(bits):
            if first <= number < end and (terms := self._find_terms(number)) is not None:
                found.setdefault(terms, []).append(number)
        return found

    def _find_terms(self, number: int) -> Terms | None:
        """None for a workload that only one version has."""
        if number not in self._known:
            self._known[number] = self._work_out_terms(number)
        return self._known[number]

    def _work_out_terms(self, number: int) -> Terms | None:
        """The terms that mean a peer before and after; None where one version lacks it."""
        common, versions = self._common, self._common.versions
        before, after = self._asked_terms
        if number >= common.first_absent:
            pods = versions.absent[number - common.first_absent]
            return pods.before & before, pods.after & after
        nodes = common.node(versions.old, number), common.node(versions.new, number)
        if nodes[0] is None or nodes[1] is None:
            return None
        return _select_meaning(versions.old, nodes[0], before), _select_meaning(versions.new, nodes[1], after)

    @cached_property
    def _asked_terms(self) -> Terms:
        versions = self._common.versions
        return _terms_of(versions.old.reach.policies), _terms_of(versions.new.reach.policies)


def _terms_of(policies: CompiledPolicies) -> frozenset[PodTerm]:
    peers = (term for _, rule in policies.rules() for term in rule.peers or () if isinstance(term, PodTerm))
    return frozenset([*(policy.subject for policy in policies.items), *peers])


def _select_meaning(answer: ReachResult, node: int, terms: frozenset[PodTerm]) -> frozenset[PodTerm]:
    return frozenset(term for term in terms if answer.reach.index.match(term, "Ingress") >> node & 1)
