"""Writes custom.KIND.json: the schema of a custom resource that the API server validates, out of its CRD.

    python -m data.generate_custom SOURCE=DIRECTORY ...

SOURCE names where the CRDs of the directory come from, such as sigs.k8s.io/gateway-api@v1.7.0. A kind that several
directories hold has a schema of each, in their order: an alpha version may change its shape from release to release.
Descriptions and the status, which a server drops when an object is created, are left out; parts that occur twice stand
once, in `parts`. The form of the output is read by apiserver/crd/schema.py.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parents[1] / "analyzer/kubeqed/apiserver/data"
_KEPT = [
    "type",
    "format",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "required",
    "default",
    "nullable",
]
_SHORT = {
    "x-kubernetes-list-type": "listType",
    "x-kubernetes-list-map-keys": "listKeys",
    "x-kubernetes-int-or-string": "intOrString",
    "x-kubernetes-preserve-unknown-fields": "open",
}
_LEAST = 60  # characters; what is shorter is cheaper repeated

Schema = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Reads every CRD of the directories."""
    releases: dict[str, list[tuple[str, Schema]]] = {}
    for argument in arguments:
        source, _, directory = argument.partition("=")
        for path in sorted(Path(directory).glob("*.yaml")):
            for document in YAML(typ="safe").load_all(path.read_text(encoding="utf-8")):
                if document and document.get("kind") == "CustomResourceDefinition":
                    spec = document["spec"]
                    releases.setdefault(f"{spec['names']['kind']}.{spec['group']}", []).append((source, spec))
    for found in releases.values():
        _write(found)


def _write(releases: list[tuple[str, Schema]]) -> None:
    spec = releases[0][1]
    versions = {version["name"]: version for version in spec["versions"] if version["served"]}
    schemas: dict[str, list[Schema]] = {}
    for _, release in releases:
        for version in release["versions"]:
            schema = _shrunk(version["schema"]["openAPIV3Schema"])
            schema["properties"].pop("status", None)
            if version["served"] and schema not in schemas.setdefault(version["name"], []):
                schemas[version["name"]].append(schema)
    counts: Counter[str] = Counter()
    _count(schemas, counts)
    parts: dict[str, Any] = {}
    result = {
        "source": ", ".join(source for source, _ in releases),
        "group": spec["group"],
        "kind": spec["names"]["kind"],
        "namespaced": spec["scope"] == "Namespaced",
        "deprecated": {
            name: version["deprecationWarning"] for name, version in versions.items() if version.get("deprecated")
        },
        "versions": {
            name: [_shared(schema, counts, parts, is_top=True) for schema in found] for name, found in schemas.items()
        },
    }
    result["parts"] = [part for _, part in sorted(parts.values(), key=lambda item: item[0])]
    target = HERE / f"custom.{spec['names']['kind'].lower()}.json"
    target.write_text(json.dumps(result, separators=(",", ":"), sort_keys=False) + "\n", encoding="utf-8")


def _shrunk(schema: Schema) -> Schema:
    small = {key: schema[key] for key in _KEPT if key in schema}
    small.update({short: schema[key] for key, short in _SHORT.items() if key in schema})
    if "x-kubernetes-validations" in schema:
        small["rules"] = [_rule(rule) for rule in schema["x-kubernetes-validations"]]
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            small[key] = [_shrunk(item) for item in schema[key]]
    if "not" in schema:
        small["not"] = _shrunk(schema["not"])
    if "properties" in schema:
        small["properties"] = {name: _shrunk(item) for name, item in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            small[key] = _shrunk(schema[key])
    return small


def _rule(rule: Schema) -> dict[str, str]:
    return {key: str(rule[key]).strip() for key in ("rule", "message", "messageExpression", "fieldPath") if key in rule}


def _count(schema: Any, counts: Counter[str]) -> None:
    if isinstance(schema, dict):
        if _is_schema(schema):
            counts[json.dumps(schema)] += 1
        for item in schema.values():
            _count(item, counts)
    elif isinstance(schema, list):
        for item in schema:
            _count(item, counts)


def _shared(schema: Any, counts: Counter[str], parts: dict[str, Any], *, is_top: bool = False) -> Any:
    if isinstance(schema, list):
        return [_shared(item, counts, parts) for item in schema]
    if not isinstance(schema, dict):
        return schema
    text = json.dumps(schema)
    if not is_top and _is_schema(schema) and counts[text] > 1 and len(text) > _LEAST:
        if text not in parts:
            parts[text] = (len(parts), None)
            parts[text] = (parts[text][0], _shared(schema, counts, parts, is_top=True))
        return {"part": parts[text][0]}
    return {key: _shared(item, counts, parts) for key, item in schema.items()}


def _is_schema(schema: Schema) -> bool:
    return isinstance(schema.get("type"), str) or "intOrString" in schema


if __name__ == "__main__":
    main(sys.argv[1:])
