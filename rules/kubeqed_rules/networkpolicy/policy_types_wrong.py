"""A NetworkPolicy's policyTypes are not those of its rules.

Rules of a direction that policyTypes does not name are ignored. Where policyTypes is left
out, Ingress is always among them: a policy with nothing but egress rules also denies
everything that comes in. Name the directions that the policy is about.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.policy_types import IngressLeftAlone, RulesGoverned
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="policyTypes are not those of the rules",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/",),
)

WEB = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
"""
OPEN = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}
"""
EGRESS = "  egress:\n  - to: [{podSelector: {}}]\n"
INGRESS = "  ingress:\n  - from: [{podSelector: {}}]\n"

VALID = [
    WEB + INGRESS,
    WEB + "  policyTypes: [Egress]\n" + EGRESS,
    WEB + "  policyTypes: [Ingress, Egress]\n" + EGRESS,  # ingress is denied, and said to be
    WEB + "  policyTypes: []\n" + EGRESS + INGRESS,
    WEB + EGRESS + INGRESS,
    WEB + "  ingress: []\n" + EGRESS,  # denied on purpose
    WEB + "  policyTypes: [Ingress]\n  egress: []\n" + INGRESS,
    WEB + "  policyTypes: ['${TYPE}']\n" + INGRESS,
    WEB + EGRESS + OPEN,  # what comes in is governed by another policy
]
INVALID = [
    WEB + "  policyTypes: [Ingress]  # expect: policy-types-wrong (proved)\n" + EGRESS,
    WEB + "  policyTypes:  # expect: policy-types-wrong (proved)\n  - Egress\n" + EGRESS + INGRESS,
    WEB.replace("spec:", 'spec:  # expect: policy-types-wrong (likely) "denies all that comes in"') + EGRESS,
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        answer = world.ask(IngressLeftAlone(policy))
        if not answer.holds:
            yield Finding(
                at=policy.at("spec.policyTypes"),
                answer=answer,
                at_most=Certainty.LIKELY,
                message=f"{policy} has egress rules alone, and without policyTypes it denies all that comes in too",
                related=((policy.key_at("spec.egress"), "its only rules"),),
            )
        for kind in ("Ingress", "Egress"):
            answer = world.ask(RulesGoverned(policy, kind))
            if not answer.holds:
                yield Finding(
                    at=policy.key_at("spec.policyTypes"),
                    answer=answer,
                    message=f"{policy} has {kind.lower()} rules, which are ignored: its policyTypes lack {kind}",
                    related=((policy.key_at(f"spec.{kind.lower()}"), "the rules"),),
                )
