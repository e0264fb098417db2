"""Which sub-charts of a chart count, under which names, and which of their values it takes over (pkg/chartutil)."""

from __future__ import annotations

from typing import Any

from kubeqed.build.gotemplate.functions.maps import copy_deep
from kubeqed.build.gotemplate.functions.versions import satisfies
from kubeqed.build.gotemplate.values import PlacedMap, TemplateError
from kubeqed.build.helm.chart import Chart, Dependency
from kubeqed.build.helm.coalesce import coalesce_tables, coalesce_values, table_at

Map = dict[str, Any]


def process_dependencies(chart: Chart, given: Map) -> None:
    """Leaves those sub-charts that are switched on, and takes over the values that the chart imports."""
    _enable_charts(chart, given, "")
    _import_values(chart)


def _is_compatible(constraint: str, version: str) -> bool:
    """Whether a version lies within a constraint; a constraint that is none holds nothing."""
    try:
        return satisfies(constraint, version)
    except TemplateError:
        return False


def missing_dependencies(chart: Chart) -> list[Dependency]:
    """The dependencies of a chart that are stated, and not there; of one in another version Helm does not say so."""
    names = {one.name for one in chart.charts}
    return [one for one in chart.dependencies if names.isdisjoint((one.name, one.stated_name))]


def _enable_charts(chart: Chart, given: Map, path: str) -> None:
    """Leaves the sub-charts that are switched on, and does so in them."""
    if not chart.dependencies:
        return
    chart.adopt(_name_charts(chart))
    for one in chart.dependencies:
        one.name = one.alias or one.name
        one.enabled = True
    values = coalesce_values(chart, given)
    _apply_tags(chart.dependencies, values)
    _apply_conditions(chart.dependencies, values, path)
    left_out = {one.name for one in chart.dependencies if not one.enabled}
    chart.adopt([one for one in chart.charts if one.name not in left_out])
    for inner in chart.charts:
        _enable_charts(inner, values, f"{path}{inner.name}.")
    chart.dependencies = [one for one in chart.dependencies if one.name not in left_out]


def _name_charts(chart: Chart) -> list[Chart]:
    """The sub-charts that no dependency states, and one for each dependency, under its alias."""
    stated = chart.dependencies
    found = [
        inner
        for inner in chart.charts
        if not any(one.name == inner.name and _is_compatible(one.version, inner.version) for one in stated)
    ]
    for one in stated:
        for inner in chart.charts:
            if inner.name == one.name and _is_compatible(one.version, inner.version):
                found.append(inner.called(one.alias or inner.name))
                break
    return found


def _apply_tags(dependencies: list[Dependency], values: Map) -> None:
    """Switches by tags: one that is on wins."""
    tags = values.get("tags")
    if not isinstance(tags, dict):
        return
    for one in dependencies:
        switches = [tags[tag] for tag in one.tags if isinstance(tags.get(tag), bool)]
        one.enabled = True in switches or not switches


def _apply_conditions(dependencies: list[Dependency], values: Map, path: str) -> None:
    """The first path of a condition that is set decides."""
    for one in dependencies:
        for condition in filter(None, one.condition.strip().split(",")):
            parent, _, key = f"{path}{condition}".rpartition(".")
            table = table_at(values, parent) if parent else values
            if table is not None and isinstance(table.get(key), bool):
                one.enabled = table[key]
                break


def _import_values(chart: Chart) -> None:
    """Takes over the values that a chart imports, those of sub-charts first."""
    for inner in chart.charts:
        _import_values(inner)
    if not chart.dependencies:
        return
    values = coalesce_values(chart, PlacedMap(), merges=True)
    taken: Map = PlacedMap()
    for one in chart.dependencies:
        for imported in one.imports:
            child, parent = _read_paths(imported)
            table = table_at(values, f"{one.name}.{child}")
            if table is not None:
                coalesce_tables(taken, _nest_table(parent, copy_deep(table)), merges=True)
    chart.values = coalesce_tables(values, taken, merges=True)


def _read_paths(imported: Any) -> tuple[str, str]:
    """Where the values stand in the sub-chart, and where they go in the chart."""
    if isinstance(imported, dict):
        return str(imported.get("child")), str(imported.get("parent"))
    return f"exports.{imported}", "."


def _nest_table(path: str, table: Map) -> Map:
    """A table under a path of keys."""
    if path != ".":
        for key in reversed(path.split(".")):
            table = PlacedMap({key: table})
    return table
