"""Which entries of a chart's values are others where more values are laid over them."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.parse import Place

_SHARED = "global"  # which each sub-chart gets
Changes = list[tuple[str, Place]]  # the keys of entries, and where their values stand, or those of the map around


def list_changes(given: PlacedMap, values: dict[str, Any]) -> Changes | None:
    """What values change that are laid over others; None where any template may see it."""
    found: Changes = []
    return found if _SHARED not in given and _add_changes(given, values, None, found) else None


def _add_changes(given: dict[str, Any], values: dict[str, Any], around: Place | None, found: Changes) -> bool:
    """Adds what changes in a map, whose own entry is set at the place `around`; whether all of it can be told."""
    for key, one in given.items():
        old = values.get(key)
        place = (values.places.get(key) if isinstance(values, PlacedMap) else None) or around
        if isinstance(one, dict) and isinstance(old, dict):
            if not _add_changes(one, old, place, found):
                return False
        elif place is None:
            return False
        else:
            found.append((key, place))
    return True
