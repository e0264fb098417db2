"""References to the pod's own fields and to the resources of its containers, in variables and in files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.formats.names import qualified_name
from kubeqed.apiserver.formats.quantity import ONE, parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_only, known_or

VARIABLE_FIELDS = frozenset(
    [
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ]
)
FILE_FIELDS = frozenset(
    ["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"]
)
_OLD_NAMES = {"spec.host": "spec.nodeName"}
_RESOURCES = tuple(
    f"{side}.{what}" for side in ("limits", "requests") for what in ("cpu", "memory", "ephemeral-storage")
)
_HUGE = ("limits.hugepages-", "requests.hugepages-")
_DECIMAL = frozenset(known_only(parse_quantity(f"1{suffix}") for suffix in ("", "k", "M", "G", "T", "P", "E")))
_BINARY = frozenset(known_only(parse_quantity(f"1{suffix}") for suffix in ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")))
_CPU = frozenset((ONE // 1000, ONE))


def validate_field_reference(node: Node, known: frozenset[str]) -> Iterator[Violation]:
    """A `fieldRef`; `known` are the fields that may stand here."""
    path = node["fieldPath"]
    if equals(path.text, ""):
        yield required(path)
    if is_set(path.text) and is_known(node["apiVersion"].text) and node["apiVersion"].text not in ("", "v1"):
        yield invalid(path, f"{node['apiVersion'].path} must be v1")
    if not is_set(path.text) or not is_one_of(node["apiVersion"].text, ("", "v1")):
        return
    subscript = re.fullmatch(r"(.*?)\['(.*)'\]", path.text, re.DOTALL)
    if subscript is None:
        if _OLD_NAMES.get(path.text, path.text) not in known:
            yield unsupported(path, known)
        return
    name, key = subscript.groups()
    if name not in ("metadata.annotations", "metadata.labels"):
        yield invalid(path, "is no field that may have a subscript")
        return
    for why in qualified_name(key.lower() if name == "metadata.annotations" else key):
        yield Violation(Reason.VALUE, node.path, f"reads {path.text} at {node.path}: {why}")


def validate_resource_reference(node: Node, *, in_volume: bool) -> Iterator[Violation]:
    """A `resourceFieldRef`; in a volume it must name a container."""
    resource, container = node["resource"], node["containerName"]
    if in_volume and equals(container.text, ""):
        yield required(container)
    elif equals(resource.text, ""):
        yield required(resource)
    elif is_set(resource.text) and resource.text not in _RESOURCES and not resource.text.startswith(_HUGE):
        yield unsupported(resource, _RESOURCES)
    yield from _validate_divisor(node["divisor"], known_or(resource.text, ""))


def _validate_divisor(node: Node, resource: str) -> Iterator[Violation]:
    amount = parse_quantity(node.value)
    if not is_set(amount):
        return
    if resource in ("limits.cpu", "requests.cpu"):
        if amount not in _CPU:
            yield invalid(node, "must be 1m or 1")
    elif (resource in _RESOURCES or resource.startswith(_HUGE)) and amount not in _list_units(str(node.value)):
        yield invalid(node, "must be 1, or 1 with a suffix such as k, Mi or G")


def _list_units(written: str) -> frozenset[int]:
    """The units of the family that a quantity is written in, which the server keeps apart."""
    if "i" in written:
        return _BINARY
    return frozenset((ONE,)) if re.search("[eE][-+]?[0-9]", written) else _DECIMAL
