"""The pods that a rule of a NetworkPolicy leads to: of ingress those that it applies to, of egress its peers."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import Labels
from kubeqed.model.values.match import Match, same_value
from kubeqed.resolve import Resolver
from kubeqed.resolve.sure_pods import sure_pods


class LedTo(NamedTuple):
    """`pods` are surely led to; `closed` says that no pod that the manifests do not show is probable among them."""

    pods: tuple[Workload, ...]
    closed: bool


def pods_led_to(graph: Resolver, policy: NetworkPolicy, rule: NetworkPolicyRule) -> LedTo:
    """The workloads of the unit to whose pods a rule leads; of a rule for everybody, or for addresses, none."""
    if is_ingress(rule):
        return LedTo(select_pods(graph, policy), not policy.pod_selector.is_empty)
    peers = rule.peers
    if not peers.items or peers.more is not None or any(peer.ip_block is not None for peer in peers):
        return LedTo((), closed=False)
    found = [pods_of_peer(graph, policy, peer) for peer in peers]
    return LedTo(tuple(dict.fromkeys(pod for pods in found for pod in pods)), all(found))


def is_ingress(rule: NetworkPolicyRule) -> bool:
    """Whether a rule is one of ingress."""
    return rule.path.startswith("spec.ingress")


def applies_wherever(one: NetworkPolicy, other: NetworkPolicy) -> Match:
    """Whether one policy applies to every pod that another applies to, as their selectors say; NO where that is not known."""
    if same_value(one.namespace, other.namespace) is not Match.YES or not one.pod_selector.is_read:
        return Match.NO
    asked, given = one.pod_selector.single_values(), other.pod_selector.single_values()
    plain = len(one.pod_selector.requirements) == len(asked) - len(one.pod_selector.labels.entries)
    alike = all(key in given and same_value(value, given[key][0]) is Match.YES for key, (value, _) in asked.items())
    return Match.YES if alike and plain else Match.NO


def select_pods(graph: Resolver, policy: NetworkPolicy) -> tuple[Workload, ...]:
    """The workloads that a policy surely applies to."""
    return sure_pods(graph).in_namespace(policy.pod_selector, policy.namespace)


def pods_of_peer(graph: Resolver, policy: NetworkPolicy, peer: NetworkPolicyPeer) -> tuple[Workload, ...]:
    """The workloads that a peer surely means."""
    if peer.ip_block is not None or (peer.pod_selector is None and peer.namespace_selector is None):
        return ()
    selector = peer.pod_selector or LabelSelector(peer.path, Labels({}, peer.path))
    if peer.namespace_selector is None:
        return sure_pods(graph).in_namespace(selector, policy.namespace)
    return sure_pods(graph).in_namespaces(selector, peer.namespace_selector)
