"""A Service keeps packets on the node that they reach, and not every node has a pod.

With traffic policy `Local` a node passes packets only to pods of its own; where it has
none they are dropped. A Deployment of a few replicas leaves most nodes without one, and
clients that meet such a node by its address see time-outs.
Use `Cluster`, a DaemonSet, or a balancer that checks the health of the nodes.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.local_traffic import EveryNodeServes
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="nodes without a pod drop the packets that reach them",
    certainty=Certainty.POSSIBLE,
    since="0.1",
    references=("https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies",),
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""
METALLB = (
    "\n---\napiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: a}\nspec: {addresses: [192.0.2.0/24]}"
)
DROPS = "  # expect: local-traffic-policy-drops (possible)"

VALID = [
    WEB + "  type: NodePort",
    WEB + "  type: NodePort\n  externalTrafficPolicy: Cluster",
    WEB + "  type: LoadBalancer\n  externalTrafficPolicy: Local",  # a cloud's balancer checks the nodes
    WEB + "  type: NodePort\n  externalTrafficPolicy: '${POLICY}'",
    WEB.replace("kind: Deployment", "kind: DaemonSet") + "  type: NodePort\n  externalTrafficPolicy: Local",
    WEB.replace("app: web}\n  ports", "app: x}\n  ports") + "  type: NodePort\n  externalTrafficPolicy: Local",
]
INVALID = [
    WEB + f"  type: NodePort\n  externalTrafficPolicy: Local{DROPS}",
    WEB + f"  type: LoadBalancer\n  externalTrafficPolicy: Local{DROPS}" + METALLB,
    "# config: provider=on_prem\n" + WEB + f"  type: LoadBalancer\n  externalTrafficPolicy: Local{DROPS}",
    WEB + f"  internalTrafficPolicy: Local{DROPS}",
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        answer = world.ask(EveryNodeServes(service))
        if not answer.holds:
            yield Finding(
                at=service.at(answer.path),
                answer=answer,
                message=f"{service} keeps packets on the node that they reach, but {answer.pods} need not run on every node",
                related=((answer.pods.at("kind"), "the pods behind it"),),
            )
