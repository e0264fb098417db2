"""Writes what kustomize knows by heart: which fields its transformers change, how lists merge, which kinds have no namespace.

    go run data/kustomize_schema.go > SCHEMA          (in a module that requires sigs.k8s.io/kustomize/kyaml v0.21.2)
    python -m data.generate_kustomize API_MODULE KYAML_MODULE SCHEMA

The modules are the directories of sigs.k8s.io/kustomize/api and sigs.k8s.io/kustomize/kyaml, both v0.21.2 as in
kustomize v5.8.2. Of the schema only types are kept from which a list with a merge strategy is reached.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from kubeqed.parse import Mapping, parse
from kubeqed.sources import SourceFile

HERE = Path(__file__).parents[1] / "analyzer/kubeqed/build/kustomize/data"
_CONSTANT = re.compile(r"(\w+)\s*=\s*`(.*?)`((?:\s*\+\s*\w+)*)", re.DOTALL)
_SCOPE = re.compile(r'\{APIVersion: "([^"]*)", Kind: "([^"]*)"\}:\s*false')

Json = dict[str, Any]


def main(api: Path, kyaml: Path, schema: Path) -> None:
    """Writes the three tables."""
    _write("field_specs.json", _field_specs(api))
    scopes = (kyaml / "openapi/openapi.go").read_text()
    _write("cluster_scoped.json", sorted(f"{version} {kind}" for version, kind in _SCOPE.findall(scopes)))
    _write("merge_keys.json", _merge_keys(json.loads(schema.read_text())["definitions"]))


def _write(name: str, value: Any) -> None:
    text = json.dumps(value, indent=1, sort_keys=name != "field_specs.json")
    (HERE / name).write_text(text + "\n", encoding="utf-8")


def _field_specs(api: Path) -> Json:
    """The default configuration of the transformers: `nameReference` and the others to their field specs."""
    texts: dict[str, tuple[str, str]] = {}
    for path in (api / "internal/konfig/builtinpluginconsts").glob("*.go"):
        texts |= {name: (text, rest) for name, text, rest in _CONSTANT.findall(path.read_text())}
    specs: Json = {}
    for name, (text, rest) in texts.items():
        whole = text + "".join(texts[other][0] for other in re.findall(r"\w+", rest))
        if name.endswith("FieldSpecs") and re.match(r"\s*\w+:", whole):
            (document,) = parse(SourceFile(name, whole.encode())).documents
            root = document.document.root
            specs |= root if isinstance(root, Mapping) else {}
    return specs


def _merge_keys(definitions: Json) -> Json:
    """`types`: type to field to [merge keys or null, type of the value or of the items or null]; `kinds` to their type."""
    types = {name: _fields(schema) for name, schema in definitions.items()}
    kept = {name for name, fields in types.items() if any(keys is not None for keys, _ in fields.values())}
    while more := {n for n, f in types.items() if n not in kept and any(inner in kept for _, inner in f.values())}:
        kept |= more
    numbers = {name: number for number, name in enumerate(sorted(kept))}
    kinds = {
        f"{kind['group'] + '/' if kind['group'] else ''}{kind['version']} {kind['kind']}": numbers[name]
        for name in sorted(kept)
        for kind in definitions[name].get("x-kubernetes-group-version-kind", ())
    }
    rows = [
        {
            field: [keys, numbers.get(inner or "")]
            for field, (keys, inner) in types[name].items()
            if keys is not None or inner in kept
        }
        for name in sorted(kept)
    ]
    return {"types": rows, "kinds": kinds}


def _fields(schema: Json) -> dict[str, tuple[list[str] | None, str | None]]:
    fields = {name: _field(value) for name, value in schema.get("properties", {}).items()}
    if isinstance(more := schema.get("additionalProperties"), dict):
        fields["*"] = _field(more)
    return fields


def _field(schema: Json) -> tuple[list[str] | None, str | None]:
    strategies = schema.get("x-kubernetes-patch-strategy", "").split(",")
    is_list = schema.get("type") in ("array", ["array"])
    keys = schema.get("x-kubernetes-list-map-keys") or [schema.get("x-kubernetes-patch-merge-key", "")]
    inner = schema["items"] if is_list else schema.get("additionalProperties") or schema
    name = inner.get("$ref", "").rpartition("/")[2] if isinstance(inner, dict) else ""
    return (keys if is_list and "merge" in strategies else None), name or None


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
