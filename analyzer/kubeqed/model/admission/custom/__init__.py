"""Custom resources, judged by the schema and the CEL rules of their CRDs."""
from __future__ import annotations
from collections.abc import Iterator
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.violation import Violation
def is_known(group: str, kind: str) -> bool:
    return False
def validate(node: Node, group: str, version: str, kind: str) -> Iterator[Violation]:
    yield from ()
