"""Conditions on values, as ordered binary decision diagrams: two conditions that mean the same are the same number.

The diagrams are Bryant's: a node asks one atom, the one with the lowest number first. An atom is a term that is true or false to
`if`. That an atom of one term may decide another one is not known here, so that too much is thought possible, never too little.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.build.gotemplate.values import TooLargeError

FALSE, TRUE = 0, 1
_MOST_NODES = 40_000
_FAR = 1_000_000  # more atoms than any chart has
Condition = int


class DecisionNode(NamedTuple):
    """Asks an atom: what holds where it is false, and where it is true."""

    atom: int
    low: Condition
    high: Condition


class Conditions:
    """All conditions of a chart; a TooLargeError where there would be too many."""

    def __init__(self) -> None:
        self._nodes: list[DecisionNode] = [DecisionNode(_FAR, FALSE, FALSE), DecisionNode(_FAR, TRUE, TRUE)]
        self._known: dict[DecisionNode, Condition] = {}
        self._chosen: dict[tuple[Condition, Condition, Condition], Condition] = {}

    def atom(self, number: int) -> Condition:
        """That an atom is true."""
        return self._make_node(number, FALSE, TRUE)

    def node(self, condition: Condition) -> DecisionNode:
        """What a condition asks first; FALSE and TRUE ask nothing."""
        return self._nodes[condition]

    def _make_node(self, atom: int, low: Condition, high: Condition) -> Condition:
        """The condition that asks an atom."""
        if low == high:
            return low
        node = DecisionNode(atom, low, high)
        found = self._known.get(node)
        if found is None:
            if len(self._nodes) >= _MOST_NODES:
                raise TooLargeError("its conditions are too many")
            found = self._known[node] = len(self._nodes)
            self._nodes.append(node)
        return found

    def choose(self, condition: Condition, first: Condition, second: Condition) -> Condition:
        """The first where the condition holds, else the second."""
        try:
            return self._choose_side(condition, first, second)
        except RecursionError:
            raise TooLargeError("its conditions are nested too deeply") from None

    def _choose_side(self, condition: Condition, first: Condition, second: Condition) -> Condition:
        """The first where the condition holds, else the second."""
        if condition == TRUE or first == second:
            return first
        if condition == FALSE:
            return second
        if first == TRUE and second == FALSE:
            return condition
        key = condition, first, second
        found = self._chosen.get(key)
        if found is None:
            top = min(self._nodes[one].atom for one in key)
            low, high = (self._choose_side(*(self._take_side(one, top, side) for one in key)) for side in (False, True))
            found = self._chosen[key] = self._make_node(top, low, high)
        return found

    def _take_side(self, condition: Condition, atom: int, side: bool) -> Condition:
        """A condition where the atom that it asks first, or none, is known."""
        node = self._nodes[condition]
        if node.atom != atom:
            return condition
        return node.high if side else node.low

    def both(self, *parts: Condition) -> Condition:
        """That all parts hold."""
        found = TRUE
        for one in parts:
            found = self.choose(found, one, FALSE)
        return found

    def either(self, *parts: Condition) -> Condition:
        """That one of the parts holds."""
        found = FALSE
        for one in parts:
            found = self.choose(found, TRUE, one)
        return found

    def negate(self, condition: Condition) -> Condition:
        """That a condition does not hold."""
        return self.choose(condition, FALSE, TRUE)

    def implies(self, condition: Condition, other: Condition) -> bool:
        """Whether the other holds wherever the condition does."""
        return self.choose(condition, other, TRUE) == TRUE

    def atoms_of(self, condition: Condition) -> set[int]:
        """The atoms that decide a condition."""
        return {self._nodes[one].atom for one in self._list_below(condition)}

    def _list_below(self, condition: Condition) -> Iterator[Condition]:
        """The nodes of a condition, each once."""
        seen, waiting = {FALSE, TRUE}, [condition]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                yield one
                waiting += self._nodes[one][1:]
