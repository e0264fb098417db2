"""Which files belong to a Helm chart and are no manifests: its description, its values, its templates."""

from __future__ import annotations

import os

CHART_FILE = "Chart.yaml"
TEMPLATES = "templates"


def describes_chart(name: str) -> bool:
    """Whether the file `name` beside a Chart.yaml (itself included) is about the chart instead of a manifest."""
    return name == CHART_FILE or name.startswith("values")


def is_description(path: str) -> bool:
    """Whether the file at `path` is a chart's description or values."""
    directory, name = os.path.split(path)
    return describes_chart(name) and _holds_chart(directory)


def in_templates(path: str) -> bool:
    """Whether `path` is the `templates/` of a chart or stands below it."""
    parts = os.path.abspath(path).split(os.sep)
    return any(
        part == TEMPLATES and _holds_chart(os.sep.join(parts[:depth]) or os.sep) for depth, part in enumerate(parts)
    )


def _holds_chart(directory: str) -> bool:
    return os.path.isfile(os.path.join(directory, CHART_FILE))
