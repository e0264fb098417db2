"""What a value that stands alone on a line spreads into the map or list around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kubeqed.build.helm.symbolic.conditions import Condition
from kubeqed.build.helm.symbolic.lines import Loops
from kubeqed.build.helm.symbolic.merging import MERGED
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable


class Spread(NamedTuple):
    """Entries that nobody sees, which a term holds."""

    condition: Condition
    loops: Loops
    term: Any


SpreadEntry = tuple[Condition, Loops, Any, Any]  # without a key where the value is a term that holds entries


def spread_term(table: TermTable, term: Any, condition: Condition, loops: Loops) -> Iterator[SpreadEntry]:
    """The entries that the text of a term spells, and terms that hold more of them."""
    term = bare_term(term)
    if isinstance(term, SymbolicTerm) and term.kind == "choice":
        holds, *sides = term.parts
        for side, one in zip(sides, (holds, table.conditions.negate(holds)), strict=True):
            if side not in ("", None):
                yield from spread_term(table, side, table.conditions.both(condition, one), loops)
    elif isinstance(term, SymbolicTerm) and term.kind == "call" and term.name in ("toYaml", "toJson"):
        yield from spread_value(term.parts[0], condition, loops)
    else:
        yield condition, loops, None, term


def spread_value(value: Any, condition: Condition, loops: Loops) -> Iterator[SpreadEntry]:
    """The entries of a map."""
    if isinstance(value, dict):
        yield from ((condition, loops, key, one) for key, one in value.items())
    elif isinstance(value, SymbolicTerm) and value.name == MERGED:
        taken: set[str] = set()
        for layer in value.parts:
            if isinstance(layer, dict):
                yield from ((condition, loops, key, one) for key, one in layer.items() if key not in taken)
                taken.update(layer)
            else:
                yield condition, loops, None, layer
    else:
        yield condition, loops, None, value


def bare_term(term: Any) -> Any:
    """A term without what only says how it is written."""
    while isinstance(term, SymbolicTerm):
        if term.name == "indented":
            term = term.parts[1]
        elif (term.kind == "text" and len(term.parts) == 1) or (term.kind == "call" and term.name in ("trim", "tpl")):
            term = term.parts[0]
        else:
            break
    return term


def bare_scalar(table: TermTable, value: Any) -> Any:
    """A scalar as the text that it spells, without the quotes that a function gives it."""
    while isinstance(value, SymbolicTerm) and value.kind in ("call", "text") and value.name in _SPELLED:
        if value.kind == "text" and len(value.parts) > 1:
            break
        value = value.parts[-1]
    if isinstance(value, SymbolicTerm) and value.kind == "choice":
        holds, first, second = value.parts
        return table.choose(holds, bare_scalar(table, first), bare_scalar(table, second))
    if isinstance(value, str):
        return value.strip("\"'")
    return value if value is None else table.text([value])


_SPELLED = frozenset(("", "quote", "squote", "toYaml", "toJson", "toString", "int", "int64", "indented"))
