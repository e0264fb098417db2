"""Objects that hold a policy for another program to create: a Kyverno rule that generates one, a tenant's template."""

from __future__ import annotations

import re

from kubeqed.model.kinds.object import Object
from kubeqed.model.unmodelled.policy_kinds import KINDS
from kubeqed.parse import Mapping, Sequence, Value

_WRITTEN = re.compile(r"^[ \t]*(?:- )?kind:[ \t]*['\"]?(\w*NetworkPolicy)\b", re.MULTILINE)


def creates_policies(item: Object) -> bool:
    """Whether a policy is written somewhere in the object, as values or as a text."""
    left: list[Value] = list(item.identity.root.values())
    seen: set[int] = set()
    while left:
        value = left.pop()
        if isinstance(value, str):
            if "\n" in value and _WRITTEN.search(value):
                return True
        elif isinstance(value, Mapping | Sequence) and id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, Mapping) and _is_policy(value):
                return True
            left += value.values() if isinstance(value, Mapping) else value
    return False


def _is_policy(value: Mapping) -> bool:
    kind, version = value.get("kind"), value.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        return False
    return kind.endswith("NetworkPolicy") or (version.rpartition("/")[0], kind) in KINDS
