"""A NodePort Service is an entry without anything in front of it.

Nothing in the manifests spreads requests over the nodes: clients dial a node by its
address, and that node is their only way in, also while it restarts.
Put a LoadBalancer, an Ingress or a Gateway in front of it.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.entries import EntryBalanced
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="NodePort is an entry without a balancer",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
  type: NodePort"""
INGRESS = """
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""

VALID = [
    SERVICE.replace("NodePort", "ClusterIP"),
    SERVICE.replace("NodePort", "LoadBalancer"),
    SERVICE + INGRESS,
    SERVICE.replace("NodePort", "'${TYPE}'"),
]
INVALID = [SERVICE + "  # expect: 9 node-port-entry-unbalanced (posture)"]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        if not world.ask(EntryBalanced(service)).holds:
            yield Finding(
                at=service.at("spec.type"),
                message=f"{service} is reached by the address of a single node, and nothing stands in front of it",
            )
