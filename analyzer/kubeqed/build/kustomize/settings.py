"""A kustomization file as the tool decodes it: every field known, of its type, in whatever case it is written."""

from __future__ import annotations

from typing import Any

from kubeqed.build.kustomize.config import CONFIGURED
from kubeqed.build.node import Entries, OriginNode
from kubeqed.build.refusal import RefusalError
from kubeqed.parse import Unknown

Shape = Any  # a type of Python, a list of one shape, a dict of fields, or _Map

_ANY = object()
_MAP = {"*": str}
_SELECTOR = dict.fromkeys(("group", "version", "kind", "name", "namespace", "annotationSelector", "labelSelector"), str)
_OPTIONS = {"delimiter": str, "index": int, "encoding": str, "create": bool}
_PATCH = {
    "path": str,
    "patch": str,
    "target": _SELECTOR,
    "options": {"allowNameChange": bool, "allowKindChange": bool},
}
_IMAGE = dict.fromkeys(("name", "newName", "tagSuffix", "newTag", "digest"), str)
_FIELD_SPEC = {**dict.fromkeys(("group", "version", "kind", "path"), str), "create": bool}
_GENERATOR_OPTIONS = {"labels": _MAP, "annotations": _MAP, "disableNameSuffixHash": bool, "immutable": bool}
_CONFIG_MAP = {
    "namespace": str,
    "name": str,
    "behavior": str,
    "literals": [str],
    "files": [str],
    "envs": [str],
    "env": str,
    "options": _GENERATOR_OPTIONS,
}
_REPLACEMENT = {
    "path": str,
    "source": {
        **dict.fromkeys(("group", "version", "kind", "name", "namespace", "fieldPath"), str),
        "options": _OPTIONS,
    },
    "targets": [{"select": _SELECTOR, "reject": [_SELECTOR], "fieldPaths": [str], "options": _OPTIONS}],
    "sourceValue": str,
}
_OBJECT_REFERENCE = dict.fromkeys(("apiVersion", "group", "version", "kind", "name", "namespace"), str)

REPLACEMENT: Shape = _REPLACEMENT
CONFIGURATION: Shape = {
    **{name: [_FIELD_SPEC] for name in CONFIGURED},
    "nameReference": [{**dict.fromkeys(("group", "version", "kind"), str), "fieldSpecs": [_FIELD_SPEC]}],
}
KUSTOMIZATION: Shape = {
    "apiVersion": str,
    "kind": str,
    "metadata": {"name": str, "namespace": str, "labels": _MAP, "annotations": _MAP},
    "openapi": _MAP,
    "namePrefix": str,
    "nameSuffix": str,
    "namespace": str,
    "commonLabels": _MAP,
    "labels": [
        {
            "pairs": _MAP,
            "includeSelectors": bool,
            "includeTemplates": bool,
            "includeVolumeClaimTemplates": bool,
            "fields": [_FIELD_SPEC],
        }
    ],
    "commonAnnotations": _MAP,
    "patchesStrategicMerge": [str],
    "patchesJson6902": [_PATCH],
    "patches": [_PATCH],
    "images": [_IMAGE],
    "imageTags": [_IMAGE],
    "replacements": [_REPLACEMENT],
    "replicas": [{"name": str, "count": int}],
    "vars": [{"name": str, "objref": _OBJECT_REFERENCE, "fieldref": {"fieldPath": str}}],
    "sortOptions": {"order": str, "legacySortOptions": {"orderFirst": [str], "orderLast": [str]}},
    "resources": [str],
    "components": [str],
    "crds": [str],
    "bases": [str],
    "configMapGenerator": [_CONFIG_MAP],
    "secretGenerator": [{**_CONFIG_MAP, "type": str}],
    "helmGlobals": _ANY,
    "helmCharts": _ANY,
    "helmChartInflationGenerator": _ANY,
    "generatorOptions": _GENERATOR_OPTIONS,
    "configurations": [str],
    "generators": [str],
    "transformers": [str],
    "validators": [str],
    "buildMetadata": [str],
}
_GO_TYPES = {str: "string", int: "int64", bool: "bool"}


def drop_unknown(node: OriginNode, shape: Shape) -> OriginNode:
    """The node without fields that are unknown, as a decoder leaves them out that is not strict."""
    if isinstance(shape, list) and isinstance(node.value, list):
        return node.like([drop_unknown(item, shape[0]) for item in node.value])
    if not isinstance(shape, dict) or "*" in shape or not isinstance(node.value, dict):
        return node
    known = {key.lower(): key for key in shape}
    kept = {key: item for key, item in node.value.items() if key.lower() in known}
    dropped = node.like({key: drop_unknown(item, shape[known[key.lower()]]) for key, item in kept.items()})
    for key, item in dropped.entries.items():
        item.key_source, item.key_mark = kept[key].key_source, kept[key].key_mark
    dropped.is_open = node.is_open
    return dropped


def decode(node: OriginNode, shape: Shape, name: str = "Kustomization") -> OriginNode:
    """The node with the fields' own names, null left out; a RefusalError in the words of the tool's JSON decoder."""
    if shape is _ANY or node.value is None:
        return node
    if isinstance(shape, dict):
        return _decode_mapping(node, shape, name)
    if isinstance(shape, list):
        if not isinstance(node.value, list):
            item = _GO_TYPES.get(shape[0], "") if isinstance(shape[0], type) else "struct"
            raise _wrong_type(node, name, f"[]{item}")
        return node.like([decode(item, shape[0], name) for item in node.value])
    return _decode_scalar(node, shape, name)


def _decode_mapping(node: OriginNode, shape: dict[str, Shape], name: str) -> OriginNode:
    """The entries by the names of their fields; those of a free mapping keep theirs."""
    if not isinstance(node.value, dict):
        raise _wrong_type(node, name, "map[string]string" if "*" in shape else "types." + name.rpartition(".")[2])
    known = {key.lower(): key for key in shape}
    entries: Entries = {}
    for written, value in node.value.items():
        key = written if "*" in shape else known.get(written.lower())
        if key is None:
            raise RefusalError(f'json: unknown field "{written}"', value.key_place)
        inner = shape.get(key, shape.get("*"))
        if value.value is not None:
            entries[key] = decode(value, inner, f"{name}.{key}")
            entries[key].key_source, entries[key].key_mark = value.key_source, value.key_mark
        elif "*" in shape:
            entries[key] = value.like("")
    decoded = node.like(entries)
    decoded.is_open = node.is_open
    return decoded


def _decode_scalar(node: OriginNode, shape: type, name: str) -> OriginNode:
    value = node.value
    if isinstance(value, Unknown) or (isinstance(value, shape) and isinstance(value, bool) == (shape is bool)):
        return node
    raise _wrong_type(node, name, _GO_TYPES[shape])


def _wrong_type(node: OriginNode, name: str, wanted: str) -> RefusalError:
    """The refusal of a value of the wrong type, as Go words it."""
    value = node.value
    found = (
        "object"
        if isinstance(value, dict)
        else "array"
        if isinstance(value, list)
        else "bool"
        if isinstance(value, bool)
        else "string"
        if isinstance(value, str | Unknown)
        else "number"
    )
    if found == "number" and wanted == "int64":
        found = f"number {node.text}"
    return RefusalError(f"json: cannot unmarshal {found} into Go struct field {name} of type {wanted}", node.place)
