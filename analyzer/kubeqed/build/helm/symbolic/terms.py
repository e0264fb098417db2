"""Values that are not known, as terms: the same expression over the same values is the same term.

A term is a root (all values, the release's name), a field of a term, an item or a key of what a loop goes over, a call of a function,
a text that is put together, one of two values by a condition, or a value under a condition that is itself one. Terms are interned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError, is_true
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition, Conditions

_MOST_TERMS = 60_000


class Untold:
    """That a value is not told."""

    def __repr__(self) -> str:
        return "UNTOLD"


UNTOLD = Untold()


class TemplateScope(dict[str, Any]):
    """What a template file is executed on, which is the same for all files of a chart."""


class SymbolicTerm:
    """A value that is not known.

    `kind` is root, field, item, key, call, text, choice, condition or state, `parts` what it is made of. `shadow` is its value
    where the chart was rendered, UNTOLD where that is not known, and `default` the value that says of which type it is.
    """

    __slots__ = ("default", "kind", "name", "number", "parts", "shadow")

    def __init__(self, number: int, kind: str, name: str, parts: tuple[Any, ...], shadow: Any, default: Any) -> None:
        self.number = number
        self.kind = kind
        self.name = name
        self.parts = parts
        self.shadow = shadow
        self.default = default

    def __bool__(self) -> bool:
        raise TypeError("a term is neither true nor false")


class TermTable:
    """All terms of a chart, and the conditions over them; `atoms` are the terms that conditions ask.

    `equal` remembers when pairs of values are equal, `volatile` are the paths of values that templates change, so that each time they are read they are something else.
    """

    def __init__(self) -> None:
        self.conditions = Conditions()
        self.atoms: list[SymbolicTerm] = []
        self.equal: dict[object, Condition] = {}
        self._truth_of: dict[int, Condition] = {}
        self._atom_of: dict[int, int] = {}
        self._known: dict[object, SymbolicTerm] = {}
        self._below: dict[int, list[SymbolicTerm]] = {}
        self._counted = 0
        self._unknown = 0
        self.volatile: set[tuple[str, ...]] = set()
        self._held: list[Any] = []  # whose identity is a part of a key

    def make(self, kind: str, name: str, parts: tuple[Any, ...], shadow: Any, default: Any = UNTOLD) -> SymbolicTerm:
        """A term, the same for the same parts."""
        key = (kind, name, tuple(map(self.key_of, parts)))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_TERMS:
                raise TooLargeError("its terms are too many")
            kept = tuple(map(_keep_as_it_is, parts))
            found = self._known[key] = SymbolicTerm(len(self._known), kind, name, kept, shadow, default)
        return found

    def unknown(self, what: str) -> SymbolicTerm:
        """A term of which nothing is known, so that it is equal to no other."""
        self._unknown += 1
        return self.make("state", f"{what} ({self._unknown})", (), UNTOLD)

    def key_of(self, value: Any) -> object:
        """What equal values have in common."""
        if isinstance(value, SymbolicTerm):
            return value.number
        if isinstance(value, str):
            return str(value)
        if value is None or isinstance(value, bool | int | float):
            return isinstance(value, bool), float(value) if value is not None else value
        if isinstance(value, dict) and not isinstance(value, TemplateScope) and not getattr(value, "is_spoiled", False):
            return "map", tuple((str(key), self.key_of(value[key])) for key in sorted(value))
        if isinstance(value, list):
            return "list", tuple(map(self.key_of, value))
        self._held.append(value)
        return "object", id(value)

    def below(self, of: SymbolicTerm) -> list[SymbolicTerm]:
        """The terms that are made of a term as their first part."""
        if self._counted != len(self._known):
            self._counted = len(self._known)
            self._below = {}
            for one in self._known.values():
                if one.parts and isinstance(one.parts[0], SymbolicTerm):
                    self._below.setdefault(one.parts[0].number, []).append(one)
        return self._below.get(of.number, [])

    def field(self, of: Any, name: str) -> Any:
        """A field of a value."""
        if isinstance(of, dict):
            return of.get(name)
        if not isinstance(of, SymbolicTerm):
            return None
        if of.kind == "choice":
            condition, first, second = of.parts
            return self.choose(condition, self.field(first, name), self.field(second, name))
        if of.name == "merged" and len(of.parts) == 1:
            return self.field(of.parts[0], name)
        if self.volatile and (path := path_of(of)) is not None and (*path, name) in self.volatile:
            self._unknown += 1
            return self.make(
                "volatile", f"{'.'.join((*path, name))}, which templates change ({self._unknown})", (), UNTOLD
            )
        default = of.default.get(name) if isinstance(of.default, dict) else UNTOLD
        shadow = of.shadow.get(name) if isinstance(of.shadow, dict) else None if of.shadow is None else UNTOLD
        return self.make("field", name, (of,), shadow, default)

    def call(self, name: str, arguments: tuple[Any, ...], function: Callable[..., Any] | None = None) -> SymbolicTerm:
        """What a function gives, of which nothing else is known."""
        shadows = tuple(map(shadow_of, arguments))
        shadow: Any = UNTOLD
        if function is not None and not any(_is_untold(one) for one in shadows):
            try:
                shadow = function(*shadows)
            except (TemplateError, TypeError, ValueError):
                shadow = UNTOLD
        return self.make("call", name, arguments, shadow)

    def choose(self, condition: Condition, first: Any, second: Any) -> Any:
        """The first value where a condition holds, else the second."""
        if condition == TRUE or self.key_of(first) == self.key_of(second):
            return first
        if condition == FALSE:
            return second
        if first is True and second is False:
            return self.of_condition(condition)
        holds = self.shadow_of_condition(condition)
        shadow = UNTOLD if holds is None else shadow_of(first) if holds else shadow_of(second)
        return self.make("choice", "", (_Numbered(condition), first, second), shadow)

    def of_condition(self, condition: Condition) -> Any:
        """A condition as a value."""
        if condition in (FALSE, TRUE):
            return condition == TRUE
        holds = self.shadow_of_condition(condition)
        return self.make("condition", "", (_Numbered(condition),), UNTOLD if holds is None else holds)

    def text(self, parts: list[Any]) -> Any:
        """A text of texts and spelled values; one value alone is spelled, too."""
        joined: list[Any] = []
        for one in parts:
            inner = one.parts if isinstance(one, SymbolicTerm) and one.kind == "text" else (one,)
            for part in inner:
                piece = part if isinstance(part, SymbolicTerm) else "" if part is None else spell_value(part)
                if isinstance(piece, str) and joined and isinstance(joined[-1], str):
                    joined[-1] += piece
                elif not isinstance(piece, str) or piece:
                    joined.append(piece)
        if not joined or (len(joined) == 1 and isinstance(joined[0], str)):
            return joined[0] if joined else ""
        shadows = list(map(shadow_of, joined))
        is_told = not any(_is_untold(one) for one in shadows)
        shadow = "".join("" if one is None else spell_value(one) for one in shadows) if is_told else UNTOLD
        return self.make("text", "", tuple(joined), shadow)

    def truth(self, value: Any) -> Condition:
        """That `if` takes a value for true."""
        if not isinstance(value, SymbolicTerm):
            return TRUE if is_true(value) else FALSE
        found = self._truth_of.get(value.number)
        if found is None:
            found = self._truth_of[value.number] = self._find_truth(value)
        return found

    def _find_truth(self, value: SymbolicTerm) -> Condition:
        """That a term is true, by what it is made of."""
        if value.kind == "condition":
            return int(value.parts[0])
        if value.kind == "choice":
            condition, first, second = value.parts
            return self.conditions.choose(condition, self.truth(first), self.truth(second))
        if value.kind == "text" and (any(isinstance(one, str) for one in value.parts) or _spells_always(value)):
            return TRUE
        if value.kind == "text" and len(value.parts) == 1 and isinstance(value.parts[0].default, str):
            return self.truth(value.parts[0])
        if isinstance(value.default, dict) and value.default:
            return TRUE
        return self._ask_term(value)

    def _ask_term(self, value: SymbolicTerm) -> Condition:
        """The atom of a term."""
        self._atom_of[value.number] = len(self.atoms)
        self.atoms.append(value)
        return self.conditions.atom(len(self.atoms) - 1)

    def atom_number(self, term: SymbolicTerm) -> int | None:
        """The atom that asks whether a term is true, None where nothing asks it."""
        return self._atom_of.get(term.number)

    def shadow_of_condition(self, condition: Condition) -> bool | None:
        """Whether a condition holds where the chart was rendered, None where that is not known."""
        while condition not in (FALSE, TRUE):
            node = self.conditions.node(condition)
            holds = shadow_of(self.atoms[node.atom])
            if _is_untold(holds):
                return None
            condition = node.high if is_true(holds) else node.low
        return condition == TRUE


class _Numbered(int):
    """A condition as a part of a term, which is no number of a chart."""

    def __float__(self) -> float:
        return float(int(self)) + 0.25  # no whole number, so that the key of the one is none of the other


def _spells_always(value: SymbolicTerm) -> bool:
    """Whether what is spelled is never empty: true and false, and numbers."""
    return any(isinstance(one, SymbolicTerm) and isinstance(one.default, bool | int | float) for one in value.parts)


def _keep_as_it_is(value: Any) -> Any:
    """A value that no template changes any more."""
    if isinstance(value, dict) and not isinstance(value, TemplateScope):
        return {key: _keep_as_it_is(one) for key, one in value.items()}
    return list(map(_keep_as_it_is, value)) if isinstance(value, list) else value


def _is_untold(value: Any) -> bool:
    return value is UNTOLD


def shadow_of(value: Any) -> Any:
    """What a value is where the chart was rendered, UNTOLD where a part of it is not known."""
    if isinstance(value, SymbolicTerm):
        return value.shadow
    if isinstance(value, dict) and not isinstance(value, TemplateScope):
        shadows = {key: shadow_of(one) for key, one in value.items()}
        return UNTOLD if any(map(_is_untold, shadows.values())) else shadows
    if isinstance(value, list):
        items = list(map(shadow_of, value))
        return UNTOLD if any(map(_is_untold, items)) else items
    return UNTOLD if isinstance(value, TemplateScope) else value


def holds_term(value: Any, depth: int = 6) -> bool:
    """Whether a value is a term, or holds one."""
    if isinstance(value, SymbolicTerm):
        return True
    if depth and isinstance(value, dict | list) and not isinstance(value, TemplateScope):
        return any(holds_term(one, depth - 1) for one in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, TemplateScope)


def path_of(term: Any) -> tuple[str, ...] | None:
    """The path of a term in the chart's values, None for any other."""
    names: list[str] = []
    while isinstance(term, SymbolicTerm) and term.kind == "field":
        names.append(term.name)
        term = term.parts[0]
    is_root = isinstance(term, SymbolicTerm) and term.kind == "root" and term.name == "Values"
    return tuple(reversed(names)) if is_root else None
