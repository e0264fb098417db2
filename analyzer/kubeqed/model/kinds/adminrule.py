"""What AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy share: a subject, and rules in order.

https://network-policy-api.sigs.k8s.io/reference/spec/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kubeqed.model.kinds.selector import LabelSelector, read_selector
from kubeqed.model.values.fields import (
    Listing,
    read_field,
    read_integer,
    read_list,
    read_mapping,
    read_strings,
    read_text,
)
from kubeqed.parse import Mapping, Unknown, Value


class AdminSelector(NamedTuple):
    """Pods of some namespaces: `pods` None is every pod, as with `namespaces`; `namespaces` None is every namespace."""

    path: str
    namespaces: LabelSelector | None
    pods: LabelSelector | None


class AdminPeer(NamedTuple):
    """One of `from` or `to`. `selector` is of pods, `networks` of CIDRs; nodes and domain names are named only.

    `fields` are the keys the manifest writes: a peer of none that is known fails closed.
    """

    path: str
    selector: AdminSelector | None
    networks: Listing[str | Unknown]
    fields: tuple[str, ...]


class AdminPort(NamedTuple):
    """A port, a range of ports or a name; `protocol` None is what the pod's declaration says.

    `number` None with no `name` means every port of the protocol.
    """

    path: str
    protocol: str | Unknown | None
    number: int | Unknown | None
    end: int | Unknown | None
    name: str | Unknown | None


class AdminRule(NamedTuple):
    """A rule; `ports` empty means every port of every protocol."""

    path: str
    name: str | Unknown | None
    action: str | Unknown | None
    peers: Listing[AdminPeer]
    ports: Listing[AdminPort]


def read_subject(spec: Value) -> AdminSelector | None:
    """`spec.subject`; None when it names neither namespaces nor pods."""
    return _read_admin_selector(read_field(spec, "subject"), "spec.subject")


def read_rules(spec: Value, key: str, ports: Callable[[Value, str], Listing[AdminPort]]) -> Listing[AdminRule]:
    """`spec.ingress` or `spec.egress`; `ports` reads the ports of a rule as its kind writes them."""
    peers = "from" if key == "ingress" else "to"
    return read_list(spec, key, lambda item, index: _read_rule(item, f"spec.{key}[{index}]", peers, ports))


def read_ports(rule: Value, path: str) -> Listing[AdminPort]:
    """The `ports` of v1alpha1."""
    return read_list(rule, "ports", lambda item, index: _read_port(item, f"{path}.ports[{index}]"))


def _read_rule(node: Value, path: str, peers: str, ports: Callable[[Value, str], Listing[AdminPort]]) -> AdminRule:
    return AdminRule(
        path,
        read_text(node, "name"),
        read_text(node, "action"),
        read_list(node, peers, lambda item, index: _read_peer(item, f"{path}.{peers}[{index}]")),
        ports(node, path),
    )


def _read_peer(node: Value, path: str) -> AdminPeer:
    fields = tuple(node) if isinstance(node, Mapping) else ()
    return AdminPeer(path, _read_admin_selector(node, path), read_strings(node, "networks"), fields)


def _read_admin_selector(node: Value, path: str) -> AdminSelector | None:
    namespaces = read_selector(node, "namespaces", f"{path}.namespaces")
    if namespaces is not None:
        return AdminSelector(f"{path}.namespaces", namespaces, None)
    pods = read_mapping(node, "pods")
    if pods is None:
        return None
    return AdminSelector(
        f"{path}.pods",
        read_selector(pods, "namespaceSelector", f"{path}.pods.namespaceSelector"),
        read_selector(pods, "podSelector", f"{path}.pods.podSelector"),
    )


def _read_port(node: Value, path: str) -> AdminPort:
    named = read_text(node, "namedPort")
    if named is not None:
        return AdminPort(f"{path}.namedPort", None, None, None, named)
    spread = read_mapping(node, "portRange")
    if spread is not None:
        protocol = read_text(spread, "protocol")
        return AdminPort(
            f"{path}.portRange",
            "TCP" if protocol is None else protocol,
            read_integer(spread, "start"),
            read_integer(spread, "end"),
            None,
        )
    single = read_mapping(node, "portNumber")
    protocol, number = read_text(single, "protocol"), read_integer(single, "port")
    return AdminPort(f"{path}.portNumber", "TCP" if protocol is None else protocol, number, None, None)
