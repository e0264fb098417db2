"""Namespaces as `reach` sees them: an absent one is `default`, each has a label that says its name."""

from __future__ import annotations

from kubeqed.model.kinds import namespace
from kubeqed.model.kinds.namespace import Namespace
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET, Object
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.tokens import encode

DEFAULT = "default"
NAME_LABEL = namespace.NAME_LABEL


def namespace_of(item: Object) -> str:
    """The namespace of an object, a placeholder as its token."""
    if item.namespace is None or item.namespace is NAMESPACE_NOT_SET:
        return DEFAULT
    return encode(item.namespace)


def namespace_labels(unit: Unit) -> dict[str, dict[str, str]]:
    """The labels of each declared namespace."""
    found: dict[str, dict[str, str]] = {}
    for item in unit.of(Namespace):
        if item.name is not None:
            name = encode(item.name)
            labels = {key: encode(value) for key, value in item.labels.entries.items()}
            found[name] = {**labels, NAME_LABEL: name}
    return found
