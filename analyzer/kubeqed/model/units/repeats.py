"""Which objects are defined more than once: what is may be a variant of the same thing, for another cluster.

Two definitions of a Namespace, and two copies of one object, are no variants: a cluster takes both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.unit import DefinedAs, Unit, defined_as
from kubeqed.parse import Mapping, Sequence, Unknown, Value

_NAMESPACE = ("", "Namespace")

Definitions = dict[DefinedAs, Object]


def first_definitions(objects: Iterable[Object]) -> Definitions:
    """The first definition of each object that another one could repeat."""
    found: Definitions = {}
    for key, item in _list_telling(objects):
        found.setdefault(key, item)
    return found


def first_repetition(objects: Iterable[Object]) -> tuple[Object, Object] | None:
    """The first object that is defined a second time in another way, before it the first definition."""
    found: Definitions = {}
    pairs = ((found.setdefault(key, item), item) for key, item in _list_telling(objects))
    return next((pair for pair in pairs if are_different(*pair)), None)


def find_clashing(one: Definitions, other: Definitions) -> Iterator[tuple[Object, Object]]:
    """The objects that both define, each in its own way, in the order of the first."""
    for key, item in one.items():
        if key in other and are_different(item, other[key]):
            yield item, other[key]


def are_companions(one: Unit, other: Unit) -> bool:
    """Whether two units may share a cluster: no object is in both in different shapes.

    An object that two kustomizations reach is one, for each makes its own of it.
    """
    few, many = sorted((one.definitions, other.definitions), key=len)
    return not any(have_clash(key, item, many[key]) for key, item in few.items() if key in many)


def have_clash(key: DefinedAs, one: Object, other: Object) -> bool:
    """Whether the definitions of two units exclude each other; one object in both does, unlike a copy of it."""
    return key[:2] != _NAMESPACE and (one is other or are_different(one, other))


def are_different(one: Object, other: Object) -> bool:
    """Whether two definitions of one object say different things."""
    return one is not other and not _are_same(one.identity.root, other.identity.root)


def _list_telling(objects: Iterable[Object]) -> Iterator[tuple[DefinedAs, Object]]:
    for item in objects:
        key = defined_as(item)
        if key is not None and key[:2] != _NAMESPACE:
            yield key, item


def _are_same(one: Value, other: Value) -> bool:
    """Whether two values are written alike, placeholders by their text."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return (
            one.open == other.open
            and one.keys() == other.keys()
            and all(_are_same(one[key], other[key]) for key in one)
        )
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return one.open == other.open and len(one) == len(other) and all(map(_are_same, one, other))
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return isinstance(one, Unknown) and isinstance(other, Unknown) and one.text == other.text
    return type(one) is type(other) and one == other
