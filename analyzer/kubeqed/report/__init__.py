"""Findings in the languages of people and of other tools.

A format is one module of the folder `formats/` of a command, with one function: `render(value, options)`, where the
value is all that the command found. It is found by its file name and imported when it is asked for, because the
libraries behind some formats cost more than an analysis. Findings go to standard output; `summary_text` is what a person
reads beside them, on standard error.
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
    "can_expand",
    "failure_text",
    "format_names",
    "is_document",
    "render_answer",
    "renderer",
    "statistics_text",
    "summary_text",
    "tells_notices",
]


def format_names(command: str = "check") -> tuple[str, ...]:
    """The names of all formats of a command, sorted; nothing is imported for it."""
    return list_modules([os.path.join(os.path.dirname(__file__), command, "formats")])


def renderer(name: str) -> Renderer:
    """The `render` of the format of `check` called `name`; a KeyError when there is none."""
    render: Renderer = _import_format("check", name).render
    return render


def render_answer(command: str, name: str, answer: object, options: Options) -> str:
    """What a command other than `check` found, in the format called `name`; a KeyError when there is none."""
    return str(_import_format(command, name).render(answer, options))


def can_expand(command: str, name: str) -> bool:
    """Whether a format has a line for each pair where that is asked for."""
    return bool(getattr(_import_format(command, name), "EXPANDS", False))


def is_document(name: str) -> bool:
    """Whether a format is one document, so that nothing else may stand in the same stream."""
    return bool(getattr(_import_format("check", name), "DOCUMENT", False))


def tells_notices(name: str) -> bool:
    """Whether a format has a place for what was not analysed, so that it does not look like a clean run."""
    return bool(getattr(_import_format("check", name), "TELLS_NOTICES", True))


def _import_format(command: str, name: str) -> ModuleType:
    if name not in format_names(command):
        raise KeyError(name)
    return import_module(f"kubeqed.report.{command}.formats.{name}")
