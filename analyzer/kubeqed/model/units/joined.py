"""Units put together, as a guess has put the same ones together in another version of the input."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations

from kubeqed.model.units.repeats import are_companions
from kubeqed.model.units.unit import Join, Unit


def join_units(parts: Sequence[Unit], joins: tuple[Join, ...]) -> Unit | None:
    """One guessed unit of several; `joins` are those of them that hold policies alone. None where they exclude each other."""
    if not all(are_companions(one, other) for one, other in combinations(parts, 2)):
        return None
    return Unit(
        tuple(root for part in parts for root in part.roots),
        parts[0].found,
        places=tuple(place for part in parts for place in part.places),
        closed=False,
        files=tuple(file for part in parts for file in part.files),
        objects=tuple(item for part in parts for item in part.objects),
        producers=tuple(dict.fromkeys(chain.from_iterable(part.producers for part in parts))),
        joins=tuple(dict.fromkeys((*chain.from_iterable(part.joins for part in parts), *joins))),
    )
