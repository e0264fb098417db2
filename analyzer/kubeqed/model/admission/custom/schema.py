"""The schemas of custom resources, loaded when a document of the kind occurs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

Schema = dict[str, Any]

_DATA = Path(__file__).parents[2] / "data"


class Resource(NamedTuple):
    """A custom resource definition: its versions that are served, each with a schema, and which are deprecated."""

    group: str
    kind: str
    namespaced: bool
    versions: dict[str, Schema]
    deprecated: frozenset[str]


@cache
def resource(name: str) -> Resource | None:
    """The definition of the kind with that name in lower case; None when there is none."""
    if name not in _names():
        return None
    data = json.loads((_DATA / f"custom.{name}.json").read_text(encoding="utf-8"))
    parts = data["parts"]
    for part in parts:
        _link(part, parts)
    versions = {version: _link(schema, parts) for version, schema in data["versions"].items()}
    return Resource(data["group"], data["kind"], data["namespaced"], versions, frozenset(data["deprecated"]))


def _link(schema: Schema, parts: list[Schema]) -> Schema:
    """Puts the shared parts where the schema refers to them."""
    for key in ("items", "additionalProperties", "not"):
        if key in schema:
            schema[key] = _part(schema[key], parts)
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            schema[key] = [_part(item, parts) for item in schema[key]]
    for name, item in schema.get("properties", {}).items():
        schema["properties"][name] = _part(item, parts)
    return schema


def _part(schema: Schema, parts: list[Schema]) -> Schema:
    return parts[schema["part"]] if "part" in schema else _link(schema, parts)


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name.split(".")[1] for path in _DATA.glob("custom.*.json"))
