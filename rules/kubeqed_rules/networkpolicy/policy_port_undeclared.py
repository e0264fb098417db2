"""A NetworkPolicy allows ports that no pod concerned declares.

A program may listen on a port that its container does not declare, so that this is no
fault for sure; often it is the port of something else, or a wrong digit. Declare the
port, or correct the rule.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.policy_ports import find_undeclared
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="NetworkPolicy allows ports that no pod concerned declares",
    certainty=Certainty.POSSIBLE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",),
)

WEB = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: shop, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
"""

VALID = [
    WEB + "  - ports: [{port: 8080}]",
    WEB + "  - ports: [{port: 8080}, {port: 9090}]",
    WEB + "  - ports: [{port: 80}]",  # of the Service, which another rule says
    WEB + "  - ports: [{port: 1, endPort: 7000}]",
    WEB + "  - ports: [{port: '${PORT}'}]",
    WEB.replace("ports: [{containerPort: 8080}]", "ports: []") + "  - ports: [{port: 8081}]",
]
INVALID = [
    WEB + "  - ports: [{port: 8081}]  # expect: 20 policy-port-undeclared (possible)",
    WEB + "  - ports: [{port: 8081}, {port: 8082}]  # expect: 5 policy-port-undeclared (possible)",
]


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_undeclared):
        yield Finding(at=one.place, answer=one.answer, message=f"{one.policy} {one.text}")
