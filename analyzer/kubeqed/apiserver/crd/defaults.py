"""Defaults of a schema, which the server fills in before it validates."""

from __future__ import annotations

from copy import deepcopy

from kubeqed.apiserver.crd.schema import Schema
from kubeqed.parse import Mapping, Sequence, Value


def apply_defaults(value: Value, schema: Schema) -> Value:
    """A copy of the value with defaults, and without entries that are null where null is not allowed."""
    if isinstance(value, dict):
        return _fill_mapping(value, schema)
    if isinstance(value, list) and "items" in schema:
        result = Sequence()
        result.extend(apply_defaults(item, schema["items"]) for item in value)
        result.open = getattr(value, "open", False)
        return result
    return value


def _fill_mapping(value: dict[str, Value], schema: Schema) -> Mapping:
    properties: dict[str, Schema] = schema.get("properties", {})
    others: Schema = schema.get("additionalProperties", {})
    result = Mapping()
    result.open = getattr(value, "open", False)
    for key, item in value.items():
        below = properties.get(key, others)
        if item is not None or below.get("nullable") or not below:
            result[key] = apply_defaults(item, below)
    for key, below in properties.items():
        if "default" in below and key not in result and not result.open:
            result[key] = apply_defaults(_make_tree(deepcopy(below["default"])), below)
    return result


def _make_tree(value: object) -> Value:
    if isinstance(value, dict):
        mapping = Mapping()
        mapping.update({key: _make_tree(item) for key, item in value.items()})
        return mapping
    if isinstance(value, list):
        sequence = Sequence()
        sequence.extend(_make_tree(item) for item in value)
        return sequence
    return value  # type: ignore[return-value]  # JSON scalars are values
