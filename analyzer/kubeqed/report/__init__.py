"""Findings in the languages of people and of other tools.

A format is one module of `formats/` with one function, `render(report, options)`. It is found by its file name and
imported when it is asked for, because the libraries behind some formats cost more than an analysis. Findings go to
standard output; `summary_text` is what a person reads beside them, on standard error.
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

from kubeqed.report.report import (
    CheckResult,
    Options,
    Renderer,
    RuleDescription,
    Summary,
    UnitSummary,
)
from kubeqed.report.summary import failure_text, statistics_text, summary_text
from kubeqed.sources.modules import list_modules

__all__ = [
    "CheckResult",
    "Options",
    "Renderer",
    "RuleDescription",
    "Summary",
    "UnitSummary",
    "failure_text",
    "format_names",
    "is_document",
    "renderer",
    "statistics_text",
    "summary_text",
    "tells_notices",
]


def format_names() -> tuple[str, ...]:
    """The names of all formats, sorted; nothing is imported for it."""
    return list_modules([os.path.join(os.path.dirname(__file__), "check", "formats")])


def renderer(name: str) -> Renderer:
    """The `render` of the format called `name`; a KeyError when there is none."""
    render: Renderer = _module(name).render
    return render


def is_document(name: str) -> bool:
    """Whether a format is one document, so that nothing else may stand in the same stream."""
    return bool(getattr(_module(name), "DOCUMENT", False))


def tells_notices(name: str) -> bool:
    """Whether a format has a place for what was not analysed, so that it does not look like a clean run."""
    return bool(getattr(_module(name), "TELLS_NOTICES", True))


def _module(name: str) -> ModuleType:
    if name not in format_names():
        raise KeyError(name)
    return import_module(f"kubeqed.report.check.formats.{name}")
