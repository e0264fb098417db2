"""The structural part of a schema: types, required fields, enumerations, patterns, limits, lists that are maps.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from kubeqed.apiserver.crd.schema import Schema
from kubeqed.apiserver.decode.nearest import find_nearest_field
from kubeqed.apiserver.decode.scalars import SCALARS, find_misread_scalar
from kubeqed.apiserver.formats.address import sloppy_address
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Misspelt, Violation, invalid, required, unsupported
from kubeqed.model.values.known import is_known
from kubeqed.parse import Unknown

_CODES = {"string": "s", "boolean": "b", "number": "n"}
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$")  # an escape, a class of characters, or the end of the text
_FAMILIES = {"ipv4": ".", "ipv6": ":"}
_TOP = frozenset(("apiVersion", "kind", "metadata", "status"))


class SchemaViolation(NamedTuple):
    """A violation; `blocking` ones keep the server from evaluating CEL rules."""

    violation: Violation
    blocking: bool = False


def validate_structure(node: Node, schema: Schema) -> Iterator[SchemaViolation]:
    """Everything below the node that does not fit the schema."""
    value = node.value
    if isinstance(value, Unknown):
        return
    kind = schema.get("type")
    # `x-kubernetes-int-or-string` stands in the place of a type.
    if schema.get("intOrString"):
        if not SCALARS["p"](value):
            yield from (SchemaViolation(found, blocking=True) for found in find_misread_scalar(node, "p"))
    elif kind == "object":
        yield from _validate_object(node, schema)
    elif kind == "array":
        yield from _validate_array(node, schema)
    elif kind is not None:
        yield from _validate_scalar(node, schema, kind)
    yield from _validate_alternatives(node, schema)


def _validate_object(node: Node, schema: Schema) -> Iterator[SchemaViolation]:
    value = node.value
    if not isinstance(value, dict):
        yield SchemaViolation(_refuse_shape(node, "a mapping"), blocking=True)
        return
    properties: dict[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for key in value:
        if key in properties:
            if node.parent is not None or key not in _TOP:
                yield from validate_structure(node[key], properties[key])
        elif others is not None:
            yield from validate_structure(node[key], others)
        # A schema without properties, or with `x-kubernetes-preserve-unknown-fields`, takes any field.
        elif properties and not schema.get("open") and not (node.parent is None and key in _TOP):
            yield SchemaViolation(_refuse_unknown(node[key], key, properties))
    for key in schema.get("required", ()):
        if node[key].absent and key not in value and (node.parent is not None or key not in _TOP):
            yield SchemaViolation(required(node[key]), blocking=True)
    yield from _validate_counts(node, schema, "Properties", "entry")


def _validate_array(node: Node, schema: Schema) -> Iterator[SchemaViolation]:
    if not isinstance(node.value, list):
        yield SchemaViolation(_refuse_shape(node, "a list"), blocking=True)
        return
    for item in node.items():
        yield from validate_structure(item, schema.get("items", {}))
    yield from _validate_counts(node, schema, "Items", "item")
    yield from _validate_duplicates(node, schema)


def _validate_counts(node: Node, schema: Schema, what: str, word: str) -> Iterator[SchemaViolation]:
    length = node.length
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    if most is not None and is_known(length) and length > most:
        yield SchemaViolation(invalid(node, f"must have at most {_count_text(most, word)}"), blocking=True)
    if least is not None and is_known(length) and length < least:
        yield SchemaViolation(invalid(node, f"must have at least {_count_text(least, word)}"))


def _count_text(count: int, word: str) -> str:
    return f"{count} {word if count == 1 else {'entry': 'entries'}.get(word, f'{word}s')}"


def _validate_duplicates(node: Node, schema: Schema) -> Iterator[SchemaViolation]:
    kind = schema.get("listType")
    if kind not in ("map", "set"):
        return
    seen: dict[str, list[str]] = defaultdict(list)
    for item in node.items():
        parts = [item[key] for key in schema["listKeys"]] if kind == "map" else [item]
        # An item whose key is unknown may repeat another, or not: it is left out, and the others are still compared.
        if not all(part.sure() for part in parts):
            continue
        key = json.dumps([part.value for part in parts], sort_keys=True, default=str)
        seen[key].append(parts[0].path)
        if len(seen[key]) == 2:  # the server names the first of several
            first, second = seen[key]
            what = f"repeats the key {key[1:-1]} at {item.path}"
            yield SchemaViolation(Violation(Reason.VALUE, item.path, what, place=second, first=first))


def _validate_scalar(node: Node, schema: Schema, kind: str) -> Iterator[SchemaViolation]:
    code = _CODES.get(kind) or ("i" if schema.get("format") == "int32" else "l")
    if not SCALARS[code](node.value):
        yield from (SchemaViolation(found, blocking=True) for found in find_misread_scalar(node, code))
        return
    value = node.value
    if "enum" in schema and is_known(value) and value not in schema["enum"]:
        yield SchemaViolation(unsupported(node, map(str, schema["enum"])), blocking=True)
    if isinstance(value, str):
        yield from _validate_text(node, value, schema)
    elif isinstance(value, int | float):
        if value > schema.get("maximum", value):
            yield SchemaViolation(invalid(node, f"must be at most {schema['maximum']}"))
        if value < schema.get("minimum", value):
            yield SchemaViolation(invalid(node, f"must be at least {schema['minimum']}"))


def _validate_text(node: Node, value: str, schema: Schema) -> Iterator[SchemaViolation]:
    if len(value) > schema.get("maxLength", len(value)):
        yield SchemaViolation(
            invalid(node, f"must be no more than {_count_text(schema['maxLength'], 'character')}"), blocking=True
        )
    if len(value) < schema.get("minLength", 0):
        yield SchemaViolation(invalid(node, f"must be at least {_count_text(schema['minLength'], 'character')}"))
    if "pattern" in schema and not compile_pattern(schema["pattern"]).search(value):
        yield SchemaViolation(invalid(node, Misspelt(f"must match {schema['pattern']}")))


def _validate_alternatives(node: Node, schema: Schema) -> Iterator[SchemaViolation]:
    tests: tuple[tuple[str, Callable[[int, int], bool]], ...] = (
        ("oneOf", lambda fitting, _: fitting == 1),
        ("anyOf", lambda fitting, _: fitting > 0),
        ("allOf", lambda fitting, count: fitting == count),
    )
    for key, test in tests:
        # Which alternative fits cannot be said while something below is unknown.
        if key in schema and node.sure():
            fitting = sum(_fits_alternative(node, item) for item in schema[key])
            if not test(fitting, len(schema[key])):
                yield SchemaViolation(invalid(node, "must have one of the forms that its schema allows"))


def _fits_alternative(node: Node, schema: Schema) -> bool:
    """Whether a value fits an alternative, which states required fields, values of fields, or what must not be."""
    if "not" in schema and _fits_alternative(node, schema["not"]):
        return False
    if any(node[key].absent for key in schema.get("required", ())):
        return False
    if "enum" in schema and is_known(node.value) and node.value not in schema["enum"]:
        return False
    if isinstance(node.value, str) and schema.get("format") in _FAMILIES and not _is_of(node.value, schema["format"]):
        return False
    if not all(
        _fits_alternative(node[key], below) for key, below in schema.get("properties", {}).items() if node[key].present
    ):
        return False
    if (
        isinstance(node.value, str)
        and "pattern" in schema
        and not compile_pattern(schema["pattern"]).search(node.value)
    ):
        return False
    if not all(_fits_alternative(node, item) for item in schema.get("allOf", ())):
        return False
    return "anyOf" not in schema or any(_fits_alternative(node, item) for item in schema["anyOf"])


def _is_of(text: str, family: str) -> bool:
    """Whether the text is an address spelt as one of the family."""
    return sloppy_address(text) is not None and _FAMILIES[family] in text


@cache
def compile_pattern(text: str) -> re.Pattern[str]:
    """A regular expression of Go, where `$` is the end of the text and flags may stand anywhere at the start."""
    flags = re.IGNORECASE if "(?i)" in text else re.NOFLAG
    text = text.replace("(?i)", "")
    return re.compile(_PIECE.sub(lambda piece: "\\Z" if piece[0] == "$" else piece[0], text), flags)


def _refuse_shape(node: Node, expected: str) -> Violation:
    return Violation(Reason.VALUE, node.path, f"holds {_name_type(node)} at {node.path}, which must be {expected}")


def _name_type(node: Node) -> str:
    value = node.value
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"the value {value}"


def _refuse_unknown(node: Node, key: str, known: dict[str, Schema]) -> Violation:
    meant = find_nearest_field(key, known)
    hint = f" (nearest: {meant})" if meant else ""
    return Violation(
        Reason.FIELD_UNKNOWN, node.path, f"sets {node.path}, a field that does not exist{hint}", suggestion=meant
    )
