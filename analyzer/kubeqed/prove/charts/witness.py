"""Values that make a condition true, as few changes of the defaults as there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.values import is_true
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.terms import UNTOLD, SymbolicTerm, TermTable, path_of
from kubeqed.prove.charts.examples import ExampleMaker

_NEVER = 1_000
_MOST_CHANGES = 4
_OF_SWITCH, _OF_CHOICE, _OF_LIST, _OF_TEXT, _OF_FREE = 2, 3, 4, 5, 1

Path = tuple[str, ...]


class Assignment(NamedTuple):
    """Which atoms are true, as far as that decides."""

    cost: int
    truths: tuple[tuple[int, bool], ...]


class ValueWitness(NamedTuple):
    """Values to set, by path. `is_free` says that it rests on values which nobody knows, such as what the items of a list name."""

    settings: tuple[tuple[Path, Any], ...]
    is_free: bool


class WitnessSearch:
    """The search for values of one chart."""

    def __init__(self, table: TermTable) -> None:
        self._table = table
        self._known: dict[Condition, Assignment] = {}
        self._truths: dict[int, bool] = {}

    def find(self, condition: Condition, most: int) -> Iterator[ValueWitness]:
        """So many sets of values that make a condition true, those with the fewest changes first."""
        conditions = self._table.conditions
        for _ in range(most):
            found = self._find_cheapest(condition)
            if found.cost >= _NEVER:
                return
            made = self._make_values(found)
            if made is not None and len(made.settings) <= _MOST_CHANGES:
                yield made
            others = [
                conditions.atom(atom) if truth else conditions.negate(conditions.atom(atom))
                for atom, truth in found.truths
                if self._cost_of(atom, truth=truth)
            ]
            if not others:
                return
            condition = conditions.both(condition, conditions.negate(conditions.both(*others)))

    def _find_cheapest(self, condition: Condition) -> Assignment:
        """The cheapest assignment that makes a condition true."""
        if condition in (FALSE, TRUE):
            return Assignment(_NEVER if condition == FALSE else 0, ())
        found = self._known.get(condition)
        if found is None:
            node = self._table.conditions.node(condition)
            sides = []
            for truth, below in ((False, node.low), (True, node.high)):
                inner = self._find_cheapest(below)
                cost = min(_NEVER, inner.cost + self._cost_of(node.atom, truth=truth))
                sides.append(Assignment(cost, ((node.atom, truth), *inner.truths)))
            found = self._known[condition] = min(sides, key=lambda one: one.cost)
        return found

    def _cost_of(self, atom: int, *, truth: bool) -> int:
        """What it costs to make an atom true or false."""
        term = self._table.atoms[atom]
        if term.shadow is UNTOLD:
            return _OF_FREE
        if is_true(term.shadow) == truth:
            return 0
        setting = self._find_setting(term, truth=truth)
        return _NEVER if setting is None else setting[0]

    def _find_setting(self, term: SymbolicTerm, *, truth: bool) -> tuple[int, Path, Any] | None:
        """How an atom is made true or false by setting a value: what that costs, the path and the value."""
        if term.name == "eq" and term.kind == "call":
            return self._set_equal(term) if truth else None
        path = path_of(term)
        while path is None and term.kind == "text" and len(term.parts) == 1:
            term = term.parts[0]
            path = path_of(term)
        if not path:
            return None
        default = term.default
        if isinstance(default, bool):
            return _OF_SWITCH, path, truth
        if isinstance(default, int | float):
            return _OF_TEXT, path, 8080 if truth else 0
        if isinstance(default, list):
            return _OF_LIST, path, [ExampleMaker(self._table, self._truths).make_item(term)] if truth else []
        if isinstance(default, dict):
            return (_OF_TEXT, path, {"example": "example"}) if truth else None
        if isinstance(default, str):
            return _OF_TEXT, path, "example" if truth else ""
        return (_OF_TEXT + 1, path, self._guess_value(term)) if truth and default is None else None

    def _guess_value(self, term: SymbolicTerm) -> Any:
        """A value of a type that the default does not say."""
        item = ExampleMaker(self._table, self._truths).make_item(term)
        return [item] if isinstance(item, dict) else "example"

    def _set_equal(self, term: SymbolicTerm) -> tuple[int, Path, Any] | None:
        """How two values are made equal: one is a value, the other known."""
        for one, other in (term.parts, term.parts[::-1]):
            bare = one.parts[0] if isinstance(one, SymbolicTerm) and one.kind == "text" and len(one.parts) == 1 else one
            path = path_of(bare)
            if path and not isinstance(other, SymbolicTerm) and not isinstance(bare.default, dict | list):
                return _OF_CHOICE, path, str(other) if isinstance(other, str) else other
        return None

    def _make_values(self, found: Assignment) -> ValueWitness | None:
        """The values of an assignment; None where two of them contradict each other."""
        settings: dict[Path, Any] = {}
        is_free = False
        self._truths = dict(found.truths)
        for atom, truth in found.truths:
            term = self._table.atoms[atom]
            if term.shadow is UNTOLD:
                is_free = is_free or term.kind == "call"
                continue
            if is_true(term.shadow) != truth and (setting := self._find_setting(term, truth=truth)) is not None:
                _, path, value = setting
                if path in settings and settings[path] != value and isinstance(settings[path], str | bool):
                    value = max(settings[path], value, key=lambda one: len(str(one)))
                settings[path] = value
        return ValueWitness(tuple(sorted(settings.items())), is_free)
