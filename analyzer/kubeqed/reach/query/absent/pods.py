"""Pods that no manifest shows, one for each way in which the policies of two versions may treat one.

A pod's namespace and labels decide which selectors mean it, as a subject or as a peer. Pods that the same selectors mean,
before and after, are one; a namespace may be one that is named somewhere, or a new one with any labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.reach.algebra.label_space import LabelCell, Labels, LabelSpace, TooManyCellsError, distinct_selectors
from kubeqed.reach.algebra.terms import PodTerm, Requirements, are_met
from kubeqed.reach.algebra.tokens import make_token
from kubeqed.reach.namespaces import NAME_LABEL

Spaces = dict[str, dict[str, str]]  # labels by the name of a namespace


class AbsentPod(NamedTuple):
    """Pods alike: an example of their namespace and labels, and the terms that mean them before and after."""

    namespace: str
    labels: Labels
    before: frozenset[PodTerm]
    after: frozenset[PodTerm]


class AbsentNamespace(NamedTuple):
    """A namespace, and the terms that mean pods of it before and after, whatever these ask of the pods' labels."""

    name: str
    before: frozenset[PodTerm]
    after: frozenset[PodTerm]


class AbsentPods:
    """The pods that two versions could tell apart. `before` and `after` are the labels of declared namespaces.

    `exact` is False where there are too many: then each term has one pod, and what two terms share has none.
    """

    def __init__(self, terms: Iterable[PodTerm], before: Spaces, after: Spaces, most: int) -> None:
        self._terms = frozenset(terms)
        self._before, self._after = before, after
        self._most = most
        self.exact = True
        self.spaces: Spaces = {}

    @cached_property
    def all(self) -> list[AbsentPod]:
        """Each of them once, the plainest first."""
        found: dict[tuple[frozenset[PodTerm], frozenset[PodTerm]], AbsentPod] = {}
        for space in self._each_space():
            for cell in self._list_cells(distinct_selectors(term.pods for term in space.before | space.after)):
                before, after = _find_meant(space.before, cell), _find_meant(space.after, cell)
                found.setdefault((before, after), AbsentPod(space.name, cell.labels, before, after))
        return list(found.values())

    def _each_space(self) -> Iterator[AbsentNamespace]:
        """New namespaces first, then those with a name; of those that the same terms mean the first."""
        selectors = distinct_selectors(term.namespaces for term in self._terms if term.namespace is None)
        anywhere = [term for term in self._terms if term.namespace is None]
        seen = set()
        for number, cell in enumerate(self._list_cells(selectors, fixed=(NAME_LABEL,))):
            name = make_token(f"new namespace {number}")
            labels = {**dict(cell.labels), NAME_LABEL: name}
            meant = frozenset(term for term in anywhere if are_met(term.namespaces, labels))
            if meant not in seen:
                seen.add(meant)
                self.spaces[name] = labels
                yield AbsentNamespace(name, meant, meant)
        for name in sorted(self._collect_namespaces(selectors)):
            yield AbsentNamespace(name, self._meant_in(name, self._before), self._meant_in(name, self._after))

    def _collect_namespaces(self, selectors: Iterable[Requirements]) -> set[str]:
        named = {value for one in selectors for asked in one if asked.key == NAME_LABEL for value in asked.values}
        return {*self._before, *self._after, *named, *(term.namespace for term in self._terms if term.namespace)}

    def _meant_in(self, name: str, spaces: Spaces) -> frozenset[PodTerm]:
        """The terms that mean pods of a namespace, whatever they ask of the pods' labels."""
        labels = spaces.get(name) or {NAME_LABEL: name}
        return frozenset(
            term
            for term in self._terms
            if (are_met(term.namespaces, labels) if term.namespace is None else term.namespace == name)
        )

    def _list_cells(self, selectors: frozenset[Requirements], fixed: tuple[str, ...] = ()) -> list[LabelCell]:
        key = (selectors, fixed)
        if key not in self._known_cells:
            self._known_cells[key] = self._cut_space(LabelSpace(selectors, fixed), selectors, fixed)
        return self._known_cells[key]

    def _cut_space(
        self, space: LabelSpace, selectors: frozenset[Requirements], fixed: tuple[str, ...]
    ) -> list[LabelCell]:
        """The cells of a space; those of each selector by itself where there are too many."""
        try:
            return space.cells(self._most)
        except TooManyCellsError:
            self.exact = False
        found = [cell for one in sorted(selectors) for cell in LabelSpace([one], fixed).cells(self._most)]
        return list({cell.labels: cell for cell in (_seen_by(cell, selectors) for cell in found)}.values())

    @cached_property
    def _known_cells(self) -> dict[tuple[frozenset[Requirements], tuple[str, ...]], list[LabelCell]]:
        return {}


def _seen_by(cell: LabelCell, selectors: frozenset[Requirements]) -> LabelCell:
    labels = dict(cell.labels)
    return cell._replace(met=frozenset(one for one in selectors if are_met(one, labels)))


def _find_meant(terms: frozenset[PodTerm], cell: LabelCell) -> frozenset[PodTerm]:
    return frozenset(term for term in terms if not term.pods or term.pods in cell.met)
