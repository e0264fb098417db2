"""`values.schema.json`: what a chart says of its values, checked as Helm does before it renders."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.chart import Chart
from kubeqed.build.helm.schema_steps import bound_validator, drop_dialects
from kubeqed.build.linear_pattern import CostlyPatternError
from kubeqed.build.refusal import HELM, Refusal, RefusalCause, UnbuiltError
from kubeqed.parse import Place

if TYPE_CHECKING:
    from jsonschema import ValidationError

_MOST = 10  # findings of one chart
_TOO_LARGE = "values.schema.json, which takes too many steps"
_LONGEST = 80  # characters of what a schema asks for


def check_values(chart: Chart, values: dict[str, Any]) -> list[Refusal]:
    """What the schemas of a chart and of those in it refuse, each at the value."""
    found = _check_chart(chart, values)
    for inner in chart.charts:
        below = values.get(inner.name)
        if isinstance(below, dict):
            found += check_values(inner, below)
    return found[:_MOST]


def _check_chart(chart: Chart, values: dict[str, Any]) -> list[Refusal]:
    """What the schema of one chart refuses."""
    if chart.schema is None:
        return []
    try:
        schema = json.loads(chart.schema, parse_int=_read_whole)
    except RecursionError:
        raise UnbuiltError(_TOO_LARGE) from None
    except ValueError:
        return [Refusal(chart.place, f"{chart.name}: values.schema.json is no JSON", tool=HELM)]
    return [
        Refusal(
            _find_place(values, list(error.absolute_path)) or chart.place,
            _describe_error(chart, error),
            RefusalCause.VALUES,
            HELM,
        )
        for error in _list_errors(schema, values)
    ]


def _list_errors(schema: Any, values: dict[str, Any]) -> list[ValidationError]:
    """What a schema refuses; a reference to another file or machine is not followed."""
    import jsonschema  # few charts have a schema
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    kind = bound_validator(jsonschema.validators.validator_for(schema, default=jsonschema.Draft7Validator))
    try:
        drop_dialects(schema)
        errors = kind(schema, registry=Registry()).iter_errors(values)
        return sorted(errors, key=lambda error: [str(one) for one in error.absolute_path])
    except Unresolvable:
        return []
    except (RecursionError, CostlyPatternError):
        raise UnbuiltError(_TOO_LARGE) from None
    except (TypeError, AttributeError, ValueError, KeyError, re.error):
        raise UnbuiltError("values.schema.json, which is no schema that is read here") from None


def _read_whole(digits: str) -> float:
    """A number of a schema; Python refuses to read those of more than 4,300 digits."""
    return int(digits) if len(digits) < _LONGEST else float(digits)


def _describe_error(chart: Chart, error: ValidationError) -> str:
    """What the schema asks for; the value itself may be confidential."""
    path = ".".join(map(str, error.absolute_path)) or "(root)"
    wanted = json.dumps(error.validator_value, ensure_ascii=False)
    shown = wanted if len(wanted) <= _LONGEST else f"{wanted[:_LONGEST]}..."
    return f"values don't meet the specifications of the schema of {chart.name}: {path}: {error.validator}: {shown}"


def _find_place(values: Any, path: list[str | int]) -> Place | None:
    """Where the value at a path is set, or what is nearest around it."""
    found: Place | None = None
    for step in path:
        if isinstance(values, PlacedMap) and isinstance(step, str):
            found = values.places.get(step, found)
        values = values[step]
    return found
