"""The schemas of custom resources, loaded when a document of the kind occurs."""

from __future__ import annotations

import json
import os.path
from functools import cache
from typing import Any, NamedTuple

Schema = dict[str, Any]

_DATA = os.path.join(os.path.dirname(__file__), os.pardir, "data")


class Resource(NamedTuple):
    """A custom resource definition: its versions that are served, and which are deprecated.

    Each version has the schemas of the releases that differ, the newest first; a cluster may have any of them.
    """

    group: str
    kind: str
    namespaced: bool
    versions: dict[str, list[Schema]]
    deprecated: frozenset[str]


@cache
def load_resource(name: str) -> Resource:
    """The definition of the kind with that name in lower case."""
    with open(os.path.join(_DATA, f"custom.{name}.json"), encoding="utf-8") as file:
        data = json.load(file)
    parts = data["parts"]
    for part in parts:
        _link_parts(part, parts)
    versions = {
        version: [_link_parts(schema, parts) for schema in releases] for version, releases in data["versions"].items()
    }
    return Resource(data["group"], data["kind"], data["namespaced"], versions, frozenset(data["deprecated"]))


def _link_parts(schema: Schema, parts: list[Schema]) -> Schema:
    """Puts the shared parts where the schema refers to them."""
    for key in ("items", "additionalProperties", "not"):
        if key in schema:
            schema[key] = _find_part(schema[key], parts)
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            schema[key] = [_find_part(item, parts) for item in schema[key]]
    for name, item in schema.get("properties", {}).items():
        schema["properties"][name] = _find_part(item, parts)
    return schema


def _find_part(schema: Schema, parts: list[Schema]) -> Schema:
    return parts[schema["part"]] if "part" in schema else _link_parts(schema, parts)
