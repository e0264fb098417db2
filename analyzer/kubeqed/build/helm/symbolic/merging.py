"""`merge` where some of the maps are terms: what is known of the entries, in order of who wins."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.functions.conversions import is_empty
from kubeqed.build.gotemplate.functions.maps import copy_deep
from kubeqed.build.gotemplate.functions.table import FUNCTIONS
from kubeqed.build.helm.symbolic.state import GuardedMap, SymbolicState
from kubeqed.build.helm.symbolic.terms import SymbolicTerm

MERGED = "merged"


def merge_maps(state: SymbolicState, given: list[Any], *, overwrites: bool) -> Any:
    """What the first map becomes; a term where one of them is, whose parts are the maps, those that win first."""
    into, *others = given
    layers = [*reversed(others), into] if overwrites else given
    if not any(isinstance(one, SymbolicTerm) for one in given):
        state.note_change(into)
        if into.condition != state.condition:
            into.is_spoiled = True
        for one in others:
            _merge_known(state, into, one, overwrites=overwrites)
        return into
    if isinstance(into, SymbolicTerm) and _is_shared(into):
        state.note_change(into)
    if isinstance(into, GuardedMap):
        state.note_change(into)
    flat: list[Any] = []
    for one in layers:
        flat += one.parts if isinstance(one, SymbolicTerm) and one.name == MERGED else (one,)
    kept = tuple(dict(one) if isinstance(one, dict) else one for one in flat if not isinstance(one, dict) or one)
    if isinstance(into, GuardedMap):
        into.is_spoiled = True
    return state.terms.call(MERGED, kept, _merge_shadows)


def copy_term(state: SymbolicState, term: SymbolicTerm) -> SymbolicTerm:
    """The same map as one that nobody else sees."""
    return term if term.name == MERGED else state.terms.call(MERGED, (term,), _merge_shadows)


def _is_shared(term: SymbolicTerm) -> bool:
    """Whether a term is a map that others see."""
    if term.kind == "choice":
        return any(_is_shared(one) for one in term.parts[1:] if isinstance(one, SymbolicTerm))
    return term.kind in ("field", "root", "item", "volatile")


def _merge_shadows(*maps: Any) -> Any:
    """The same maps where the chart was rendered."""
    return FUNCTIONS["merge"](*map(copy_deep, maps))


def _merge_known(state: SymbolicState, into: dict[str, Any], other: Any, *, overwrites: bool) -> None:
    """Merges a map whose keys are known; a value that is not known may be empty."""
    if not isinstance(other, dict):
        return
    for key, value in other.items():
        own = into.get(key)
        if isinstance(own, dict) and isinstance(value, dict):
            copied = state.make_map(dict(own))
            _merge_known(state, copied, value, overwrites=overwrites)
            into[key] = copied
        elif isinstance(own, SymbolicTerm) and not overwrites:
            into[key] = state.terms.choose(state.terms.truth(own), own, value)
        elif overwrites or key not in into or (is_empty(own) and value is not None):
            into[key] = value
