"""The CEL rules of a schema, evaluated at each place where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.crd.cel import FailedError, UndecidedError, parse_program
from kubeqed.apiserver.crd.schema import Schema
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation
from kubeqed.parse import Sequence, Unknown, Value

# What a rule of kubeqed's own says, by the words of the CRD.
_OWN = {"Combination of port, protocol and hostname must be unique for each listener": Reason.LISTENER_CONFLICT}

_ALONE = re.compile(r"self\.all\(.*self\.exists_one\(.*?\.(\w+) == \w+\.\1\b")


def evaluate_rules(node: Node, schema: Schema) -> Iterator[Violation]:
    """The rules that the value breaks, here and below."""
    value = node.value
    if value is None or isinstance(value, Unknown):
        return
    for rule in schema.get("rules", ()):
        if "oldSelf" not in rule["rule"] and not _holds_rule(rule["rule"], value):
            yield _make_violation(rule, node)
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        for key in value:
            if below := properties.get(key, others):
                yield from evaluate_rules(node[key], below)
    elif isinstance(value, list):
        for item in node.items():
            yield from evaluate_rules(item, schema.get("items", {}))


def _make_violation(rule: Schema, node: Node) -> Violation:
    words = rule.get("message") or f"failed rule: {rule['rule']}"
    path = node.path + rule.get("fieldPath", "")
    for first, second, key in _find_repeated(rule["rule"], node):
        said = f"repeats {first.path} at {second.path}: {words}"
        return Violation(_OWN.get(words, Reason.VALUE), path, said, place=second[key].path, first=first[key].path)
    said = f"sets {path}: {words}" if path else f"breaks a rule of its kind: {words}"
    return Violation(_OWN.get(words, Reason.VALUE), path, said, place=node.path)


def _find_repeated(text: str, node: Node) -> Iterator[tuple[Node, Node, str]]:
    """The pairs of items that a rule forbids to be alike, with the field that it compares first."""
    compared = _ALONE.match(text)
    items = [*node.items()] if compared else []
    for index, second in enumerate(items):
        for first in items[:index]:
            both = Sequence()
            both.extend((first.value, second.value))
            if compared and not _holds_rule(text, both):
                yield first, second, compared[1]


def _holds_rule(text: str, value: Value) -> bool:
    """Whether the rule holds, or cannot be told."""
    try:
        return parse_program(text)({"self": value}) is not False
    except FailedError:
        return False
    except UndecidedError:
        return True
