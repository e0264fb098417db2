"""A selector that no labels can meet, or a block without an address: it matches nothing.

A pod has one value for each label, so that `app: web` together with `app In [db]` is
never met. A policy that selects no pod protects none; a peer that matches nothing is let
in nowhere. `ingress: []` is another thing: it denies by default, on purpose.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.empty_selections import SelectionMatches, list_selections
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="a selector that no labels can meet, or a block without an address",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",),
    exposure=True,
)

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: SELECTOR
  ingress:
  - from:
    - PEER
"""
WEB = POLICY.replace("SELECTOR", "{matchLabels: {app: web}}")
IN_DB = "{matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [db]}]}"

VALID = [
    WEB.replace("PEER", "podSelector: {matchLabels: {app: db}, matchExpressions: [{key: tier, operator: Exists}]}"),
    WEB.replace("PEER", "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}"),
    WEB.replace("PEER", "ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9]}"),
    WEB.replace("PEER", IN_DB.replace("[db]", "['${APP}']").replace("{match", "podSelector: {match", 1)),
    WEB.replace("  - from:\n    - PEER\n", "").replace("ingress:", "ingress: []"),
]
INVALID = [
    POLICY.replace(
        "SELECTOR",
        "\n    matchLabels: {app: web}\n    matchExpressions:\n"
        "    - {key: app, operator: In, values: [db]}  # expect: policy-allows-nothing (proved)",
    ).replace("PEER", "podSelector: {}"),
    WEB.replace(
        "PEER",
        "podSelector: {matchExpressions: [{key: app, operator: Exists}, {key: app, operator: DoesNotExist}]}"
        "  # expect: policy-allows-nothing (proved)",
    ),
    WEB.replace(
        "PEER",
        "namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a]}, {key: team, operator: NotIn, values: [a]}]}"
        "  # expect: policy-allows-nothing (proved)",
    ),
    WEB.replace(
        "PEER",
        "ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9, 10.128.0.0/9]}  # expect: policy-allows-nothing (proved)",
    ),
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for selection in list_selections(policy):
            answer = world.ask(SelectionMatches(policy, selection))
            if not answer.holds:
                yield Finding(
                    at=policy.at(answer.path),
                    answer=answer,
                    message=f"{policy} {selection.path} matches nothing: {answer.reason}",
                )
