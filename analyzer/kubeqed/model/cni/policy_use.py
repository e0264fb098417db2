"""What a NetworkPolicy asks of the CNI beyond plain ingress rules, each use with the path of its field.

Directions that `policyTypes` leaves out are ignored by every CNI, and so by this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.cni.capabilities import Feature
from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyRule
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.parse import Unknown

MATCH_LABELS = "podSelector_or_namespaceSelector_matchLabels_max"
SELECTORS = "selectors_per_rule_max"
PORTS_OF_BLOCK = "port_protocol_combinations_per_cidr"


class PolicyUse(NamedTuple):
    """A feature in use. `value` is what stands there; a placeholder may turn out to be something else.

    `to_all` says that it stands in an egress rule to every peer.
    """

    feature: Feature
    path: str
    text: str
    value: int | str | Unknown | None = None
    to_all: bool = False


class PolicyCount(NamedTuple):
    """Things of which a CNI may take only so many: `limit` is the name of the data, `paths` where each stands."""

    limit: str
    paths: tuple[str, ...]
    text: str


def find_uses(policy: NetworkPolicy) -> Iterator[PolicyUse]:
    """The features that a policy uses, in the order of its fields."""
    yield from _find_expressions(policy.pod_selector)
    yield from _find_egress_use(policy)
    for direction, rule in _list_rules(policy):
        for peer in rule.peers:
            yield from _of_peer(peer)
        to_all = direction == "Egress" and not rule.peers.items and rule.peers.more is None
        for port in rule.ports:
            yield from _of_port(port, to_all=to_all)


def count_limits(policy: NetworkPolicy) -> Iterator[PolicyCount]:
    """What a policy has many of, in the order of its fields."""
    yield _count_labels(policy.pod_selector)
    for _, rule in _list_rules(policy):
        selectors = [selector for peer in rule.peers for selector in _list_selectors(peer)]
        yield from map(_count_labels, selectors)
        selecting = tuple(peer.path for peer in rule.peers if any(_list_selectors(peer)))
        yield PolicyCount(SELECTORS, selecting, f"selecting peers in {rule.path}")
        if any(peer.ip_block for peer in rule.peers):
            ports = tuple(port.path for port in rule.ports)
            yield PolicyCount(PORTS_OF_BLOCK, ports, f"ports for an ipBlock in {rule.path}")


def _list_rules(policy: NetworkPolicy) -> Iterator[tuple[str, NetworkPolicyRule]]:
    for direction, rules in (("Ingress", policy.ingress), ("Egress", policy.egress)):
        if any(isinstance(item, Unknown) or item == direction for item in policy.types):
            yield from ((direction, rule) for rule in rules)


def _find_egress_use(policy: NetworkPolicy) -> Iterator[PolicyUse]:
    for index, item in enumerate(policy.types):
        if isinstance(item, str) and item == "Egress":
            written = f"spec.policyTypes[{index}]"
            yield PolicyUse(
                Feature.EGRESS, written if policy.holds(written) else "spec.egress", "egress rules", "Egress"
            )


def _of_peer(peer: NetworkPolicyPeer) -> Iterator[PolicyUse]:
    for selector in _list_selectors(peer):
        yield from _find_expressions(selector)
    block = peer.ip_block
    if block is not None:
        yield PolicyUse(Feature.IP_BLOCK, block.path, "ipBlock", block.cidr)
        if block.exceptions.items:
            yield PolicyUse(Feature.EXCEPT, f"{block.path}.except", "except in an ipBlock", block.exceptions.items[0])


def _of_port(port: NetworkPolicyPort, *, to_all: bool) -> Iterator[PolicyUse]:
    if isinstance(port.protocol, Unknown) or port.protocol == "SCTP":
        yield PolicyUse(Feature.SCTP, f"{port.path}.protocol", "protocol SCTP", port.protocol)
    if isinstance(port.port, str | Unknown):
        name = port.port.text if isinstance(port.port, Unknown) else port.port
        yield PolicyUse(Feature.NAMED_PORTS, f"{port.path}.port", f"the named port {name}", port.port, to_all)
    if port.end_port is not None:
        yield PolicyUse(Feature.END_PORT, f"{port.path}.endPort", "endPort", port.end_port)


def _list_selectors(peer: NetworkPolicyPeer) -> Iterator[LabelSelector]:
    return (selector for selector in (peer.pod_selector, peer.namespace_selector) if selector is not None)


def _find_expressions(selector: LabelSelector) -> Iterator[PolicyUse]:
    if selector.requirements.items:
        yield PolicyUse(Feature.MATCH_EXPRESSIONS, f"{selector.path}.matchExpressions", "matchExpressions")


def _count_labels(selector: LabelSelector) -> PolicyCount:
    paths = tuple(selector.labels.path_of(key) for key in selector.labels.entries)
    return PolicyCount(MATCH_LABELS, paths, f"matchLabels in {selector.path}")
