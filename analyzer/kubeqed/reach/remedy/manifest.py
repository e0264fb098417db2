"""Rules and policies as a manifest would write them, for edits: peers, ports, and whole objects, as JSON values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.ordinals import split_number
from kubeqed.reach.algebra.addresses import Ranges, to_blocks, to_cidrs
from kubeqed.reach.algebra.ports import ALL, HIGHEST, PortSet, group_by_protocol
from kubeqed.reach.algebra.tokens import display
from kubeqed.reach.ends import End
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.policy.compiled import Direction, Tier
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.numbered import NUMBERED

Written = dict[str, Any]

CONTROLLER_NAMESPACE = "NAMESPACE_OF_THE_CONTROLLER"
_LONGEST_NAME = 63
_OF_ONE_REVISION = frozenset({"pod-template-hash", "controller-revision-hash", "pod-template-generation"})


def write_pod_selector(end: End) -> Written:
    """A selector of an end's pods by the labels that are known, stay, and are those of all of them.

    Of one pod of several it holds the label that this pod alone has. Empty, it is one of every pod.
    """
    several = [_stable_labels(pod) for pod in end.pods] or [{}]
    known = {key: value for key, value in several[0].items() if all(one.get(key) == value for one in several)}
    if end.peer is not None and end.peer.kind == "Pod":
        known |= _own_label(end)
    return {"matchLabels": known} if known else {}


def _stable_labels(pod: Endpoint) -> dict[str, str]:
    entries = pod.workload.template.labels.entries.items()
    return {key: value for key, value in entries if isinstance(value, str) and key not in _OF_ONE_REVISION}


def _own_label(end: End) -> dict[str, str]:
    """The label that tells a numbered pod from the others of its workload; none of a pod that stands for itself."""
    pod = end.pods[0]
    ordinals = pod.workload.ordinals
    _, number = split_number(end.text.partition("[")[0])
    if ordinals is None or number is None:
        return {}
    own = ordinals.labels_of(number)
    key = min(own, key=NUMBERED.index)
    value = own[key]
    return {key: value} if isinstance(value, str) else {}


def write_namespace_selector(namespace: str) -> Written:
    """A selector of one namespace by its name."""
    return {"matchLabels": {NAME_LABEL: display(namespace)}}


def write_ip_blocks(ranges: Ranges) -> list[Written]:
    """Addresses as peers of a NetworkPolicy."""
    return [{"ipBlock": {"cidr": cidr, **({"except": [*holes]} if holes else {})}} for cidr, holes in to_blocks(ranges)]


def write_networks(ranges: Ranges) -> list[Written]:
    """Addresses as a peer of an administrator's rule."""
    return [{"networks": [*to_cidrs(ranges)]}]


def write_ports(ports: PortSet) -> list[Written]:
    """Ports as a NetworkPolicy writes them."""
    return [
        {"protocol": protocol}
        if (low, high) == (1, HIGHEST)
        else {"protocol": protocol, "port": low, **({"endPort": high} if high > low else {})}
        for protocol, low, high in _list_spans(ports)
    ]


def write_rule(direction: Direction, peers: list[Written], ports: PortSet) -> Written:
    """A rule of a NetworkPolicy."""
    return {peers_key(direction): peers, **({"ports": write_ports(ports)} if ports != ALL else {})}


def write_networkpolicy(name: str, namespace: str, spec: Written) -> Written:
    """A NetworkPolicy."""
    metadata = {"name": name, "namespace": display(namespace)}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def write_admin_rule(
    item: Object, name: str, direction: Direction, peers: list[Written], ports: PortSet, *, denies: bool = False
) -> Written:
    """A rule that allows or denies, as a policy of an administrator of the same kind as `item` writes it."""
    newer = item.kind == "ClusterNetworkPolicy"
    action = "Deny" if denies else "Accept" if newer else "Allow"
    written: Written = {"name": name, "action": action, peers_key(direction): peers}
    if ports == ALL:
        return written
    if newer:
        return {**written, "protocols": [_write_protocol(*span) for span in _list_spans(ports)]}
    return {**written, "ports": [_admin_port(*span) for span in _list_spans(ports)]}


def write_admin_policy(like: Object, tier: Tier, priority: int, name: str, spec: Written) -> Written:
    """A policy of an administrator of the same kind and tier as `like`."""
    tiers = {"tier": tier.name.capitalize()} if like.kind == "ClusterNetworkPolicy" else {}
    body = {**tiers, "priority": priority, **spec}
    return {"apiVersion": like.identity.api_version, "kind": like.kind, "metadata": {"name": name}, "spec": body}


def name_of(*words: str) -> str:
    """A name for an object out of words that need not be names."""
    joined = "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words)
    return joined[:_LONGEST_NAME].strip("-")


def peers_key(direction: Direction) -> str:
    """The field of a rule that holds its peers."""
    return "from" if direction == "Ingress" else "to"


def _list_spans(ports: PortSet) -> Iterator[tuple[str, int, int]]:
    return ((protocol, low, high) for protocol, ranges in group_by_protocol(ports) for low, high in ranges)


def _admin_port(protocol: str, low: int, high: int) -> Written:
    if low == high:
        return {"portNumber": {"protocol": protocol, "port": low}}
    return {"portRange": {"protocol": protocol, "start": low, "end": high}}


def _write_protocol(protocol: str, low: int, high: int) -> Written:
    port = {"number": low} if low == high else {"range": {"start": low, "end": high}}
    return {protocol.lower(): {"destinationPort": port}}
