"""Whether each rule of an administrator's policy decides something, and none clashes with another of its priority.

https://network-policy-api.sigs.k8s.io/api-overview/
"""

from __future__ import annotations

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
from kubeqed.prove.questions.policy_enforced import PolicyAnswer
from kubeqed.reach import Comparisons, CompiledPolicy, find_priority_clashes, find_shadowed_rules
from kubeqed.resolve import Resolver


class ShadowedRule(NamedTuple):
    """A rule that decides nothing: of `policy` at `place`; `same_action` says that those before it decide as it would."""

    policy: str
    place: Place
    same_action: bool
    answer: Answer
    related: tuple[tuple[Place, str], ...]


class ClashingRules(NamedTuple):
    """Two rules of policies of one priority that decide otherwise about the same packets."""

    policy: str
    other: str
    place: Place
    answer: Answer
    related: tuple[tuple[Place, str], ...]


def find_shadowed(graph: Resolver) -> tuple[ShadowedRule, ...]:
    """The rules that decide nothing about the pods that the manifests show; about others they may, unless all is taken."""
    found = []
    comparisons = Comparisons()
    for (policy, rule), by, everywhere in find_shadowed_rules(traffic_of(graph).reach, comparisons):
        if any(_is_of_one_priority(one.policy, policy) for one in by):
            continue  # no order is defined among them, which is said by itself where it matters
        place = policy.object.at(rule.path)
        parts: list[Formula] = [Holds(Fact(False, f"{policy.object} {rule.path} decides nothing", place))]
        if not everywhere:
            parts.append(
                Holds(elsewhere_unknown(graph.unit, f"a pod outside the manifests read that {policy.object} means"))
            )
        same = all(one.rule.action == rule.action for one in by)
        related = tuple((one.policy.object.at(one.rule.path), "is evaluated before it") for one in by[:4])
        found.append(ShadowedRule(str(policy.object), place, same, Answer(decide(Or(tuple(parts)))), related))
    if comparisons.is_spent:
        graph.given_up.append("which rules of administrators decide nothing")
    return tuple(found)


def _is_of_one_priority(one: CompiledPolicy, other: CompiledPolicy) -> bool:
    """Whether two policies have one place in the order of evaluation."""
    return one is not other and (one.object.kind, one.tier, one.priority) == (
        other.object.kind,
        other.tier,
        other.priority,
    )


def find_clashing(graph: Resolver) -> tuple[ClashingRules, ...]:
    """The policies of one priority whose rules disagree about a pod that the manifests show."""
    found = []
    comparisons = Comparisons()
    for one, other in find_priority_clashes(traffic_of(graph).reach, comparisons):
        first, second = sorted((one, other), key=lambda item: item.policy.object.at("spec.priority"))
        item, before = second.policy.object, first.policy.object
        facts = tuple(make_fact(each.policy.object, "spec.priority", each.policy.priority) for each in (first, second))
        related = (
            (before.at("spec.priority"), "the same priority"),
            (before.at(first.rule.path), f"{first.rule.action} here"),
            (item.at(second.rule.path), f"{second.rule.action} here"),
        )
        answer = Answer(Decision(Verdict.FAILS, facts))
        found.append(ClashingRules(str(item), str(before), item.at("spec.priority"), answer, related))
    if comparisons.is_spent:
        graph.given_up.append("which policies of administrators have one priority")
    return tuple(found)


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
