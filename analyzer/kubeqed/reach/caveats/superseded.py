"""Objects that are defined again later: applied in turn, the last definition is the one that counts."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.object import NAMESPACE_NOT_SET, Object
from kubeqed.model.units.repeats import are_different
from kubeqed.model.units.unit import Unit
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.policy.compiled import Caveat

_TEXT = "it is defined again later: the last one counts"

_Key = tuple[str, str, str, str]


def last_definitions(unit: Unit) -> Unit:
    """The unit without the objects that a later one of the same kind, namespace and name takes the place of.

    Objects whose names are not known are never taken for the same.
    """
    replaced = {id(item) for item, _ in _find_replaced(unit)}
    return unit.holding(tuple(item for item in unit.objects if id(item) not in replaced)) if replaced else unit


def find_superseded(unit: Unit) -> Iterator[Caveat]:
    """A caveat for each object that another one, which says something else, takes the place of."""
    return (Caveat(item, "metadata.name", _TEXT) for item, other in _find_replaced(unit) if are_different(item, other))


def _find_replaced(unit: Unit) -> Iterator[tuple[Object, Object]]:
    """The objects that are defined again, each with the next definition."""
    last: dict[_Key, Object] = {}
    for item in unit.objects:
        key = _identify_object(item)
        if key is None:
            continue
        if key in last:
            yield last[key], item
        last[key] = item


def _identify_object(item: Object) -> _Key | None:
    """What the server knows an object by; None where its name is not known. No namespace is none that is written."""
    if not isinstance(item.name, str) or not item.name:
        return None
    unwritten = item.namespace is None or item.namespace is NAMESPACE_NOT_SET
    return item.group, item.kind, "" if unwritten else namespace_of(item), item.name
