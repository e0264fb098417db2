"""Under which condition two values are equal, without a theory of texts: what is put together of the same parts is equal, and what
differs in a text at the same place is not.
"""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.builtins import equals
from kubeqed.build.gotemplate.values import TemplateError
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.terms import SymbolicTerm, TermTable

_MOST_CHOICES = 6


def equal_condition(table: TermTable, one: Any, other: Any) -> Condition:
    """That `eq` takes two values for equal."""
    key = table.key_of(one), table.key_of(other)
    if key[0] == key[1]:
        return TRUE
    found = table.equal.get(key)
    if found is None:
        found = table.equal[key] = _find_equal(table, one, other)
    return found


def _find_equal(table: TermTable, one: Any, other: Any) -> Condition:
    """That two values are equal, by what they are made of."""
    for left, right in ((one, other), (other, one)):
        if isinstance(left, SymbolicTerm):
            if left.kind == "choice":
                condition, first, second = left.parts
                sides = (equal_condition(table, side, right) for side in (first, second))
                return table.conditions.choose(condition, *sides)
            if isinstance(right, bool) and (left.kind == "condition" or isinstance(left.default, bool)):
                truth = table.truth(left)
                return truth if right else table.conditions.negate(truth)
    if not isinstance(one, SymbolicTerm) and not isinstance(other, SymbolicTerm):
        try:
            return TRUE if equals(one, other) else FALSE
        except TemplateError:
            return FALSE
    if _is_text(one) and _is_text(other):
        return _equal_texts(table, _parts_of(one), _parts_of(other))
    return _ask_equal(table, one, other)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, SymbolicTerm) and value.kind == "text")


def _parts_of(value: Any) -> list[Any]:
    return list(value.parts) if isinstance(value, SymbolicTerm) else [str(value)] if value else []


def _equal_texts(table: TermTable, one: list[Any], other: list[Any]) -> Condition:
    """That two texts are equal, part by part from both of their ends."""
    for at in (0, -1):
        while one and other:
            if not _strip_common(one, other, at, table):
                break
            if one and other and isinstance(one[at], str) and isinstance(other[at], str):
                return FALSE
    if not one or not other:
        rest = one or other
        return FALSE if any(isinstance(part, str) for part in rest) else _ask_equal(table, table.text(rest), "")
    choices = [part for part in (*one, *other) if isinstance(part, SymbolicTerm) and part.kind == "choice"]
    if choices and len(choices) <= _MOST_CHOICES:
        condition, *sides = choices[0].parts
        found = (
            _equal_texts(table, *(_put_side(parts, choices[0], side, table) for parts in (one, other)))
            for side in sides
        )
        return table.conditions.choose(condition, *found)
    return _ask_equal(table, table.text(one), table.text(other))


def _put_side(parts: list[Any], choice: SymbolicTerm, side: Any, table: TermTable) -> list[Any]:
    """Parts with a choice made in them."""
    return _parts_of(table.text([side if part is choice else part for part in parts]))


def _strip_common(one: list[Any], other: list[Any], at: int, table: TermTable) -> bool:
    """Takes away what two lists of parts have in common at an end; whether texts are left there that differ, or more is to do."""
    left, right = one[at], other[at]
    if isinstance(left, str) and isinstance(right, str):
        size = min(len(left), len(right))
        same = left[:size] == right[:size] if at == 0 else left[-size:] == right[-size:]
        if not same:
            return True
        for parts, part in ((one, left), (other, right)):
            rest = part[size:] if at == 0 else part[: len(part) - size]
            if rest:
                parts[at] = rest
            else:
                parts.pop(at)
        return True
    if isinstance(left, str) or isinstance(right, str) or table.key_of(left) != table.key_of(right):
        return False
    one.pop(at)
    other.pop(at)
    return True


def _ask_equal(table: TermTable, one: Any, other: Any) -> Condition:
    """That two values are equal, of which nothing is known."""
    first, second = sorted((one, other), key=lambda value: repr(table.key_of(value)))
    return table.truth(table.call("eq", (first, second), equals))
