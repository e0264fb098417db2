"""Executes a template as the recorded program of Go does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kubeqed.build.gotemplate.builtins import BUILTINS
from kubeqed.build.gotemplate.execution import Execution
from kubeqed.build.gotemplate.expressions import ParseError
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.gotemplate.parser import parse_template
from kubeqed.build.gotemplate.printing import print_all
from kubeqed.build.gotemplate.resources import Budget, DefinedTemplate, ExecutionError, FunctionTable
from kubeqed.build.gotemplate.text import TracedText
from kubeqed.build.gotemplate.values import Int64, TemplateError

ORACLE = Path(__file__).parents[2] / "oracle" / "gotemplate"
NAME = "chart/templates/x.yaml"


def refuse(message: str) -> str:
    raise TemplateError(message)


def make_map(*entries: Any) -> dict[str, Any]:
    return {print_all(key): value for key, value in zip(entries[::2], entries[1::2], strict=False)}


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **BUILTINS,
    "and": BUILTINS["not"],
    "or": BUILTINS["not"],
    "list": lambda *items: list(items),
    "dict": make_map,
    "int64": takes("i", Int64),
    "upper": takes("s", str.upper),
    "fail": takes("s", refuse),
    "nothing": lambda: None,
}


def as_json_numbers(value: Any) -> Any:
    """A value whose numbers are float64, as Go reads JSON."""
    if isinstance(value, dict):
        return {key: as_json_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


VALUES = as_json_numbers(json.loads((ORACLE / "values.json").read_text(encoding="utf-8")))


def run(text: str, values: Any = VALUES) -> TracedText:
    """What a template prints; a ParseError or an ExecutionError if it is refused."""
    source = TemplateSource(NAME, NAME, text)
    templates = {one.name: DefinedTemplate(one, source) for one in parse_template(source, FUNCTIONS)}
    return Execution(templates, FunctionTable(FUNCTIONS, {}), Budget()).run(NAME, values)


def error_of(text: str, values: Any = VALUES) -> str | None:
    """What is said of a template, None if it is executed."""
    try:
        run(text, values)
    except ParseError as error:
        return f"template: {NAME}:{TemplateSource(NAME, NAME, text).line_of(error.offset)}: {error.reason}"
    except ExecutionError as error:
        return error.message
    return None
