"""One side of a connection allows what the policies of the other side forbid.

A connection needs the egress of the sender and the ingress of the receiver. Where a
policy allows some pods as a peer and the policies for these pods allow nothing of it,
the rule has no effect. Allow it on the other side too.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.one_sided import BothSidesAllow
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="one side allows what the other side's policies forbid",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # another policy, that no manifest shows, would have to allow it
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",
    ),
)

SHOP = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: db, image: postgres, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
    ports: [{port: 5432}]
"""
NEXT = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
"""
TO_DB = "  egress: [{to: [{podSelector: {matchLabels: {app: db}}}]PORTS}]\n"
EXPECTED = SHOP.replace("web}}\n    ports", "web}}  # expect: one-sided-allow (likely)\n    ports")

VALID = [
    SHOP,  # whatever is not isolated may send
    SHOP + NEXT + TO_DB.replace("PORTS", ""),
    SHOP + NEXT + TO_DB.replace("PORTS", ", ports: [{port: 5432}, {port: 53}]"),
    SHOP + NEXT + TO_DB.replace("PORTS", ", ports: [{port: sql}]"),
    SHOP.replace("podSelector: {matchLabels: {app: web}}", "podSelector: {}") + NEXT,  # names nobody
    SHOP.replace("{app: web}}\n    ports", "{app: api}}\n    ports") + NEXT,  # a pod outside the input
    SHOP.replace("name: web, namespace", "name: web2, namespace").replace("spec: {con", "spec: {hostNetwork: true, con")
    + NEXT,
]
INVALID = [
    EXPECTED.replace("likely", "possible") + NEXT,  # the other side does not speak of it at all
    EXPECTED + NEXT + TO_DB.replace("PORTS", ", ports: [{port: 80}]"),
    "# config: world=closed"
    + EXPECTED.replace("likely", "proved")
    + NEXT
    + TO_DB.replace("PORTS", ", ports: [{port: 80}]"),
    SHOP.replace("from", "to")
    .replace("ingress", "egress")
    .replace("app: db}}\n  e", "app: XX}}\n  e")
    .replace("app: web}}\n    ports", "app: db}}  # expect: one-sided-allow (possible)\n    ports")
    .replace("XX", "web")
    + NEXT.replace("app: web", "app: db").replace("Egress", "Ingress"),
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rule in (*policy.ingress, *policy.egress):
            for peer in rule.peers:
                answer = world.ask(BothSidesAllow(policy, rule, peer))
                if answer.holds:
                    continue
                pod, other, related = answer.denied
                way = f"{other} to {pod}" if rule in policy.ingress.items else f"{pod} to {other}"
                yield Finding(
                    at=policy.at(peer.path),
                    answer=answer,
                    at_most=answer.at_most,
                    message=f"{policy} allows {way}, and no policy for {other} does",
                    related=related,
                )
