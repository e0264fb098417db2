"""Two Services, or two ports of one, ask for the same node port.

A node port is one slot in the whole cluster, whatever the namespace and the
protocol: the API server refuses the second Service with "provided port is
already allocated". Only ports of one Service that have the same `port` and
different protocols may share it. Choose another number, or none.

Where nothing states what is applied to one cluster, two Services of different
directories clash only if both are applied: it is a possible mistake, a likely
one if both state the same namespace. So it is for two versions of one Service:
two that select the same pods or have one name.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.node_ports import NodePortFree, explicit_slots
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="node port is taken",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
        "https://kubernetes.io/blog/2023/05/11/nodeport-dynamic-and-static-allocation/",
    ),
)

A = """
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
---
"""
B = """
apiVersion: v1
kind: Service
metadata: {name: b, namespace: bank}
spec:
  type: LoadBalancer
  ports:
    - port: 443
"""
SIP = """
apiVersion: v1
kind: Service
metadata: {name: sip}
spec:
  type: NodePort
  ports:
    - {name: tcp, port: 5060, nodePort: 30802}
"""

VALID = [
    A + B + "      nodePort: 30081",
    A + B,
    A + B + "      nodePort: 0",
    A + B + "      nodePort: ${NODE_PORT}",
    A + B.replace("LoadBalancer", "ClusterIP") + "      nodePort: 30080",
    A + A.replace(", namespace: shop", ""),
    SIP + "    - {name: udp, port: 5060, protocol: UDP, nodePort: 30802}",
    A + A.replace(", nodePort: 30080", "").replace("NodePort", "ClusterIP") + B + "      nodePort: 30080",
    A
    + A.replace(", nodePort: 30080", "").replace("80}", "80, name: web}")
    + B
    + "      nodePort: 30080",  # another port
    A + A.replace("30080", "30081") + B + "      nodePort: 30080",  # free again when it is asked for
    A + B + "      nodePort: 30081\n---" + A.replace("}]}", "}, {name: u, protocol: UDP, port: 81, nodePort: 30080}]}"),
    B.replace("443", "443, nodePort: 32000") + SIP.replace("nodePort: 30802", ""),
]
INVALID = [
    A + A + B + "      nodePort: 30080  # expect: node-port-clash",
    A + B + "      nodePort: 30080  # expect: node-port-clash\n---" + A,
    A + B + '      nodePort: 30080  # expect: 17 node-port-clash (rejected) "Service shop/a has taken"',
    A + B + "      nodePort: 30080  # expect: node-port-clash\n      protocol: UDP",
    A + B + "  externalTrafficPolicy: Local\n  healthCheckNodePort: 30080  # expect: node-port-clash",
    SIP
    + '    - {name: udp, port: 5061, protocol: UDP, nodePort: 30802}  # expect: node-port-clash "its own spec.ports[0] has taken"',
    SIP + "    - {name: too, port: 5061, nodePort: 30802}  # expect: node-port-clash",
    A
    + A.replace(", nodePort: 30080", "")
    + B
    + '      nodePort: 30080  # expect: node-port-clash "Service shop/a has taken"',
]


def check(world: World) -> Iterator[Finding]:
    for slot in world.find(explicit_slots):
        answer = world.ask(NodePortFree(slot))
        if answer.holds:
            continue
        holder = answer.holder
        takes = "has taken" if answer.fails else "may take"
        limit = world.limit_together(slot.service, holder.service)
        condition = ", if both are applied together" if limit is Certainty.POSSIBLE else ""
        yield Finding(
            at=slot.service.at(slot.path),
            answer=answer,
            at_most=limit,
            message=f"{slot.service} asks for node port {slot.shown}, which {holder.words(slot)} {takes}{condition}",
            related=((holder.service.at(holder.path), "the other one"),),
        )
