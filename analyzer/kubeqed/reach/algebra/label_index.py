"""Label selectors as set operations: the pods with a label are a set of bits, and a selector intersects such sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubeqed.reach.algebra.bits import bits_of
from kubeqed.reach.algebra.terms import Requirements, RequirementTerm

Labelled = tuple[Iterable[tuple[str, str]], Sequence[int]]


class LabelSets:
    """Numbers below `size` with labels; `everyone` is the set of all of them."""

    def __init__(self, labelled: Iterable[Labelled], size: int) -> None:
        numbers: list[int] = []
        label_sets: dict[tuple[str, str], list[int]] = {}
        for labels, several in labelled:
            numbers += several
            for label in labels:
                label_sets.setdefault(label, []).extend(several)
        self.everyone = bits_of(numbers, size)
        self._label_sets = {label: bits_of(several, size) for label, several in label_sets.items()}
        self._having: dict[str, int] = {}
        for (key, _), bits in self._label_sets.items():
            self._having[key] = self._having.get(key, 0) | bits
        self._selected: dict[Requirements, int] = {}

    def selected(self, selector: Requirements) -> int:
        """The numbers that meet all of a selector."""
        found = self._selected.get(selector)
        if found is None:
            found = self.everyone
            for one in selector:
                found &= self._match_requirement(one)
            self._selected[selector] = found
        return found

    def _match_requirement(self, one: RequirementTerm) -> int:
        """The numbers that meet one requirement."""
        if one.operator in ("In", "NotIn"):
            label_sets = 0
            for value in one.values:
                label_sets |= self._label_sets.get((one.key, value), 0)
            return label_sets if one.operator == "In" else self.everyone & ~label_sets
        having = self._having.get(one.key, 0)
        return having if one.operator == "Exists" else self.everyone & ~having
