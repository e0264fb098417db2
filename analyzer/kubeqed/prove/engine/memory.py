"""Decisions that stay from one run to the next, for a server that asks nearly the same questions again and again.

A decision depends on nothing but the formulas, so that a remembered one is the one that would be made again, places and all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import Decision
from kubeqed.prove.engine.formula import And, Fact, Formula, Not, Operand, Or

Key = tuple[object, ...]
Decide = Callable[[Formula, Formula], Decision]


class Memory:
    """What was decided the last time; what is not asked again is forgotten."""

    def __init__(self) -> None:
        self._known: dict[Key, Decision] = {}
        self._used: dict[Key, Decision] = {}

    @contextmanager
    def used(self) -> Iterator[None]:
        """While inside, nothing that is known is decided anew. A run that is given up makes nothing be forgotten."""
        self._used = {}
        before = _memory.set(self)
        try:
            yield
            self._known = self._used
        finally:
            _memory.reset(before)

    def decided(self, formula: Formula, given: Formula, decide: Decide) -> Decision:
        """The decision, remembered or made."""
        key = (_make_key(formula), _make_key(given))
        found = self._known.get(key) or decide(formula, given)
        self._used[key] = self._known[key] = found
        return found


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


def decide_with_memory(formula: Formula, given: Formula, decide: Decide) -> Decision:
    """The decision that `decide` makes, where it is not remembered."""
    memory = _memory.get()
    return memory.decided(formula, given, decide) if memory else decide(formula, given)


def _make_key(formula: Formula) -> Key:
    """What is equal for formulas that say the same of the same places; as tuples alone, `And(())` equals `Or(())`."""
    if isinstance(formula, And | Or):
        return (type(formula), *map(_make_key, formula.parts))
    if isinstance(formula, Not):
        return (Not, _make_key(formula.part))
    return (type(formula), *map(_operand_key, formula))


def _operand_key(operand: Operand) -> object:
    if not isinstance(operand, Fact):
        return operand
    value = operand.value
    return (*operand.key, *((value.term, value.text) if isinstance(value, Unknown) else (value,)))
