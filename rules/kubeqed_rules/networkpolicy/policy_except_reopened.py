"""What a NetworkPolicy excepts from a block, another rule for the same pods allows.

Policies add up: an address that is excepted from one `ipBlock` is reached all the
same where another rule, of this policy or of another one for the same pods, allows a
block that holds it, or everybody. The usual loser is 169.254.169.254, which gives
away the credentials of the node. Except it there too, or narrow that rule.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.excepted_addresses import ExceptedStayClosed
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="another rule allows what an ipBlock excepts",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
    ),
    exposure=True,
)

OUT = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
  - to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: [169.254.169.254/32]
"""
WEB = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
"""

VALID = [
    OUT,
    OUT + WEB + "  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]",
    OUT + WEB + "  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
    OUT + WEB + "  egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}], ports: [{port: 80}]}]",  # opened by name
    OUT + WEB + "  egress: [{ports: [{port: 53, protocol: UDP}]}]",  # a DNS server may have any address
    OUT + WEB.replace("shop", "ops") + "  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",  # other pods
    OUT + WEB + "  egress: [{to: [{ipBlock: {cidr: '${CIDR}'}}]}]",
    OUT + WEB + "  egress: [{to: [{podSelector: {}}]}]",
]
INVALID = [
    OUT
    + WEB
    + "  egress:\n  - to:\n    - ipBlock:\n        cidr: 0.0.0.0/0  # expect: policy-except-reopened (likely)",
    OUT + WEB + "  egress:\n  - {}  # expect: policy-except-reopened (likely)",
    OUT + "  - ports: [{port: 80}]  # expect: policy-except-reopened (likely)",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        answer = world.ask(ExceptedStayClosed(policy))
        if not answer.holds:
            hole, at = answer.hole, answer.reopened_at
            yield Finding(
                at=at,
                answer=answer,
                message=f"{policy} allows {hole.text}, which {hole.policy} excepts for these pods",
                related=((hole.policy.at(hole.path), "excepted here"),),
            )
