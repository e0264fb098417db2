"""A NetworkPolicy allows every peer, or every address.

A rule without peers and without ports, or one of `0.0.0.0/0` or `::/0`, allows all
that the policy could have kept out. That is right for an entry of the cluster;
elsewhere name who is meant.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyRule
from kubeqed.prove.questions.policy_entry import EntryExpected
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="NetworkPolicy allows every peer",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-ingress-traffic",),
    exposure=True,
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
"""
BALANCED = """
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
"""

VALID = [
    WEB + "  ingress: [{from: [{podSelector: {}}]}]",
    WEB + "  ingress: [{ports: [{port: 80}]}]",
    WEB + "  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
    WEB + "  ingress: [{}]" + BALANCED,  # an entry of the cluster
    WEB + "  ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]" + BALANCED,
    WEB + "  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]",
]
INVALID = [
    WEB + "  ingress:\n  - {}  # expect: policy-wide-open (posture)",
    WEB + "  ingress:\n  - from:\n    - ipBlock:\n        cidr: 0.0.0.0/0  # expect: policy-wide-open (posture)",
    WEB + "  egress:\n  - to:\n    - ipBlock:\n        cidr: ::/0  # expect: policy-wide-open (posture)",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for kind, rules in (("ingress", policy.ingress), ("egress", policy.egress)):
            swallows = any(not rule.is_for_all for rule in rules)  # which another rule says
            places = [place for rule in rules for place in _find_open(rule) if not (swallows and place == rule.path)]
            if places and not (kind == "ingress" and world.ask(EntryExpected(policy)).holds):
                verb = "lets everybody in" if kind == "ingress" else "lets its pods send to every address"
                others = tuple((policy.at(path), "and here") for path in places[1:])
                yield Finding(at=policy.at(places[0]), message=f"{policy} {verb}", related=others)


def _find_open(rule: NetworkPolicyRule) -> Iterator[str]:
    if rule.is_for_all and rule.is_of_all_ports and not rule.nulls:
        yield rule.path
    for block in (peer.ip_block for peer in rule.peers):
        holes = block is None or block.exceptions.items or block.exceptions.more is not None
        if block is not None and not holes and isinstance(block.cidr, str) and block.cidr in ("0.0.0.0/0", "::/0"):
            yield f"{block.path}.cidr"
