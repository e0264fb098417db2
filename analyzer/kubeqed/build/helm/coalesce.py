"""Values laid over each other: those that are given win over those of a chart, a parent's over a sub-chart's (pkg/chartutil)."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.functions.maps import copy_deep, take_entry
from kubeqed.build.gotemplate.functions.yaml_text import to_yaml
from kubeqed.build.gotemplate.values import MethodMap, PlacedMap, TemplateError
from kubeqed.build.helm.chart import Chart
from kubeqed.build.refusal import RefusalError

Map = dict[str, Any]
_GLOBAL = "global"


def coalesce_values(chart: Chart, given: Map, *, merges: bool = False) -> Map:
    """All values of a chart under those that are given; a null that is given takes an entry away, unless it `merges`."""
    return _coalesce_values(chart, copy_deep(given), merges=merges)


def _coalesce_values(chart: Chart, into: Map, *, merges: bool) -> Map:
    """Lays the values of a chart and of those in it under what is given."""
    _coalesce_chart(chart, into, merges=merges)
    for inner in chart.charts:
        own = into.setdefault(inner.name, PlacedMap())
        if not isinstance(own, dict):
            raise RefusalError(f"type mismatch on {inner.name}: its values are no map", _find_place(into, inner.name))
        _coalesce_globals(own, into)
        into[inner.name] = _coalesce_values(inner, own, merges=merges)
    return into


def _find_place(values: Map, key: str) -> Any:
    """Where an entry is set, if that is known."""
    return values.places.get(key) if isinstance(values, PlacedMap) else None


def _coalesce_chart(chart: Chart, into: Map, *, merges: bool) -> None:
    """Lays the chart's own values under what is given."""
    inner = {one.name for one in chart.charts}
    own = copy_deep(chart.values)
    for key, value in own.items():
        if key not in into:
            take_entry(into, own, key)
        elif into[key] is None and not merges:
            del into[key]
        elif isinstance(into[key], dict) and isinstance(value, dict):
            coalesce_tables(into[key], value, merges=merges or key in inner)


def _coalesce_globals(into: Map, outer: Map) -> None:
    """Gives a sub-chart the global values of the chart around it, which win."""
    own, around = into.get(_GLOBAL, PlacedMap()), outer.get(_GLOBAL, PlacedMap())
    if not isinstance(own, dict) or not isinstance(around, dict):
        return
    for key, value in around.items():
        if isinstance(value, dict):
            copied = _copy_map(value)
            if key not in own:
                own[key] = copied
            elif isinstance(own[key], dict):
                coalesce_tables(copied, own[key], merges=True)
                own[key] = copied
        elif not isinstance(own.get(key), dict):
            take_entry(own, around, key)
    into[_GLOBAL] = own


def _copy_map(value: Map) -> PlacedMap:
    """A map that may be changed; what it holds is shared."""
    return PlacedMap(dict(value), dict(value.places) if isinstance(value, PlacedMap) else {})


def coalesce_tables(into: Map, other: Map, *, merges: bool = False) -> Map:
    """Adds the entries of another table that a table lacks; its nulls take away, unless it `merges`."""
    are_set = {key for key, value in other.items() if value is not None}
    for key, value in into.items():
        if value is None:
            other[key] = None
    for key, value in list(other.items()):
        if key not in into:
            take_entry(into, other, key)
        elif into[key] is None and not merges and key in are_set:
            del into[key]
        elif isinstance(value, dict) and isinstance(into[key], dict):
            coalesce_tables(into[key], value, merges=merges)
    return into


def merge_given(into: Map, other: Map) -> Map:
    """Values files in their order: the later one wins, table by table (pkg/cli/values)."""
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            into[key] = merge_given(_copy_map(into[key]), value)
        else:
            take_entry(into, other, key)
    return into


def table_at(values: Any, path: str) -> Map | None:
    """The table at a path of keys with dots, None where there is none."""
    for key in path.split("."):
        if not isinstance(values, dict):
            return None
        values = values.get(key)
    return values if isinstance(values, dict) else None


class ValuesObject(MethodMap):
    """`.Values`: a map with the methods of chartutil.Values."""

    __slots__ = ()

    @classmethod
    def of(cls, values: dict[str, Any]) -> ValuesObject:
        """The same entries at the same places."""
        return cls(values, values.places if isinstance(values, PlacedMap) else {})

    def method(self, name: str) -> Any:
        """`AsMap`, `YAML` or `Table`."""
        methods = {"AsMap": lambda: self, "YAML": lambda: f"{to_yaml(self)}\n", "Table": self._find_table}
        return methods.get(name)

    def _find_table(self, path: str) -> dict[str, Any]:
        """`Table`: the map at a path of keys with dots."""
        found = table_at(self, path)
        if found is None:
            raise TemplateError(f'"{path}" is not a table')
        return found
