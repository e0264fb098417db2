"""Which entries of the values a template reads: at other values of the rest it prints the same."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.values import PlacedList, PlacedMap
from kubeqed.parse import Place

# What gives its maps on, or asks nothing of what they hold; entries that are read of them later are noted then.
_PASSING = frozenset(
    "and append coalesce default dict empty first hasKey include kindIs kindOf last len list mustAppend not or prepend required "
    "ternary tpl typeIs typeIsLike typeOf".split()
)
_WALKING = frozenset(("index", "get"))


class ReadLog:
    """What one template and those that it includes read."""

    def __init__(self) -> None:
        self._places: set[Place] = set()
        self._absent: set[str] = set()
        self._whole: dict[int, Any] = {}

    def concerns(self, key: str, place: Place) -> bool:
        """Whether an entry was read that has a key, and whose value is set at a place."""
        if self._whole:
            for one in self._whole.values():
                self._take_all(one)
            self._whole.clear()
        return place in self._places or key in self._absent

    def note_entry(self, mapping: dict[str, Any], key: str) -> None:
        """An entry of a map is read, be it there or not."""
        place = mapping.places.get(key) if isinstance(mapping, PlacedMap) else None
        if place is not None:
            self._places.add(place)
        else:
            self._absent.add(key)

    def note_whole(self, value: Any) -> None:
        """All of a map or list is read."""
        if isinstance(value, dict | list):
            self._whole[id(value)] = value

    def note_items(self, value: Any) -> None:
        """A loop goes over a map; what is in its entries is noted where it is read."""
        if isinstance(value, PlacedMap):
            self._places.update(value.places.values())

    def note_call(self, name: str, arguments: list[Any]) -> None:
        """A function gets arguments."""
        if name in _PASSING:
            return
        if name in _WALKING and arguments and all(isinstance(one, str | int) for one in arguments[1:]):
            self._note_path(arguments[0], arguments[1:])
            return
        for one in arguments:
            self.note_whole(one)

    def _note_path(self, value: Any, keys: list[Any]) -> None:
        """Entries are read one below the other."""
        for key in keys:
            if isinstance(value, dict):
                self.note_entry(value, str(key))
                value = value.get(str(key))
            else:
                self.note_whole(value)
                return

    def _take_all(self, value: Any) -> None:
        """The places of all that a value holds, which may be itself."""
        waiting, seen = [value], set[int]()
        while waiting:
            one = waiting.pop()
            if id(one) in seen or not isinstance(one, dict | list):
                continue
            seen.add(id(one))
            if isinstance(one, PlacedMap):
                self._places.update(one.places.values())
            elif isinstance(one, PlacedList):
                self._places.update(one.places)
            waiting += one.values() if isinstance(one, dict) else one
