"""A Service asks for a node port that lies outside the cluster's range.

The API server hands out node ports from one range only, 30000-32767 unless it
runs with another `--service-node-port-range`, and refuses the Service. A dry
run does not notice it. Choose a port of the range, or leave the choice to the
server; state another range as `cluster.node_port_range` in kubeqed.yaml.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.node_ports import NodePortInRange, explicit_slots
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="node port lies outside the range",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",),
)

WEB = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  ports:
    - port: 80
"""
LOCAL = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  ports: [{port: 80}]
"""

VALID = [
    WEB + "      nodePort: 30000",
    WEB + "      nodePort: 32767",
    WEB + "      nodePort: 0  # not set",
    WEB + "      nodePort: NODE_PORT",
    WEB + "      nodePort: ${NODE_PORT}",
    WEB + "      nodePort: <NODE_PORT>",
    WEB.replace("type: NodePort", "type: ClusterIP") + "      nodePort: 29999",
    "# config: node_port_range=29000-32767\n" + WEB + "      nodePort: 29999",
]
INVALID = [
    WEB + '      nodePort: 29999  # expect: 17 node-port-out-of-range (rejected) "the default range 30000-32767"',
    WEB + "      nodePort: 32768  # expect: node-port-out-of-range",
    WEB + "      nodePort: 80  # expect: node-port-out-of-range",
    LOCAL + "  healthCheckNodePort: 29999  # expect: node-port-out-of-range",
    "# config: node_port_range=31000-31999\n"
    + WEB
    + '      nodePort: 30000  # expect: node-port-out-of-range "the stated range 31000-31999"',
]


def check(world: World) -> Iterator[Finding]:
    stated = world.cluster.node_port_range
    node_ports = f"the {'stated' if stated else 'default'} range {world.cluster.node_ports}"
    for slot in world.find(explicit_slots):
        answer = world.ask(NodePortInRange(slot))
        if answer.holds:
            continue
        yield Finding(
            at=slot.service.at(slot.path),
            answer=answer,
            message=f"{slot.service} asks for node port {slot.shown}, outside {node_ports}, so the server refuses it",
            related=((stated.place, "the stated range"),) if stated and stated.place else (),
        )
