"""`crds`: definitions in OpenAPI that say which fields of custom resources hold names, labels and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kubeqed.build.kustomize.config import TransformerConfig, read_config
from kubeqed.build.refusal import RefusalError

_TYPE_FIELDS = frozenset(("kind", "apiVersion", "metadata"))
_ADDED = (
    ("x-kubernetes-annotation", "commonAnnotations"),
    ("x-kubernetes-label-selector", "commonLabels"),
    ("x-kubernetes-identity", "namePrefix"),
)

Definitions = Mapping[str, Any]


def read_definitions(definitions: Definitions) -> TransformerConfig:
    """What the definitions of a file add; a RefusalError where it holds no definitions, as a CRD itself does not."""
    for name, definition in definitions.items():
        if not isinstance(definition, dict):
            raise RefusalError(f"json: cannot unmarshal {type(definition).__name__} into the definition of {name}")
    config: dict[str, list[dict[str, Any]]] = {}
    for name in definitions:
        if _find_properties(definitions, name).keys() >= _TYPE_FIELDS:
            kind = name.rpartition(".")[2]
            for key, value in _find_additions(definitions, name, kind, (), (name,)):
                config.setdefault(key, []).append(value)
    return read_config(config)


def _find_properties(definitions: Definitions, name: str) -> dict[str, Any]:
    schema = definitions.get(name, {}).get("Schema")
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return properties if isinstance(properties, dict) else {}


def _find_additions(
    definitions: Definitions, name: str, kind: str, path: tuple[str, ...], above: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(list of the configuration, entry) for each field that says what it is, below what it refers to as well."""
    for key, field in _find_properties(definitions, name).items():
        here = (*path, key)
        if not isinstance(field, dict):
            continue
        for extension, added in _ADDED:
            if isinstance(field.get(extension), str):
                yield added, {"kind": kind, "path": "/".join(here)}
        version, target = (field.get(f"x-kubernetes-object-ref-{one}") for one in ("api-version", "kind"))
        if isinstance(version, str) and isinstance(target, str):
            named = field.get("x-kubernetes-object-ref-name-key") or "name"
            spec = {"kind": kind, "path": "/".join((*here, named))}
            yield "nameReference", {"kind": target, "version": version, "fieldSpecs": [spec]}
        if isinstance(inner := field.get("$ref"), str) and inner not in above:
            yield from _find_additions(definitions, inner, kind, here, (*above, inner))
