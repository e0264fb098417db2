"""Maps. Those that change a map change it where it is, as in Go; entries keep their places."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.functions.conversions import is_empty, to_text
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.values import PlacedList, PlacedMap, TemplateError, entry_of, type_of

Map = dict[str, Any]
_FEWEST_OF_DIG = 3


def _make_dictionary(*values: Any) -> Map:
    """`dict`: keys and values in turn; a last key alone gets an empty text."""
    found: Map = {}
    for number in range(0, len(values), 2):
        found[str(to_text(values[number]))] = values[number + 1] if number + 1 < len(values) else ""
    return found


def _get(mapping: Map, key: str) -> Any:
    """`get`: an entry, an empty text where there is none."""
    return entry_of(mapping, key) if key in mapping else ""


def _set(mapping: Map, key: str, value: Any) -> Map:
    """`set`: the map itself, changed."""
    mapping[str(key)] = value
    if isinstance(mapping, PlacedMap):
        mapping.places.pop(key, None)
    return mapping


def _unset(mapping: Map, key: str) -> Map:
    """`unset`: the map itself, changed."""
    mapping.pop(key, None)
    return mapping


def _keys(*mappings: Map) -> list[str]:
    """`keys`."""
    return [key for mapping in mappings for key in sorted(mapping)]  # in no order in Go


def _pluck(key: str, *mappings: Map) -> list[Any]:
    """`pluck`: the entries of a key."""
    return [entry_of(mapping, key) for mapping in mappings if key in mapping]


def choose(mapping: Map, keys: Any) -> Map:
    """The entries of some keys, with their places."""
    found = PlacedMap({key: mapping[key] for key in keys})
    if isinstance(mapping, PlacedMap):
        found.places = {key: mapping.places[key] for key in keys if key in mapping.places}
    return found


def _pick(mapping: Map, *keys: str) -> Map:
    """`pick`."""
    return choose(mapping, [key for key in keys if key in mapping])


def _omit(mapping: Map, *keys: str) -> Map:
    """`omit`."""
    return choose(mapping, [key for key in mapping if key not in keys])


def copy_deep(value: Any) -> Any:
    """`deepCopy`."""
    if isinstance(value, dict):
        places = dict(value.places) if isinstance(value, PlacedMap) else {}
        return PlacedMap({key: copy_deep(one) for key, one in value.items()}, places)
    if isinstance(value, list):
        return PlacedList(list(map(copy_deep, value)), list(value.places) if isinstance(value, PlacedList) else [])
    return value


def _copy_deeply(value: Any) -> Any:
    """`deepCopy`."""
    if value is None:
        raise TemplateError("reflect: call of reflect.Value.Type on zero Value")
    return copy_deep(value)


def _merge(into: Map, *others: Map, overwrites: bool = False) -> Map:
    """mergo.Merge: what is empty in the first map is taken from the others, and everything if it `overwrites`."""
    for other in others:
        _merge_one(into, other, overwrites=overwrites)
    return into


def _merge_one(into: Map, other: Map, *, overwrites: bool) -> None:
    """Merges one map into another, table by table; nil overwrites, but is else not taken."""
    for key, value in list(other.items()):
        own = into.get(key)
        if isinstance(own, dict) and isinstance(value, dict):
            _merge_one(own, value, overwrites=overwrites)
            if own:
                continue
        if overwrites or (is_empty(own) and value is not None):
            take_entry(into, other, key)


def take_entry(into: Map, other: Map, key: str) -> None:
    """Sets an entry as it is in another map, with its place."""
    into[key] = other[key]
    if isinstance(into, PlacedMap):
        into.places.pop(key, None)
        if isinstance(other, PlacedMap) and key in other.places:
            into.places[key] = other.places[key]


def _dig(*arguments: Any) -> Any:
    """`dig`: what stands under keys, or a default."""
    if len(arguments) < _FEWEST_OF_DIG:
        raise TemplateError("dig needs at least three arguments")
    *keys, default, mapping = arguments
    _expect_type(mapping, dict, "map[string]interface {}")
    for key in keys:
        _expect_type(key, str, "string")
    for number, key in enumerate(keys):
        if number:
            _expect_type(mapping, dict, "map[string]interface {}")
        if key not in mapping:
            return default
        mapping = entry_of(mapping, key)
    return mapping


def _expect_type(value: Any, kind: type, name: str) -> None:
    """Refuses a value of another type than Go expects there."""
    if not isinstance(value, kind):
        found = "nil" if value is None else type_of(value)
        raise TemplateError(f"interface conversion: interface {{}} is {found}, not {name}")


FUNCTIONS = {
    "dict": _make_dictionary,
    "get": takes("ms", _get),
    "set": takes("ms.", _set),
    "unset": takes("ms", _unset),
    "hasKey": takes("ms", lambda mapping, key: key in mapping),
    "keys": takes("m*", _keys),
    "values": takes("m", lambda mapping: [entry_of(mapping, key) for key in sorted(mapping)]),
    "pluck": takes("sm*", _pluck),
    "pick": takes("ms*", _pick),
    "omit": takes("ms*", _omit),
    **dict.fromkeys(("deepCopy", "mustDeepCopy"), takes(".", _copy_deeply)),
    "dig": _dig,
    **dict.fromkeys(("merge", "mustMerge"), takes("mm*", _merge)),
    **dict.fromkeys(
        ("mergeOverwrite", "mustMergeOverwrite"),
        takes("mm*", lambda into, *others: _merge(into, *others, overwrites=True)),
    ),
}
