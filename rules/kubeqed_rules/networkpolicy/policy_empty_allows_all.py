"""A rule of a NetworkPolicy that says nothing, and so allows everything.

A rule that is null, and a `from`, `to` or `ports` that is null or an empty list, does
not mean nobody: it means everybody, and every port. Delete the rule if it should
allow nothing; if it should allow everything, leave the field out, or write `{}` for
the rule.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="an empty rule, or list of a rule, that allows everything",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/",),
    exposure=True,
)

WEB = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
"""

VALID = [
    WEB + "  ingress: []",  # a default deny
    WEB + "  ingress:",
    WEB + "  ingress: [{}]",
    WEB + "  ingress: [{ports: [{port: 80}]}]",
    WEB + "  ingress: [{from: [{podSelector: {}}]}]",
    WEB + "  ingress:\n  - from: {{ .Values.from }}",
    WEB + "  ingress:\n  - from:\n      {{- toYaml .Values.from | nindent 6 }}",
]
INVALID = [
    WEB + "  ingress:\n  -  # expect: policy-empty-allows-all (likely)",
    WEB + "  ingress:\n  - from:  # expect: policy-empty-allows-all (likely)\n    ports: [{port: 80}]",
    WEB + "  ingress:\n  - from: []  # expect: policy-empty-allows-all (posture)\n    ports: [{port: 80}]",
    WEB + "  ingress:\n  - from: [{podSelector: {}}]\n    ports:  # expect: policy-empty-allows-all (likely)",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rules, peers in ((policy.ingress, "from"), (policy.egress, "to")):
            for rule in rules:
                for field, found, what in ((peers, rule.peers, "every peer"), ("ports", rule.ports, "every port")):
                    path = f"{rule.path}.{field}"
                    if found.more is None and not found.items and policy.holds(path):
                        yield Finding(
                            at=policy.at(path),
                            at_most=None if path in rule.nulls else Certainty.POSTURE,
                            message=f"{policy} has an empty {field}, which means {what}",
                        )
                if rule.path in rule.nulls:
                    yield Finding(
                        at=policy.at(rule.path),
                        message=f"{policy} has a rule without content, which allows every peer on every port",
                    )
