"""Which files belong to a Helm chart and are no manifests: its description, its values, its templates."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection

CHART_FILE = "Chart.yaml"
TEMPLATES = "templates"
_SUB_CHARTS = "charts"


def describes_chart(name: str) -> bool:
    """Whether the file `name` beside a Chart.yaml (itself included) is about the chart instead of a manifest."""
    return name == CHART_FILE or name.startswith("values")


def in_templates(path: str, is_file: Callable[[str], bool]) -> bool:
    """Whether `path` is the `templates/` of a chart or stands below it; `is_file` looks for the chart's description."""
    parts = os.path.abspath(path).split(os.sep)
    return any(
        part == TEMPLATES and is_file(os.path.join(os.sep.join(parts[:depth]) or os.sep, CHART_FILE))
        for depth, part in enumerate(parts)
    )


def chart_around(path: str, is_file: Callable[[str], bool]) -> str | None:
    """The directory of the chart that a file belongs to, of a sub-chart that of its parent; None where there is none."""
    directory = os.path.dirname(path)
    while not is_file(os.path.join(directory, CHART_FILE)):
        above, directory = directory, os.path.dirname(directory)
        if directory == above:
            return None
    above = os.path.dirname(directory)
    is_inner = os.path.basename(above) == _SUB_CHARTS and is_file(os.path.join(os.path.dirname(above), CHART_FILE))
    return chart_around(above, is_file) if is_inner else directory


def find_charts(paths: Collection[str]) -> frozenset[str]:
    """The directories of the charts whose descriptions are among some paths."""
    return frozenset(os.path.dirname(path) for path in paths if os.path.basename(path) == CHART_FILE)


def lie_in_charts(paths: Collection[str]) -> frozenset[str]:
    """Those of some paths that lie in a chart whose description is among them."""
    charts = find_charts(paths)
    return frozenset(path for path in paths if charts and _is_in(path, charts))


def _is_in(path: str, charts: frozenset[str]) -> bool:
    while (parent := os.path.dirname(path)) != path:
        if parent in charts:
            return True
        path = parent
    return False
