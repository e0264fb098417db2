"""A new version of an object as the server completes it before it looks, and what it asks of new objects alone.

Ported from dropTypeDependentFields, patchAllocatedValues and trimFieldsForDualStackDowngrade of k8s.io/kubernetes,
pkg/registry/core/service/storage, and from ValidateIngressCreate. What the old version got from the server, or a
placeholder, may be what the new one says, so it counts as the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.apiserver.changes import find_forbidden_changes
from kubeqed.apiserver.node import Node, strip_nulls
from kubeqed.apiserver.service import CLUSTER_IP, EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.apiserver.violation import Violation
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or
from kubeqed.parse import Mapping, Sequence, Value

_WITH_ADDRESS = (CLUSTER_IP, NODE_PORT, LOAD_BALANCER)
_WITH_NODE_PORTS = (NODE_PORT, LOAD_BALANCER)
_NEEDED_BY = {
    **dict.fromkeys(("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"), _WITH_ADDRESS),
    "externalTrafficPolicy": _WITH_NODE_PORTS,
    **dict.fromkeys(("allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerClass"), (LOAD_BALANCER,)),
}
_DEFAULTS: dict[str, object] = {
    "allocateLoadBalancerNodePorts": True,
    "externalTrafficPolicy": "Cluster",
    "loadBalancerClass": None,
}
_INGRESS_CLASS = 'metadata.annotations["kubernetes.io/ingress.class"]'


class NewVersion(NamedTuple):
    """A new version of an object as the server judges it, and what it refuses to change."""

    root: Mapping
    refused: tuple[Violation, ...]


def judge_new_version(group: str, kind: str, before: Mapping, after: Mapping) -> NewVersion:
    """What becomes of an object that is sent again; where something is refused, it stays as it was."""
    return NewVersion(
        complete_update(group, kind, before, after), tuple(find_forbidden_changes(group, kind, before, after))
    )


def complete_update(group: str, kind: str, before: Mapping, after: Mapping) -> Mapping:
    """The new version as the server judges it.

    A Service keeps the address and the node ports that it does not name, and loses what the old type needed and the new
    one forbids where it was left as it was.
    """
    old, new = Node(before)["spec"], Node(after)["spec"]
    was, will = type_of(old), type_of(new)
    if (group, kind) != ("", "Service") or not isinstance(new.value, Mapping) or not is_known(will):
        return after
    root, spec = _copy_mapping(after), _copy_mapping(new.value)
    root["spec"] = spec
    named = will == EXTERNAL_NAME or equals(was, EXTERNAL_NAME)
    if not named and equals(new["clusterIP"].text, "") and is_set(old["clusterIP"].text):
        spec["clusterIP"] = old["clusterIP"].value
    for key in _NEEDED_BY:
        if _may_need(old, key) and not _may_need(new, key) and _is_left(old, new, key):
            spec.pop(key, None)
    if equals(new["ipFamilyPolicy"].text, "SingleStack") and not is_one_of(
        old["ipFamilyPolicy"].text, ("", "SingleStack")
    ):
        for key in ("clusterIPs", "ipFamilies"):
            if isinstance(several := spec.get(key), Sequence):
                spec[key] = _copy_list(several[:1])
    if will in _WITH_NODE_PORTS and is_one_of(was, _WITH_NODE_PORTS):
        spec["ports"] = _with_node_ports(old["ports"], new["ports"])
    if will not in _WITH_NODE_PORTS and (not is_known(was) or was in _WITH_NODE_PORTS):
        spec["ports"] = _without_node_ports(old["ports"], new["ports"])
    return root


def asked_of_new_objects(group: str, kind: str, violation: Violation) -> bool:
    """Whether the server makes the complaint about a new object, and not about a new version of one."""
    return (group, kind) == ("networking.k8s.io", "Ingress") and violation.path == _INGRESS_CLASS


def _may_need(spec: Node, key: str) -> bool:
    """Whether a Service of the type may have the field; one of an unknown type may."""
    kind = type_of(spec)
    if key == "externalTrafficPolicy" and equals(kind, CLUSTER_IP) and not equals(spec["externalIPs"].length, 0):
        return True
    local = (
        key != "healthCheckNodePort"
        or not is_known(spec["externalTrafficPolicy"].text)
        or spec["externalTrafficPolicy"].text == "Local"
    )
    return not is_known(kind) or (kind in _NEEDED_BY[key] and local)


def _is_left(old: Node, new: Node, key: str) -> bool:
    """Whether the new version may say what the old one has."""
    was, will = old[key], new[key]
    if (was.absent or equals(was.text, "") or equals(was.length, 0)) and key not in _DEFAULTS:
        return True  # the server picked it
    known = was.sure() and will.sure()
    return not known or strip_nulls(will.value) == (_DEFAULTS.get(key) if was.value is None else strip_nulls(was.value))


def _without_node_ports(old: Node, new: Node) -> Value:
    """The ports, without node ports where none is new."""
    had, asked = ({known_or(entry["nodePort"].number, 0) for entry in ports.items()} for ports in (old, new))
    if 0 not in had and not asked - {0} <= had:
        return new.value
    ports = _copy_list(())
    for entry in new.items():
        port = entry.value
        if isinstance(port, Mapping):
            port = _copy_mapping(port)
            port.pop("nodePort", None)
        ports.append(port)
    ports.open = getattr(new.value, "open", False)
    return ports if isinstance(new.value, list) else new.value


def _with_node_ports(old: Node, new: Node) -> Value:
    """The ports; one without a node port has that of the old port of its name, unless another port has it."""
    numbers = [{known_or(entry["nodePort"].number, 0) for entry in ports.items()} for ports in (old, new)]
    used = (numbers[0] & numbers[1]) - {0}
    had = {str(entry["name"].text): known_or(entry["nodePort"].number, 0) for entry in old.items()}
    ports = _copy_list(())
    for entry in new.items():
        port, kept = entry.value, had.get(str(entry["name"].text))
        if isinstance(port, Mapping) and equals(entry["nodePort"].number, 0) and kept and kept not in used:
            used.add(kept)
            port = _copy_mapping(port)
            port["nodePort"] = kept
        ports.append(port)
    ports.open = getattr(new.value, "open", False)
    return ports if isinstance(new.value, list) else new.value


def _copy_list(items: Iterable[Value]) -> Sequence:
    copy = Sequence()
    copy.extend(items)
    return copy


def _copy_mapping(mapping: Mapping) -> Mapping:
    copy = Mapping()
    copy.update(mapping)
    copy.open = mapping.open
    return copy
