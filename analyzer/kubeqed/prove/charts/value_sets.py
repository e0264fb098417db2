"""What a search found as values of a chart, by the names that `--set` has."""

from __future__ import annotations

import json
import re
from typing import Any

from kubeqed.build.gotemplate.values import PlacedList, PlacedMap
from kubeqed.build.helm.rendering import Rendering
from kubeqed.build.helm.value_set import ValueSet, ValueSetOrigin
from kubeqed.parse import Place
from kubeqed.prove.charts.witness import Path, ValueWitness

_SPECIAL = re.compile(r"[\\.,=\[\]]")


def make_value_set(rendering: Rendering, at: ValueSet, witness: ValueWitness) -> ValueSet:
    """The values, each of them at the place of its default."""
    values = PlacedMap()
    places = []
    for path, value in witness.settings:
        place = _find_place(rendering.values, path) or rendering.chart.place
        places.append(place)
        _put_value(values, path, _place_value(value, place), place)
    origin = ValueSetOrigin.MADE_UP if witness.is_free else ValueSetOrigin.FOUND
    return at._replace(name=name_values(witness), origin=origin, values=(*at.values, values), place=places[0])


def nest_values(witness: ValueWitness) -> dict[str, Any]:
    """The values as a values file holds them."""
    found: dict[str, Any] = {}
    for path, value in witness.settings:
        into = found
        for key in path[:-1]:
            into = into.setdefault(key, {})
        into[path[-1]] = value
    return found


def name_values(witness: ValueWitness) -> str:
    """The values as a message names them."""
    return ", ".join(f"{_join_path(path)}={_spell_value(value)}" for path, value in witness.settings)


def _join_path(path: Path) -> str:
    return ".".join(_SPECIAL.sub(lambda sign: f"\\{sign[0]}", key) for key in path)


def _spell_value(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def _put_value(into: PlacedMap, path: Path, value: Any, place: Place) -> None:
    """Sets an entry at a path."""
    for key in path[:-1]:
        into.places.setdefault(key, place)
        inner = into.setdefault(key, PlacedMap())
        if not isinstance(inner, PlacedMap):
            return
        into = inner
    into[path[-1]] = value
    into.places[path[-1]] = place


def _place_value(value: Any, place: Place) -> Any:
    """A value whose parts stand at one place; numbers are those of a values file."""
    if isinstance(value, dict):
        return PlacedMap({key: _place_value(one, place) for key, one in value.items()}, dict.fromkeys(value, place))
    if isinstance(value, list):
        return PlacedList([_place_value(one, place) for one in value], [place] * len(value))
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _find_place(values: Any, path: Path) -> Place | None:
    """Where the entry at a path is set, or the nearest map around it."""
    found = None
    for key in path:
        if not isinstance(values, PlacedMap):
            break
        found = values.places.get(key) or found
        values = values.get(key)
    return found
