"""Whether each rule of an administrator's policy decides something, and none clashes with another of its priority.

https://network-policy-api.sigs.k8s.io/api-overview/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubeqed.model.cni.capabilities import ADMIN_KINDS, load_profile
from kubeqed.model.kinds.object import Object
from kubeqed.parse import Place
from kubeqed.prove.clauses.policy_engines import find_engines, find_support, other_engine, support_formula
from kubeqed.prove.clauses.traffic import traffic_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown, make_fact
from kubeqed.prove.engine.formula import And, Fact, Formula, Holds, Or
from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.packets.texts import describe_packet
from kubeqed.prove.questions.policy_enforced import PolicyAnswer
from kubeqed.reach import (
    Comparisons,
    CompiledPolicy,
    PriorityClash,
    RuleOfTier,
    Shadowed,
    find_priority_clashes,
    find_shadowed_rules,
)
from kubeqed.reach.policies import namespace_labels
from kubeqed.resolve import Resolver

_MOST_ASKED = 200  # times that Z3 is asked about rules


class ShadowedRule(NamedTuple):
    """A rule that decides nothing: of `policy` at `place`; `same_action` says that those before it decide as it would."""

    policy: str
    place: Place
    same_action: bool
    answer: Answer
    related: tuple[tuple[Place, str], ...]


class ClashingRules(NamedTuple):
    """Two rules of policies of one priority that decide otherwise about the same packets.

    `about` names a packet where they do so only of pods that no manifest shows.
    """

    policy: str
    other: str
    place: Place
    answer: Answer
    related: tuple[tuple[Place, str], ...]
    about: str = ""


def find_shadowed(graph: Resolver) -> tuple[ShadowedRule, ...]:
    """The rules that decide nothing: about no pod there may be, or about those that the manifests show."""
    found = []
    comparisons = Comparisons()
    asked = 0
    for one in find_shadowed_rules(traffic_of(graph).reach, comparisons):
        by, everywhere = one.by, one.everywhere
        if not everywhere and asked < _MOST_ASKED:
            asked += 1
            covers = _cover_everywhere(graph, one)
            by, everywhere = (by, False) if covers is None else (covers, True)
        if not by or any(_is_of_one_priority(each.policy, one.one.policy) for each in by):
            continue  # no order is defined among those of one priority, which is said by itself where it matters
        found.append(_make_shadowed(graph, one.one, by, everywhere=everywhere))
    if comparisons.is_spent or asked == _MOST_ASKED:
        graph.given_up.append("which rules of administrators decide nothing")
    return tuple(found)


def _cover_everywhere(graph: Resolver, one: Shadowed) -> tuple[RuleOfTier, ...] | None:
    """The rules before one that take all that it means, whatever the pods are; None where some packet is left."""
    from kubeqed.prove.packets.rule_packets import RulePackets  # loads z3

    before = [each for each in one.before if not _is_of_one_priority(each.policy, one.one.policy)]
    policies = list({id(each.policy): each.policy for each in (one.one, *before)}.values())
    covers = RulePackets(policies, one.direction, namespace_labels(graph.unit)).cover_rule(one.one, before)
    return None if covers is None else tuple(RuleOfTier(*each) for each in covers)


def _make_shadowed(graph: Resolver, one: RuleOfTier, by: Sequence[RuleOfTier], *, everywhere: bool) -> ShadowedRule:
    policy, rule = one
    place = policy.object.at(rule.path)
    parts: list[Formula] = [Holds(Fact(False, f"{policy.object} {rule.path} decides nothing", place))]
    if not everywhere:
        parts.append(
            Holds(elsewhere_unknown(graph.unit, f"a pod outside the manifests read that {policy.object} means"))
        )
    same = all(each.rule.action == rule.action for each in by)
    related = tuple((each.policy.object.at(each.rule.path), "is evaluated before it") for each in by[:4])
    return ShadowedRule(str(policy.object), place, same, Answer(decide(Or(tuple(parts)))), related)


def _is_of_one_priority(one: CompiledPolicy, other: CompiledPolicy) -> bool:
    """Whether two policies have one place in the order of evaluation."""
    return one is not other and (one.object.kind, one.tier, one.priority) == (
        other.object.kind,
        other.tier,
        other.priority,
    )


def find_clashing(graph: Resolver) -> tuple[ClashingRules, ...]:
    """The policies of one priority whose rules disagree: about a pod that the manifests show, or one that there may be."""
    found: dict[tuple[int, int], ClashingRules] = {}
    comparisons = Comparisons()
    asked = 0
    for one in find_priority_clashes(traffic_of(graph).reach, comparisons):
        first, second = sorted((one.one, one.other), key=lambda item: item.policy.object.at("spec.priority"))
        pair = (id(first.policy), id(second.policy))
        if pair in found or (not one.shown and asked == _MOST_ASKED):
            continue
        packet = None
        if not one.shown:
            asked += 1
            packet = _find_clashing_packet(graph, one)
        if one.shown or packet is not None:
            found[pair] = _make_clashing(first, second, packet)
    if comparisons.is_spent or asked == _MOST_ASKED:
        graph.given_up.append("which policies of administrators have one priority")
    return tuple(found.values())


def _find_clashing_packet(graph: Resolver, one: PriorityClash) -> Packet | None:
    """A packet that both rules mean, of pods that no manifest shows."""
    from kubeqed.prove.packets.rule_packets import RulePackets  # loads z3

    pair = (one.one, one.other)
    try:
        return RulePackets([each.policy for each in pair], one.direction, namespace_labels(graph.unit)).find_meant(pair)
    except GaveUp:
        return None


def _make_clashing(first: RuleOfTier, second: RuleOfTier, packet: Packet | None) -> ClashingRules:
    item, before = second.policy.object, first.policy.object
    facts = tuple(make_fact(each.policy.object, "spec.priority", each.policy.priority) for each in (first, second))
    related = (
        (before.at("spec.priority"), "the same priority"),
        (before.at(first.rule.path), f"{first.rule.action} here"),
        (item.at(second.rule.path), f"{second.rule.action} here"),
    )
    answer = Answer(Decision(Verdict.FAILS, facts))
    about = "" if packet is None else f" about {describe_packet(packet)}"
    return ClashingRules(str(item), str(before), item.at("spec.priority"), answer, related, about)


class AdminPolicyAnswer(PolicyAnswer):
    """Whether a policy is obeyed; `reason` says how an engine falls short."""

    reason = ""


class AdminPolicyServed(NamedTuple):
    """The CNI of the cluster, where it is known, obeys policies of this kind and version."""

    policy: Object

    def answer(self, graph: Resolver) -> AdminPolicyAnswer:
        """Depends on versions that are not stated, and on engines outside the input where the CNI was only detected."""
        engines, key = find_engines(graph), ADMIN_KINDS.get(self.policy.kind)
        known = tuple(engine for engine in engines if engine.profiles)
        if not known or key is None:
            return AdminPolicyAnswer(HOLDS, engines)
        parts: list[Formula] = []
        reasons = []
        for engine in known:
            held: dict[str, Formula] = {}
            for name in engine.profiles:
                support = load_profile(name).admin.get(key)
                if support is None:
                    return AdminPolicyAnswer(HOLDS, engines)
                held[name], reason = find_support(engine, load_profile(name), support, f"{self.policy.kind} policies")
                reasons.append(reason)
            parts.append(support_formula(engine, held))
        decision = decide(Or((*parts, *other_engine(graph, engines))), And(tuple(engine.given for engine in known)))
        answer = AdminPolicyAnswer(decision, engines)
        answer.reason = next((reason for reason in reasons if reason), "")
        return answer
