"""Which packets policies let through, in any logic.

The tiers are asked in the order of the APIs, as in the engine of `reach`, which is held to the same brute force in tests:
administrators' rules by priority and position, of which the first that matches decides and Pass goes on; NetworkPolicies,
which are final for a pod that they isolate; the baseline; then all is allowed.

https://network-policy-api.sigs.k8s.io/api-overview/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from kubeqed.prove.packets.logic import PacketLogic, Side
from kubeqed.reach.policies import CompiledPolicy, CompiledRule, Direction, Tier

T = TypeVar("T")

SUBJECT: dict[Direction, Side] = {"Egress": Side.SOURCE, "Ingress": Side.DESTINATION}
PEER: dict[Direction, Side] = {"Egress": Side.DESTINATION, "Ingress": Side.SOURCE}
DIRECTIONS: tuple[Direction, ...] = ("Egress", "Ingress")


def allows(logic: PacketLogic[T], policies: Sequence[CompiledPolicy]) -> T:
    """Both sides let the packet through; `policies` stand in the order in which they are asked."""
    return logic.every([allows_side(logic, policies, direction) for direction in DIRECTIONS])


def allows_side(logic: PacketLogic[T], policies: Sequence[CompiledPolicy], direction: Direction) -> T:
    """The policies of one side let the packet through: those of the source for egress."""
    baseline = decide_in_order(logic, _of_tier(policies, Tier.BASELINE), direction, logic.every(()), logic.every(()))
    spaced = decide_by_isolation(logic, _of_tier(policies, Tier.NAMESPACE), direction, baseline)
    decided = decide_in_order(logic, _of_tier(policies, Tier.ADMIN), direction, spaced, spaced)
    return logic.some([logic.negate(logic.is_governed(SUBJECT[direction])), decided])


def decide_in_order(
    logic: PacketLogic[T], policies: Iterable[CompiledPolicy], direction: Direction, passed: T, otherwise: T
) -> T:
    """The first rule that matches decides; one that passes leaves it to `passed`, and no rule to `otherwise`."""
    verdict = otherwise
    rules = [(policy, rule) for policy in policies for rule in policy.rules(direction) or ()]
    for policy, rule in reversed(rules):
        match = logic.every([logic.counts(policy, direction, rule), matches(logic, policy, rule, direction)])
        if rule.action == "Allow":
            verdict = logic.some([match, verdict])
        elif rule.action == "Deny":
            verdict = logic.every([logic.negate(match), verdict])
        else:
            verdict = logic.some([logic.every([match, passed]), logic.every([logic.negate(match), verdict])])
    return verdict


def is_left_open_by_admin(logic: PacketLogic[T], policies: Sequence[CompiledPolicy], direction: Direction) -> T:
    """No rule of an administrator decides: the NetworkPolicies are asked."""
    left = logic.every(())
    rules = [(one, rule) for one in _of_tier(policies, Tier.ADMIN) for rule in one.rules(direction) or ()]
    for policy, rule in reversed(rules):
        match = matches(logic, policy, rule, direction)
        passes = rule.action == "Pass"
        left = logic.some([match, left]) if passes else logic.every([logic.negate(match), left])
    return left


def decide_by_isolation(
    logic: PacketLogic[T], policies: Iterable[CompiledPolicy], direction: Direction, otherwise: T
) -> T:
    """A pod that a policy isolates gets what rules of its policies allow, all others `otherwise`."""
    governing = [one for one in policies if one.rules(direction) is not None]
    allowed = logic.some(allows_by_rules(logic, one, direction) for one in governing)
    return logic.some([allowed, logic.every([logic.negate(is_isolated(logic, governing, direction)), otherwise])])


def is_isolated(logic: PacketLogic[T], policies: Iterable[CompiledPolicy], direction: Direction) -> T:
    """A NetworkPolicy of a direction means the pod."""
    return logic.some(isolates(logic, one, direction) for one in _of_tier(policies, Tier.NAMESPACE))


def isolates(logic: PacketLogic[T], policy: CompiledPolicy, direction: Direction) -> T:
    """A NetworkPolicy governs a direction, and means the pod."""
    if policy.rules(direction) is None:
        return logic.some(())
    return logic.every([logic.counts(policy, direction, None), logic.is_meant(SUBJECT[direction], policy.subject)])


def leaves_open(logic: PacketLogic[T], policies: Sequence[CompiledPolicy], direction: Direction) -> T:
    """No NetworkPolicy isolates the pod, and nothing else keeps the packet out."""
    isolated = is_isolated(logic, policies, direction)
    return logic.every([logic.negate(isolated), allows_side(logic, policies, direction)])


def allows_by_rules(logic: PacketLogic[T], policy: CompiledPolicy, direction: Direction) -> T:
    """A NetworkPolicy means the pod, and a rule of it allows the packet."""

    # One after the other: for one packet, the rules of policies that do not mean the pod need not be read.
    def list_parts() -> Iterator[T]:
        yield logic.is_meant(SUBJECT[direction], policy.subject)
        yield logic.some(_allows_by_rule(logic, policy, rule, direction) for rule in policy.rules(direction) or ())

    return logic.every(list_parts())


def _allows_by_rule(logic: PacketLogic[T], policy: CompiledPolicy, rule: CompiledRule, direction: Direction) -> T:
    return logic.every([logic.counts(policy, direction, rule), matches_rule(logic, rule, direction)])


def matches(logic: PacketLogic[T], policy: CompiledPolicy, rule: CompiledRule, direction: Direction) -> T:
    """A policy means the pod, and a rule of it the peer and the port."""
    return logic.every([logic.is_meant(SUBJECT[direction], policy.subject), matches_rule(logic, rule, direction)])


def matches_rule(logic: PacketLogic[T], rule: CompiledRule, direction: Direction) -> T:
    """A rule means the peer and the port, whoever its pod is."""
    peer = PEER[direction]
    peers = logic.every(()) if rule.peers is None else logic.some(logic.is_meant(peer, term) for term in rule.peers)
    return logic.every([peers, logic.is_on(rule.ports)])


def _of_tier(policies: Iterable[CompiledPolicy], tier: Tier) -> Iterator[CompiledPolicy]:
    return (one for one in policies if one.tier is tier)
