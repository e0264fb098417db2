"""A NetworkPolicy applies to no pod.

A policy whose podSelector matches no pod of its namespace protects nothing, and nothing
says so: often one label is written in two ways, or the policy stands in another namespace
than its pods. Make the selector match the labels of the pod template.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.policy_pods import PolicySelectsPods
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="NetworkPolicy applies to no pod",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",),
    exposure=True,
)

CARTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: carts, namespace: shop, labels: {part: shop}}
spec:
  selector: {matchLabels: {app: carts}}
  template: {metadata: {labels: {app: carts}}, spec: {containers: [{name: web, image: nginx}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
"""
OPERATOR = "---\napiVersion: example.com/v1\nkind: Database\nmetadata: {name: db, namespace: shop}\n"

VALID = [
    CARTS + "metadata: {name: carts, namespace: shop}\nspec: {podSelector: {matchLabels: {app: carts}}}",
    CARTS + "metadata: {name: all, namespace: shop}\nspec: {podSelector: {}}",
    CARTS + "metadata: {name: carts, namespace: shop}\nspec: {podSelector: {matchLabels: {app: '${APP}'}}}",
    CARTS + "metadata: {name: carts, namespace: '{{ .ns }}'}\nspec: {podSelector: {matchLabels: {app: carts}}}",
    CARTS + "metadata: {name: carts}\nspec: {podSelector: {matchLabels: {app: carts}}}",  # absent is not `default`
    CARTS
    + "metadata: {name: web, namespace: shop}\nspec: {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [x]}]}}",
    CARTS
    + "metadata: {name: db, namespace: shop}\nspec: {podSelector: {matchLabels: {role: master}}}",  # set at run time
    CARTS
    + """metadata: {name: agent, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: agent  # expect: policy-selects-nothing (possible)
""",
    # an operator may make such pods in the policy's namespace
    CARTS.replace("namespace: shop", "namespace: web")
    + "metadata: {name: carts, namespace: shop}\nspec: {podSelector: {matchLabels: {app: carts}}}\n"
    + OPERATOR,
    # a copy of the policy stands where the pods are
    CARTS
    + "metadata: {name: carts, namespace: ops}\nspec: {podSelector: {matchLabels: {app: carts}}}\n---\n"
    + "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    + "metadata: {name: carts, namespace: shop}\nspec: {podSelector: {matchLabels: {app: carts}}}",
]
INVALID = [
    CARTS
    + """metadata: {name: carts, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: cart  # expect: policy-selects-nothing (likely) "Deployment shop/carts have nearly these labels"
""",
    "# config: world=closed"
    + CARTS
    + """metadata: {name: carts, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: cart  # expect: policy-selects-nothing (proved)
""",
    CARTS
    + """metadata: {name: carts, namespace: shop}
spec:
  podSelector:
    matchLabels:
      part: shop  # expect: policy-selects-nothing (likely) "on itself"
""",
    CARTS
    + """metadata: {name: carts, namespace: shop}
spec:
  podSelector:
    matchExpressions:
    - key: app
      operator: In
      values: [cart]  # expect: policy-selects-nothing (likely)
""",
    CARTS
    + """metadata:
  name: carts
  namespace: shops  # expect: policy-selects-nothing (likely) "Deployment shop/carts is in another namespace"
spec:
  podSelector:
    matchLabels:
      app: carts
""",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        answer = world.ask(PolicySelectsPods(policy))
        if not answer.holds:
            yield Finding(
                at=policy.at("metadata.namespace") if answer.stands_elsewhere else answer.place,
                answer=answer,
                message=f"{policy} applies to no pod{answer.candidate}",
                related=answer.related,
            )
