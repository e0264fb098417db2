"""A peer of a NetworkPolicy's rule matches nothing.

A `from` or `to` whose labels no pod has, or a namespaceSelector whose labels no namespace
has, allows nothing: the connection that it was written for is denied. A podSelector alone
means pods of the policy's own namespace; a namespace is selected by its labels, of which
`kubernetes.io/metadata.name` always says its name. Write the labels that the pods have.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.peers_apart import PeersMeantApart
from kubeqed.prove.questions.policy_pods import PeerSelectsPods
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="a peer of a NetworkPolicy matches nothing",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
        "https://github.com/kubernetes/kubernetes/issues/47797",
    ),
)

FRONT = """
apiVersion: v1
kind: Namespace
metadata: {name: front, labels: {team: storefront}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: front, labels: {app: storefront}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: store, labels: {role: db}}
spec: {containers: [{name: db, image: postgres}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: store}
spec:
  podSelector: {matchLabels: {role: db}}
  ingress:
  - from:
"""

VALID = [
    FRONT + "    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}",
    FRONT
    + "    - namespaceSelector: {matchLabels: {team: storefront}}\n      podSelector: {matchLabels: {app: storefront}}",
    FRONT + "    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}",  # not of this unit
    FRONT
    + "    - namespaceSelector: {matchLabels: {name: monitoring}}\n      podSelector: {matchLabels: {app: prometheus}}",
    FRONT + "    - namespaceSelector: {}\n      podSelector: {}",
    FRONT + "    - podSelector: {}",
    FRONT + "    - podSelector: {matchLabels: {app: '${APP}'}}",
    FRONT + "    - ipBlock: {cidr: 10.0.0.0/8}",
    FRONT + "    - namespaceSelector: {}\n      podSelector: {matchLabels: {app: agent}}",
    FRONT + "    - podSelector: {matchLabels: {app: agent}}  # expect: peer-selects-nothing (possible)",
]
INVALID = [
    FRONT
    + """    - namespaceSelector: {matchLabels: {team: storefront}}
      podSelector:
        matchExpressions:
        - key: app
          operator: In
          values:
          - storefronts  # expect: peer-selects-nothing (likely)
""",
    FRONT.replace("{team: storefront}", "{team: storefront, owner: '${OWNER}'}")
    + "    - namespaceSelector: {matchLabels: {name: front}}  # expect: peer-selects-nothing (likely)",
    FRONT
    + '    - namespaceSelector: {matchLabels: {name: front}}  # expect: peer-selects-nothing (likely) "has no label name"',
    FRONT
    + """    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: fron  # expect: peer-selects-nothing (likely) "has nearly this name"
""",
    FRONT + "    - namespaceSelector: {matchLabels: {team: storefrnt}}  # expect: peer-selects-nothing (likely)",
    FRONT
    + """    - namespaceSelector: {matchLabels: {team: storefront}}
      podSelector:
        matchLabels:
          app: storefronts  # expect: peer-selects-nothing (likely) "have nearly these labels"
""",
    FRONT
    + """    - podSelector:  # expect: peer-selects-nothing (likely) "Pod front/web is in another namespace"
        matchLabels:
          app: storefront
""",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rule in (*policy.ingress, *policy.egress):
            apart = world.ask(PeersMeantApart(policy, rule))
            for peer in rule.peers:
                if not apart.holds and peer is apart.pair[1]:  # the same mistake
                    continue
                answer = world.ask(PeerSelectsPods(policy, peer))
                if not answer.holds:
                    yield Finding(
                        at=answer.place,
                        answer=answer,
                        message=f"{policy} allows a peer that matches {answer.what}{answer.candidate}",
                        related=answer.related,
                    )
