"""A rule of an administrator's policy decides nothing, because others are evaluated first.

Of AdminNetworkPolicies and ClusterNetworkPolicies the one with the lower priority is
evaluated first, and in it the first rule that matches decides. A rule behind one that
takes all of its packets never does. Give it a lower number, or delete it.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.admin_rules import find_shadowed
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="a rule of an administrator's policy decides nothing",
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
  ingress:
  - {name: all, action: Deny, from: [{namespaces: {}}]PORTS}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: second}
spec:
  priority: 20
  subject: {namespaces: {}}
  ingress:
"""
ALL = FIRST.replace("PORTS", "")
HTTP = FIRST.replace("PORTS", ", ports: [{portNumber: {port: 80, protocol: TCP}}]")
SHOP = "{name: shop, action: Allow, from: [{namespaces: {matchLabels: {team: shop}}}]}"

VALID = [
    HTTP + f"  - {SHOP}",  # all other ports are left
    ALL.replace("priority: 20", "priority: 5") + f"  - {SHOP}",
    ALL.replace("priority: 20", "priority: 10") + f"  - {SHOP}",  # nothing says which is first
    ALL.replace("priority: 10", "priority: '${PRIORITY}'") + f"  - {SHOP}",
    ALL + "  - {name: net, action: Allow, from: [{networks: [10.0.0.0/8]}]}",  # addresses are no pods
]
INVALID = [
    ALL + f"  - {SHOP}  # expect: admin-rule-shadowed (proved)",
    ALL + f"  - {SHOP}".replace("Allow", "Deny") + "  # expect: admin-rule-shadowed (posture)",
    # of these pods all is decided by two rules; others may come
    ALL.replace(
        "all, action: Deny, from: [{namespaces: {}}]", "own, action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]"
    )
    + "  - {name: web, action: Allow, from: [{namespaces: {matchExpressions: [{key: a, operator: Exists}]}}]}"
    + "  # expect: admin-rule-shadowed (possible)\n"
    + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n",
    # two rules take all that it means, of any pod there may be, and none is shown
    ALL.partition("---\n")[2].replace(
        "{name: all, action: Deny, from: [{namespaces: {}}]}",
        "{name: with, action: Deny, from: [{namespaces: {matchExpressions: [{key: a, operator: Exists}]}}]}\n"
        "  - {name: without, action: Pass, from: [{namespaces: {matchExpressions: [{key: a, operator: DoesNotExist}]}}]}",
    )
    + f"  - {SHOP}  # expect: admin-rule-shadowed (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_shadowed):
        yield Finding(
            at=one.place,
            answer=one.answer,
            at_most=Certainty.POSTURE if one.same_action else None,
            message=f"{one.policy} has a rule that decides nothing: all that it matches is decided before",
            related=one.related,
        )
