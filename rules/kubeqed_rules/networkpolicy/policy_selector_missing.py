"""A NetworkPolicy has no podSelector, and so applies to every pod of its namespace.

The server takes a podSelector that is left out, or is null, for an empty one, which
selects all pods: where some were meant, all others are isolated with them. Write the
labels of the pods that are meant below `podSelector.matchLabels`, or `podSelector:
{}` where all are.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="NetworkPolicy without a podSelector",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/",),
)

HEAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
"""

VALID = [
    HEAD + "spec: {podSelector: {}, policyTypes: [Ingress]}",
    HEAD + "spec: {podSelector: {matchLabels: {app: web}}}",
    HEAD + "spec: {podSelector: {matchLabels: {}}}",
    HEAD + "spec: {podSelector: '{{ .Values.selector }}'}",
    HEAD + "spec:\n  {{- toYaml .Values.spec | nindent 2 }}",
]
INVALID = [
    HEAD + "spec:  # expect: policy-selector-missing (likely)\n  policyTypes: [Ingress]",
    HEAD + "spec:\n  podSelector:  # expect: policy-selector-missing (posture)\n  policyTypes: [Ingress]",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        if policy.lacks_selector:
            yield Finding(
                at=policy.at("spec.podSelector"),
                at_most=Certainty.POSTURE if policy.holds("spec.podSelector") else None,  # null is how many write all
                message=f"{policy} has no podSelector, so that it applies to every pod of its namespace",
            )
