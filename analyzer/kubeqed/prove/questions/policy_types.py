"""Whether a NetworkPolicy governs only the directions that it speaks of.

`policyTypes` defaults to Ingress, and Egress where there are egress rules:
https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.values.match import Match
from kubeqed.prove.clauses.led_to import applies_wherever
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import Fact
from kubeqed.resolve import Resolver


class RulesGoverned(NamedTuple):
    """The policyTypes of a policy name the direction, Ingress or Egress, of which it has rules."""

    policy: NetworkPolicy
    direction: str

    def answer(self, _: Resolver) -> Answer:
        """Holds where a type is not known, and where there is no rule."""
        policy, direction = self
        types = policy.types
        rules = policy.ingress if direction == "Ingress" else policy.egress
        known = [kind for kind in types if isinstance(kind, str)]
        if types.more is not None or len(known) < len(types) or direction in known or not rules.items:
            return Answer(HOLDS)
        fact = Fact(False, f"{policy} spec.policyTypes is {', '.join(known)}", policy.at("spec.policyTypes"))
        return Answer(Decision(Verdict.FAILS, (fact,)))


class IngressLeftAlone(NamedTuple):
    """A policy of nothing but egress rules leaves what comes in alone, as it names Egress in its policyTypes."""

    policy: NetworkPolicy

    def answer(self, graph: Resolver) -> Answer:
        """Holds where another policy governs what comes in to the same pods."""
        policy = self.policy
        written = any(policy.holds(f"spec.{field}") for field in ("policyTypes", "ingress"))
        if written or not policy.egress.items or policy.types.more is not None or policy.ingress.more is not None:
            return Answer(HOLDS)
        for other in graph.unit.of(NetworkPolicy):
            governs = (
                "Ingress" in [kind for kind in other.types if isinstance(kind, str)] or other.types.more is not None
            )
            spoken = other.holds("spec.ingress") or other.holds("spec.policyTypes")
            if other is not policy and governs and spoken and applies_wherever(other, policy) is not Match.NO:
                return Answer(HOLDS)
        fact = make_fact(policy, "spec.policyTypes", None, ", which means Ingress and Egress")
        return Answer(Decision(Verdict.FAILS, (fact,)))
