"""What is to be said of a chart's values: those that nothing reads, and those that nothing defines.

Nothing is said of a chart of which a dependency is not there, nor where all of the values go somewhere as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.analysis.value_uses import Path, ValueRead, ValueUses
from kubeqed.build.helm.chart import Chart
from kubeqed.build.helm.dependencies import missing_dependencies
from kubeqed.build.helm.loading import ReadChart
from kubeqed.build.refusal import Remark, RemarkKind

_ANCHORED = re.compile(r"^[ \t-]*([\w.-]+):[ \t]*&", re.MULTILINE)
_HELMS_OWN = ("global", "tags")
_LARGE = 200_000  # characters of a file that templates may read

Map = dict[str, Any]


def list_remarks(source: ReadChart, values: Map) -> tuple[Remark, ...]:
    """What is to be said; `values` are those that the chart was rendered at, with those of its sub-charts."""
    chart = source.open_chart()
    if chart.is_library or _lacks_dependency(chart):
        return ()
    uses = _read_uses(chart, source)
    if () in uses.whole:
        return ()
    unread = (Remark(RemarkKind.UNREAD, place, ".".join(path)) for path, place in _find_unread(chart, uses))
    own = ValueUses()
    for name, parsed in source.parsed.items():
        if not name.startswith(f"{chart.name}/charts/"):
            own.add_template(parsed)
    undefined = _find_undefined(own, values, [*_list_schemas(chart), *(given for _, given in source.tested_values())])
    return (*unread, *(Remark(RemarkKind.UNDEFINED, one.place, ".".join(one.path)) for one in undefined))


def _lacks_dependency(chart: Chart) -> bool:
    """Whether a chart that may read any value is not there."""
    return bool(missing_dependencies(chart)) or any(map(_lacks_dependency, chart.charts))


def _read_uses(chart: Chart, source: ReadChart) -> ValueUses:
    """What all templates read, those of sub-charts too, and texts that may be templates."""
    uses = ValueUses()
    for parsed in source.parsed.values():
        uses.add_template(parsed)
    for text in (*_list_texts(chart.values), *(one.text for one in chart.files if len(one.content) < _LARGE)):
        if "{{" in text:
            uses.add_text(text)
    uses.words.update(_ANCHORED.findall(source.text_of("values.yaml")))
    for one in chart.dependencies:
        uses.whole.update(tuple(path.strip().split(".")) for path in one.condition.split(","))
    return uses


def _list_texts(value: Any) -> Iterator[str]:
    """The texts inside of a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(one)


def _find_unread(chart: Chart, uses: ValueUses) -> Iterator[tuple[Path, Any]]:
    """The highest keys of a chart's values that nothing reads, and where they stand."""
    inner = {one.name for one in chart.charts} | {one.alias or one.name for one in chart.dependencies}
    named = {one.path for one in uses.reads} | uses.whole
    above = {path[:end] for path in named for end in range(len(path) + 1)}
    own = {key: value for key, value in chart.values.items() if key not in inner and key not in _HELMS_OWN}
    return _find_unread_keys(own, getattr(chart.values, "places", {}), (), uses, above)


def _find_unread_keys(
    values: Map, places: Map, path: Path, uses: ValueUses, above: set[Path]
) -> Iterator[tuple[Path, Any]]:
    """The keys of a map that nothing reads, and those below its others."""
    for key, value in values.items():
        own = (*path, key)
        if own in uses.whole:
            continue
        if own in above:
            if isinstance(value, PlacedMap):
                yield from _find_unread_keys(value, value.places, own, uses, above)
        elif key not in uses.words and key in places:
            yield own, places[key]


def _find_undefined(uses: ValueUses, values: Map, others: list[Map]) -> Iterator[ValueRead]:
    """The values that templates print without asking and that neither the chart's values nor `others` define."""
    asked = {one.path for one in uses.reads if one.is_asked}
    seen: set[Path] = set()
    for read in uses.reads:
        if read.path and read.path not in asked and read.path not in seen:
            seen.add(read.path)
            if _lacks_entry(values, read.path) and not any(_has_path(one, read.path) for one in others):
                yield read


def _lacks_entry(values: Map, path: Path) -> bool:
    """Whether a map that is not empty has no entry for the last key of a path."""
    at: Any = values
    for key in path[:-1]:
        at = at.get(key) if isinstance(at, dict) else None
    return isinstance(at, dict) and bool(at) and path[-1] not in at


def _has_path(values: Map, path: Path) -> bool:
    """Whether a path leads to something."""
    at: Any = values
    for key in path:
        if not isinstance(at, dict) or key not in at:
            return False
        at = at[key]
    return True


def _list_schemas(chart: Chart) -> Iterator[Map]:
    """What values.schema.json names, as a map of maps."""
    try:
        schema = json.loads(chart.schema) if chart.schema else None
    except ValueError:
        return
    if isinstance(schema, dict):
        yield _read_properties(schema)


def _read_properties(schema: Any) -> Map:
    """The properties of a schema, with those below them."""
    found = schema.get("properties") if isinstance(schema, dict) else None
    return {key: _read_properties(one) for key, one in found.items()} if isinstance(found, dict) else {}
