"""What the executions of one chart share: terms, the condition under which something is executed, and what was not followed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.values import PlacedMap, TooLargeError
from kubeqed.build.helm.symbolic.conditions import TRUE, Condition
from kubeqed.build.helm.symbolic.descriptions import describe_term
from kubeqed.build.helm.symbolic.ropes import Rope
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable, path_of


class NotFollowedError(TooLargeError):
    """Something that is not followed at any values, so that what depends on it is not known."""


class SymbolicFrame(Protocol):
    """What functions see of the template that calls them: where it stands, and what all of the chart share."""

    state: SymbolicState
    current: Origin | None

    def plain_value(self, value: Any) -> Any:
        """A value that is no rope."""

    def oblige(self, condition: Condition) -> None:
        """Notes what the chart asks for here."""


class RememberedCall(NamedTuple):
    """What a helper printed, and what it takes for granted."""

    rope: Rope
    obligations: tuple[Condition, ...]


class GuardedMap(PlacedMap):
    """A map that a template makes: the condition and the loops under which it was made, so that a change under others is seen.

    `is_spoiled` says that it was changed in a way that is not followed.
    """

    __slots__ = ("condition", "is_spoiled", "loops", "serial")

    def __init__(self, entries: dict[str, Any], condition: Condition, loops: int, serial: int) -> None:
        super().__init__(entries)
        self.condition = condition
        self.loops = loops
        self.serial = serial
        self.is_spoiled = False


class SymbolicState:
    """What all executions of a chart share.

    `condition` is that under which something is executed, `loops` what the loops around go over. `granted` names what is
    taken for granted of values, `changed` are the paths of values that templates change, `roots` those of charts, and `globals` are the values of sub-charts whose global ones are those of the whole chart.
    """

    def __init__(self) -> None:
        self.terms = TermTable()
        self.condition: Condition = TRUE
        self.loops: list[SymbolicTerm] = []
        self.granted: set[str] = set()
        self.changed: set[tuple[str, ...]] = set()
        self.roots: set[tuple[str, ...]] = {()}
        self.globals: dict[int, SymbolicTerm] = {}
        self.remembered: dict[object, RememberedCall] = {}
        self.oldest_changed = 0
        self._serial = 0

    def next_serial(self) -> int:
        """A number that is greater than all before."""
        self._serial += 1
        return self._serial

    def make_map(self, entries: dict[str, Any]) -> GuardedMap:
        """A map that is made here."""
        return GuardedMap(entries, self.condition, len(self.loops), self.next_serial())

    def note_change(self, changed: Any, key: Any = None) -> None:
        """Notes that a map is changed, or one key of it; a NotFollowedError where nobody can say what holds afterwards."""
        if isinstance(changed, SymbolicTerm):
            self.changed.update(self._narrow_path(path, key) for path in _list_paths(changed))
            raise NotFollowedError(f"it changes {describe_term(changed)}")
        if not isinstance(changed, GuardedMap):
            self.changed.add(())
            raise NotFollowedError("it changes a map that all templates see")
        if changed.loops != len(self.loops):
            changed.is_spoiled = True
        self.oldest_changed = min(self.oldest_changed, changed.serial)

    def _narrow_path(self, path: tuple[str, ...], key: Any) -> tuple[str, ...]:
        """What is changed at a path: of all the values of a chart the one key, all of them where that is not known."""
        if path not in self.roots:
            return path
        return (*path, str(key)) if isinstance(key, str) else ()


def _list_paths(term: SymbolicTerm) -> Iterator[tuple[str, ...]]:
    """The paths of the values that are changed where a term is; the whole of them where that is not known."""
    if term.kind == "choice":
        for one in term.parts[1:]:
            if isinstance(one, SymbolicTerm):
                yield from _list_paths(one)
    elif term.kind in ("field", "root"):
        yield path_of(term) or ()
    elif term.kind == "item":
        yield from _list_paths(term.parts[0])
