"""NetworkPolicy: which traffic pods accept and send.

https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.selector import LabelSelector, read_selector
from kubeqed.model.values.fields import (
    Labels,
    Listing,
    apply_default,
    read_field,
    read_integer,
    read_list,
    read_mapping,
    read_port,
    read_strings,
    read_text,
)
from kubeqed.parse import Mapping, Unknown, Value


class IPBlock(NamedTuple):
    """`ipBlock`: a CIDR and the holes in it."""

    path: str
    cidr: str | Unknown | None
    exceptions: Listing[str | Unknown]


class NetworkPolicyPeer(NamedTuple):
    """One of `from` or `to`. A selector that is None is absent, which is not the same as empty."""

    path: str
    pod_selector: LabelSelector | None
    namespace_selector: LabelSelector | None
    ip_block: IPBlock | None


class NetworkPolicyPort(NamedTuple):
    """One of `ports`; `port` None means every port of the protocol."""

    path: str
    protocol: str | Unknown
    port: int | str | Unknown | None
    end_port: int | Unknown | None


class NetworkPolicyRule(NamedTuple):
    """An ingress or egress rule; no peers means every peer, no ports every port.

    `nulls` are the paths at which it is written and holds nothing: its own, or those of its peers and ports.
    """

    path: str
    peers: Listing[NetworkPolicyPeer]
    ports: Listing[NetworkPolicyPort]
    nulls: tuple[str, ...] = ()

    @property
    def is_for_all(self) -> bool:
        """Whether it means every peer."""
        return not self.peers.items and self.peers.more is None

    @property
    def is_of_all_ports(self) -> bool:
        """Whether it means every port."""
        return not self.ports.items and self.ports.more is None


def covers_ports(rule: NetworkPolicyRule, other: NetworkPolicyRule) -> bool:
    """Whether a rule surely means every port that another one means; a port by name is covered by the same name."""
    if rule.is_of_all_ports or rule.ports.more is not None:
        return rule.ports.more is None
    if not other.ports.items or other.ports.more is not None:
        return False
    return all(any(_covers_port(one, wanted) for one in rule.ports) for wanted in other.ports)


def _covers_port(one: NetworkPolicyPort, wanted: NetworkPolicyPort) -> bool:
    if isinstance(one.protocol, Unknown) or isinstance(wanted.protocol, Unknown) or one.protocol != wanted.protocol:
        return False
    if one.port is None:
        return True
    if isinstance(one.port, int) and isinstance(wanted.port, int):
        last = one.port if one.end_port is None else one.end_port
        end = wanted.port if wanted.end_port is None else wanted.end_port
        return isinstance(last, int) and isinstance(end, int) and one.port <= wanted.port and end <= last
    return isinstance(one.port, str) and isinstance(wanted.port, str) and one.port == wanted.port


@dataclass(frozen=True, slots=True, eq=False)
class NetworkPolicy(Object):
    """A NetworkPolicy with its defaults applied.

    `types` is what `policyTypes` defaults to: Ingress always, Egress when there are egress rules.
    """

    pod_selector: LabelSelector
    types: Listing[str | Unknown]
    ingress: Listing[NetworkPolicyRule]
    egress: Listing[NetworkPolicyRule]

    @property
    def lacks_selector(self) -> bool:
        """Whether it surely has no podSelector, which is taken for one of every pod."""
        spec = read_field(self.identity.root, "spec")
        return (spec is None or isinstance(spec, Mapping)) and read_field(spec, "podSelector") is None


def read(identity: Identity) -> NetworkPolicy:
    """The NetworkPolicy of a manifest."""
    spec = read_field(identity.root, "spec")
    everything = LabelSelector("spec.podSelector", Labels({}, "spec.podSelector.matchLabels"))
    egress = _read_rules(spec, "egress", "to")
    return NetworkPolicy(
        *read_metadata(identity),
        pod_selector=read_selector(spec, "podSelector", "spec.podSelector") or everything,
        types=_read_types(spec, egress),
        ingress=_read_rules(spec, "ingress", "from"),
        egress=egress,
    )


def _read_types(spec: Value, egress: Listing[NetworkPolicyRule]) -> Listing[str | Unknown]:
    stated = read_strings(spec, "policyTypes")
    if stated.items or stated.more is not None:
        return stated
    return Listing(("Ingress", "Egress") if egress.items else ("Ingress",), egress.more)


def _read_rules(spec: Value, key: str, peers: str) -> Listing[NetworkPolicyRule]:
    return read_list(spec, key, lambda item, index: _read_rule(item, f"spec.{key}[{index}]", peers))


def _read_rule(node: Value, path: str, peers: str) -> NetworkPolicyRule:
    return NetworkPolicyRule(
        path,
        read_list(node, peers, lambda item, index: _read_peer(item, f"{path}.{peers}[{index}]")),
        read_list(node, "ports", lambda item, index: _read_port(item, f"{path}.ports[{index}]")),
        tuple(_find_nulls(node, path, (peers, "ports"))),
    )


def _find_nulls(node: Value, path: str, keys: tuple[str, ...]) -> Iterator[str]:
    if node is None:
        yield path
    elif isinstance(node, Mapping):
        yield from (f"{path}.{key}" for key in keys if key in node and node[key] is None)


def _read_peer(node: Value, path: str) -> NetworkPolicyPeer:
    block = read_mapping(node, "ipBlock")
    return NetworkPolicyPeer(
        path,
        read_selector(node, "podSelector", f"{path}.podSelector"),
        read_selector(node, "namespaceSelector", f"{path}.namespaceSelector"),
        None if block is None else IPBlock(f"{path}.ipBlock", read_text(block, "cidr"), read_strings(block, "except")),
    )


def _read_port(node: Value, path: str) -> NetworkPolicyPort:
    return NetworkPolicyPort(
        path, apply_default(read_text(node, "protocol"), "TCP"), read_port(node, "port"), read_integer(node, "endPort")
    )


KINDS = {("networking.k8s.io", "NetworkPolicy"): read, ("extensions", "NetworkPolicy"): read}
