"""Writes fields.txt: which kinds the API server of each minor version serves, and which fields of which type they have.

    python -m data.generate_fields SWAGGER_DIRECTORY

The directory holds one `1.NN.json` for each minor: `api/openapi-spec/swagger.json` of the module k8s.io/kubernetes at
the newest patch release of that minor. The form of the output is read by apiserver/decode/table.py: each type is one
line of text, so that loading splits only the lines that a manifest needs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "analyzer/kubeqed/apiserver/data"
_SCALARS = {
    ("string", None): "s",
    ("string", "byte"): "y",
    ("string", "date-time"): "t",
    ("string", "int-or-string"): "p",
    ("integer", "int32"): "i",
    ("integer", "int64"): "l",
    ("integer", None): "l",
    ("boolean", None): "b",
    ("number", "double"): "n",
    ("number", None): "n",
}
_SPECIAL = {"Quantity": "q", "Time": "t", "MicroTime": "t", "IntOrString": "p", "FieldsV1": "a", "RawExtension": "a"}

Json = dict[str, Any]
Minors = dict[int, Json]


def main(directory: Path) -> None:
    """Reads every swagger file of the directory."""
    minors = {int(path.stem.split(".")[1]): json.loads(path.read_text()) for path in directory.glob("1.*.json")}
    newest = max(minors)
    definitions = {minor: swagger["definitions"] for minor, swagger in minors.items()}
    source = f"api/openapi-spec/swagger.json of k8s.io/kubernetes, newest patches of 1.{min(minors)} to 1.{newest}"
    lines = [
        f"# {source}",
        f"minors {min(minors)} {newest}",
        *(f"kind {key} {code}" for key, code in _kinds(definitions).items()),
        *(f"type {name} {fields}".rstrip() for name, fields in _types(definitions).items()),
    ]
    (HERE / "fields.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _kinds(definitions: Minors) -> dict[str, str]:
    """`group/version/Kind` to its type, with `@since` and `~until` where not all minors serve it."""
    served: dict[str, tuple[str, list[int]]] = {}
    for minor, types in sorted(definitions.items()):
        for name, schema in types.items():
            for kind in schema.get("x-kubernetes-group-version-kind", []):
                if "metadata" not in schema.get("properties", {}) or kind["kind"].endswith("List"):
                    continue
                if name.endswith(("DeleteOptions", "WatchEvent")):
                    continue
                key = "/".join(filter(None, (kind["group"], kind["version"], kind["kind"])))
                _, seen = served.setdefault(key, (_short(name), []))
                seen.append(minor)
    return {key: name + _lifetime(seen, definitions) for key, (name, seen) in sorted(served.items())}


def _types(definitions: Minors) -> dict[str, str]:
    fields: dict[str, dict[str, tuple[str, list[int]]]] = {}
    present: dict[str, list[int]] = {}
    for minor, types in sorted(definitions.items()):
        for name, schema in types.items():
            if _code_of(name, schema) is not None:
                continue
            short = _short(name)
            present.setdefault(short, []).append(minor)
            known = fields.setdefault(short, {})
            for field, what in schema.get("properties", {}).items():
                code, minors = _code(what, types), known.get(field, ("", []))[1]
                known[field] = (code, [*minors, minor])
    return {
        name: " ".join(
            f"{field}:{code}{_lifetime(minors, present[name])}" for field, (code, minors) in sorted(known.items())
        )
        for name, known in sorted(fields.items())
    }


def _lifetime(minors: list[int], of: Any) -> str:
    since = f"@{min(minors)}" if min(minors) > min(of) else ""
    until = f"~{max(minors)}" if max(minors) < max(of) else ""
    return since + until


def _code(what: Json, types: Json) -> str:
    if "$ref" in what:
        name = what["$ref"].removeprefix("#/definitions/")
        return _code_of(name, types[name]) or _short(name)
    if what.get("type") == "array":
        return "*" + _code(what["items"], types)
    if what.get("type") == "object":
        return "%" + _code(what["additionalProperties"], types) if "additionalProperties" in what else "a"
    return _SCALARS.get((what.get("type", ""), what.get("format")), "a")


def _code_of(name: str, schema: Json) -> str | None:
    """The code of a named type that is no structure of fields; None for one that is."""
    last = name.rsplit(".", 1)[-1]
    if last in _SPECIAL:
        return _SPECIAL[last]
    if "properties" in schema:
        return None
    if schema.get("type") == "object":
        return None if name.startswith("io.k8s.api.") else "a"
    return "a" if not schema.get("type") else _SCALARS[schema["type"], schema.get("format")]


def _short(name: str) -> str:
    for prefix in ("io.k8s.api.", "io.k8s.apimachinery.pkg.apis.", "io.k8s.kube-aggregator.pkg.apis."):
        name = name.removeprefix(prefix)
    return name.removeprefix("io.k8s.apiextensions-apiserver.pkg.apis.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
