"""Two policies of administrators with the same priority disagree about the same packets.

Which of two policies of equal priority is evaluated first is undefined: the outcome may
differ from cluster to cluster, and change. Give them different priorities.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.admin_rules import find_clashing
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="policies of equal priority that disagree",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://network-policy-api.sigs.k8s.io/api-overview/",),
    exposure=True,
)

FIRST = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: first}
spec:
  priority: 10
  subject: {namespaces: {}}
  ingress: [{name: all, action: Deny, from: [{namespaces: {}}]}]
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: second}
spec:
"""
ALLOW = "  subject: {namespaces: {}}\n  ingress: [{name: all, action: Allow, from: [{namespaces: {}}]}]"

VALID = [
    FIRST + "  priority: 20\n" + ALLOW,
    FIRST + "  priority: 10\n" + ALLOW.replace("Allow", "Deny"),
    FIRST.replace("subject: {namespaces: {}}", "subject: {namespaces: {matchLabels: {team: shop}}}")
    + "  priority: 10\n"
    + ALLOW.replace("namespaces: {}}\n", "namespaces: {matchLabels: {team: ops}}}\n"),  # other pods
    FIRST + "  priority: 10\n" + ALLOW.replace("ingress", "egress").replace("from", "to"),
    FIRST + "  priority: '${PRIORITY}'\n" + ALLOW,
]
INVALID = [
    FIRST + "  priority: 10  # expect: admin-priority-clash (proved)\n" + ALLOW,
    # of the pods that are shown none is meant by both; another may be
    FIRST
    + "  priority: 10  # expect: admin-priority-clash (possible)\n"
    + ALLOW.replace("namespaces: {}}\n", "namespaces: {matchLabels: {team: ops}}}\n"),
]


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_clashing):
        yield Finding(
            at=one.place,
            answer=one.answer,
            at_most=Certainty.POSSIBLE if one.about else None,
            message=f"{one.policy} has the same priority as {one.other} and decides otherwise{one.about}: "
            "which is evaluated first is undefined",
            related=one.related,
        )
