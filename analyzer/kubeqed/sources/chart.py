"""Which files belong to a Helm chart and are no manifests: its description, its values, its templates."""

from __future__ import annotations

import os
from collections.abc import Callable

CHART_FILE = "Chart.yaml"
TEMPLATES = "templates"


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
