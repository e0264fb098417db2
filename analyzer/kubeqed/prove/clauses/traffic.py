"""What the one engine of `reach` finds in a unit, and the field of the policy at which it is put right."""

from __future__ import annotations

from functools import lru_cache

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.namespace import NAME_LABEL
from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyRule
from kubeqed.model.kinds.object import Object
from kubeqed.model.unmodelled.policy_kinds import is_foreign_policy
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place
from kubeqed.prove.engine.answer import Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown
from kubeqed.prove.engine.formula import Fact, Holds, Or
from kubeqed.reach import (
    CompiledPolicy,
    CompiledRule,
    CutOff,
    Direction,
    ReachResult,
    assumptions_of_cluster,
    names_dns,
)
from kubeqed.resolve import Resolver


@lru_cache(maxsize=2)  # asked by several rules
def traffic_of(graph: Resolver) -> ReachResult:
    """The connections of a unit, worked out when they are asked for."""
    return ReachResult(graph.unit, assumptions_of_cluster(graph.cluster))


def place_of_denial(cut: CutOff, direction: Direction) -> Place:
    """Where a denial is put right: the peers of the rule that seems to be meant, else the rules of a policy that isolates.

    Its ports where it lets all pods of the right namespace in, or leads to DNS servers and not to the port on which they listen.
    """
    for policy, rule in cut.meant:
        ports = _find_ports(policy.object, rule, direction)
        return ports or place_of_peers(policy.object, rule.path)
    return place_of_rules(choose_policy(cut, direction).object, direction)


def choose_policy(cut: CutOff, direction: Direction) -> CompiledPolicy:
    """The policy that is best told of a denial: one with rules; of what pods send first one for all pods, as all want the same."""
    for policy, _ in cut.meant:
        return policy

    def rank(one: CompiledPolicy) -> tuple[bool, bool]:
        return direction == "Egress" and bool(one.subject.pods), not one.rules(direction)

    return min(cut.isolating, key=rank)


def _find_ports(policy: Object, compiled: CompiledRule, direction: Direction) -> Place | None:
    """Where the first port of a rule stands, if its peers are right."""
    rules = (*policy.ingress, *policy.egress) if isinstance(policy, NetworkPolicy) else ()
    for rule in (one for one in rules if one.path == compiled.path):
        right = names_dns(compiled) if direction == "Egress" else _is_of_one_namespace(rule)
        for port in rule.ports if right else ():
            return policy.at(f"{port.path}.port")
    return None


def _is_of_one_namespace(rule: NetworkPolicyRule) -> bool:
    """Whether the only peer of a rule is a namespace by its name."""
    peers = list(rule.peers)
    selector = peers[0].namespace_selector if len(peers) == 1 and peers[0].pod_selector is None else None
    return selector is not None and list(selector.single_values()) == [NAME_LABEL]


def place_of_peers(policy: Object, path: str) -> Place:
    """Where the first podSelector of a rule's peers stands, else the rule."""
    rules = (*policy.ingress, *policy.egress) if isinstance(policy, NetworkPolicy) else ()
    peers = (peer for rule in rules if rule.path == path for peer in rule.peers)
    chosen = next((peer for peer in peers if peer.pod_selector is not None), None)
    if chosen is None or chosen.pod_selector is None:
        return policy.at(path)
    entries = list(chosen.pod_selector.single_values().values())
    return policy.at(entries[0][1]) if entries else policy.key_at(chosen.pod_selector.path)


def place_of_rules(policy: Object, direction: Direction) -> Place:
    """Where the rules of a direction stand; where there are none, what isolates without them."""
    path = f"spec.{direction.lower()}"
    if policy.holds(path):
        return policy.key_at(path)
    return policy.key_at("spec.policyTypes") if policy.holds("spec.policyTypes") else policy.at("spec")


def limit_of_denial(graph: Resolver, workload: Object) -> Certainty | None:
    """POSSIBLE where what stands elsewhere in the input may allow what the policies of a unit deny to a workload's pods.

    That is a policy of another engine, or a NetworkPolicy of another unit for the same namespace.
    """
    for item in _list_other_policies(graph):
        spaced = isinstance(item, NetworkPolicy)
        if not spaced or same_value(item.namespace, workload.namespace) is Match.YES:
            return Certainty.POSSIBLE
    return None


@lru_cache(maxsize=2)
def _list_other_policies(graph: Resolver) -> tuple[Object, ...]:
    """The policies of other engines in the input, and the NetworkPolicies of its other units."""
    own = frozenset(map(id, graph.unit.of(NetworkPolicy)))
    return tuple(
        item
        for item in graph.input.objects
        if is_foreign_policy(item.group, item.kind) or (isinstance(item, NetworkPolicy) and id(item) not in own)
    )


def decide_denial(graph: Resolver, text: str, place: Place) -> Decision:
    """The verdict on what nothing of the unit allows, as `text` says: another policy, outside of it, may."""
    unseen = elsewhere_unknown(graph.unit, "another policy that allows it")
    return decide(Or((Holds(Fact(False, text, place)), Holds(unseen))))
