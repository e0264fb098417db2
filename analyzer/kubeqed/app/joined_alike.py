"""A guess that joined units in one version of the input joins them in the other one too, so that both are comparable."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from kubeqed.app.load import Loaded
from kubeqed.model.units.joined import join_units
from kubeqed.model.units.unit import Join, Unit, UnitOrigin
from kubeqed.report.unit_names import join_text

Units = list[Unit]


def join_alike(before: Loaded, after: Loaded) -> tuple[Units, Units]:
    """The units with objects of both versions."""
    old, new = ([unit for unit in side.input.units if unit.objects] for side in (before, after))
    return _joined_as(before, old, after, new), _joined_as(after, new, before, old)


def describe_joins(before: Loaded, old: Unit, after: Loaded, new: Unit) -> Iterator[str]:
    """What was joined by guess in one or both versions of a unit."""
    was, now = _list_joins(before, old), _list_joins(after, new)
    for place, join in now.items():
        yield join_text(new, join, "" if place in was or not old.objects else "OLD does not hold it")
    for place, join in was.items():
        if place not in now:
            yield join_text(old, join, "NEW does not hold it" if new.objects else "")


def _list_joins(side: Loaded, unit: Unit) -> dict[str, Join]:
    """The joins of a unit by their places below the PATH."""
    joins = {join.root: join for join in unit.joins}
    placed = zip(unit.roots, _list_relative(side, unit), strict=True) if joins else ()
    return {place: joins[root] for root, place in placed if root in joins}


def _joined_as(side: Loaded, units: Units, other: Loaded, others: Sequence[Unit]) -> Units:
    """The units of a side, those put together of which the other side has joined the same places."""
    for unit in others:
        if not unit.joins:
            continue
        places = set(_list_relative(other, unit))
        parts = [
            one for one in units if one.found is UnitOrigin.GUESSED and places.issuperset(_list_relative(side, one))
        ]
        lone = {one.root for one in parts if not one.workloads}
        joins = tuple(Join(one.root, frozenset(one.files)) for one in parts if one.root in lone)
        whole = join_units(parts, joins) if len(parts) > len(lone) > 0 else None
        if whole is not None:
            units = [whole if one is parts[0] else one for one in units if one is parts[0] or one not in parts]
    return units


def _list_relative(side: Loaded, unit: Unit) -> list[str]:
    return [os.path.relpath(place, side.input.paths.common) for place in unit.places]
