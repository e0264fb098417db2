"""The CEL rules of a schema, evaluated at each place where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.custom.cel import FailedError, UndecidedError, program
from kubeqed.model.admission.custom.schema import Schema
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.violation import VALUE, Violation
from kubeqed.parse import Unknown

# What a rule of kubeqed's own says, by the words of the CRD.
_OWN = {"Combination of port, protocol and hostname must be unique for each listener": "listener-conflict"}


def rules(node: Node, schema: Schema) -> Iterator[Violation]:
    """The rules that the value breaks, here and below."""
    value = node.value
    if value is None or isinstance(value, Unknown):
        return
    for rule in schema.get("rules", ()):
        if "oldSelf" not in rule["rule"] and not _holds(rule["rule"], node):
            words = rule.get("message") or f"failed rule: {rule['rule']}"
            path = node.path + rule.get("fieldPath", "")
            said = f"sets {path}: {words}" if path else f"breaks a rule of its kind: {words}"
            yield Violation(_OWN.get(words, VALUE), path, said, place=node.path)
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        for key in value:
            if below := properties.get(key, others):
                yield from rules(node[key], below)
    elif isinstance(value, list):
        for item in node.items():
            yield from rules(item, schema.get("items", {}))


def _holds(text: str, node: Node) -> bool:
    """Whether the rule holds, or cannot be told."""
    try:
        return program(text)({"self": node.value}) is not False
    except FailedError:
        return False
    except UndecidedError:
        return True
