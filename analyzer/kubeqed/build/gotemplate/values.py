"""The values of a template: Go's kinds in Python's types, and where a values file sets them.

nil, bool, int, float64, string, []any and map[string]any are None, bool, int, float, str, list and dict; int64 is `Int64`.
Maps and lists are shared, as in Go.
"""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.text import TracedText, keep_origin
from kubeqed.parse import Place


class TemplateError(Exception):
    """What Go would refuse, in its words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ArgumentError(TemplateError):
    """An argument of the wrong type, or of the wrong number: the call is not even made.

    `number` is that of the argument, from 0, and `wanted` the type that it should have.
    """

    def __init__(self, reason: str, number: int | None = None, wanted: str = "") -> None:
        super().__init__(reason)
        self.number = number
        self.wanted = wanted


class TooLargeError(TemplateError):
    """A template that makes so much that it is given up; Go might print it."""


class Int64(int):
    """An int64, which Go tells from an int."""

    place: Place


class PlacedInt(int):
    """An int that was made of a value that a place sets."""

    place: Place


class PlacedFloat(float):
    """A number of a values file."""

    place: Place


class PlacedMap(dict[str, Any]):
    """A map whose entries were set at known places."""

    __slots__ = ("places",)

    def __init__(self, entries: dict[str, Any] | None = None, places: dict[str, Place] | None = None) -> None:
        super().__init__(entries or {})
        self.places: dict[str, Place] = {} if places is None else places


class MethodMap(PlacedMap):
    """A map of a Go type that has methods, which win over its entries."""

    __slots__ = ()

    def method(self, name: str) -> Any:
        """The method of a name, None where there is none."""


class PlacedList(list[Any]):
    """A list whose items were set at known places."""

    __slots__ = ("places",)

    def __init__(self, items: list[Any] | None = None, places: list[Place] | None = None) -> None:
        super().__init__(items or [])
        self.places: list[Place] = [] if places is None else places


class StandIn(str):
    """A text in place of one that is random or depends on the time: it has the right form, and nobody's value."""

    __slots__ = ()


_MADE = (str, int, Int64)  # of values that do not know yet where they come from


class TemplateObject:
    """A value with fields and methods of its own, such as `.Files`: `field` gives what a name means, `type_name` its type."""

    type_name = "struct"

    def field(self, name: str) -> Any:
        """The value of a field, or a callable for a method; a TemplateError where there is none."""
        raise TemplateError(f"can't evaluate field {name} in type {self.type_name}")

    def encoded(self) -> Any:
        """What encoding/json writes of it, as maps, lists and scalars; a TemplateError for what it cannot write."""
        raise TemplateError(f"json: unsupported type: {self.type_name}")

    def __str__(self) -> str:
        return self.type_name

    def items(self) -> list[tuple[str, Any]] | None:
        """What `range` goes over, None where it cannot."""
        return None


def entry_of(mapping: dict[str, Any], key: str) -> Any:
    """An entry of a map with its place, nil where there is none."""
    value = mapping.get(key)
    if isinstance(mapping, PlacedMap) and (place := mapping.places.get(key)) is not None:
        return placed(value, place)
    return value


def item_of(items: list[Any] | str, index: int) -> Any:
    """An item of a list with its place; a byte of a text."""
    if isinstance(items, str):
        return items.encode()[index]
    value = items[index]
    if isinstance(items, PlacedList) and index < len(items.places):
        return placed(value, items.places[index])
    return value


def placed(value: Any, place: Place) -> Any:
    """A scalar that knows where it is set; maps and lists know it of what they hold, and of a bool nobody knows it."""
    if isinstance(value, str):
        return value if isinstance(value, TracedText | StandIn) else TracedText.at(value, Origin(place))
    if type(value) is float:
        number = PlacedFloat(value)
        number.place = place
        return number
    return value


def place_of(value: Any) -> Place | None:
    """Where a number was set, None where that is not known."""
    return getattr(value, "place", None) if isinstance(value, int | float) else None


def text_from(made: str, value: Any) -> str:
    """A text that was made of a value, from where that was set; the same text keeps its own origins."""
    if isinstance(value, str):
        return value if made == value else keep_origin(made, value)
    place = place_of(value)
    return made if place is None else TracedText.at(made, Origin(place))


def made_of(made: Any, arguments: list[Any]) -> Any:
    """What a function made of its arguments, from where the last of them was set that is known; one of them is as it was."""
    if type(made) not in _MADE or made == "" or any(made is one for one in arguments):
        return made
    for one in reversed(arguments):
        if isinstance(made, str):
            if isinstance(found := text_from(str(made), one), TracedText):
                return found
        elif (place := place_of(one)) is not None:
            made = made if isinstance(made, Int64) else PlacedInt(made)
            made.place = place
            return made
    return made


def is_true(value: Any) -> bool:
    """Whether `if` takes a value for true: anything but nil, false, zero and what is empty."""
    return bool(value)


def kind_of(value: Any) -> str:
    """Go's kind of a value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, float):
        return "float64"
    if isinstance(value, int):
        return "int64" if isinstance(value, Int64) else "int"
    if isinstance(value, dict):
        return "map"
    if isinstance(value, list):
        return "slice"
    return "invalid" if value is None else "struct"


def type_of(value: Any) -> str:
    """Go's type of a value, as `%T` writes it."""
    if isinstance(value, TemplateObject):
        return value.type_name
    kind = kind_of(value)
    return {"map": "map[string]interface {}", "slice": "[]interface {}", "invalid": "<nil>"}.get(kind, kind)
