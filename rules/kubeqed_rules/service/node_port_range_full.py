"""The Services need more node ports than the cluster's range has.

Every port of a Service of type NodePort or LoadBalancer takes a node port,
also where none is written, and a load balancer with `externalTrafficPolicy:
Local` takes one more for its health check. The API server refuses the Service
for which none is left: "range is full". A dry run does not notice it. Set
`allocateLoadBalancerNodePorts: false` where the load balancer reaches pods by
itself, let an Ingress or a Gateway stand in front of Services of type
ClusterIP, or widen `--service-node-port-range`.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.ranges import NodePortsSuffice
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="node port range is full",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport",
        "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-nodeport-allocation",
    ),
)

THREE = "# config: node_port_range=30000-30002\n"
WEB = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, ports: [{name: http, port: 80}, {name: https, port: 443}]}
---
"""
API = """
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  type: LoadBalancer
  externalTrafficPolicy: Cluster
  ports:
    - {name: http, port: 80}
"""
MORE = "    - {name: more, port: 81, nodePort: 30002}"

VALID = [
    THREE + WEB + API,
    THREE + WEB + API + MORE.replace("81", "80, protocol: UDP"),
    THREE + WEB + API + MORE.replace("81", "'${PORT}'"),
    THREE + WEB + API.replace("type: LoadBalancer", "type: '${TYPE}'") + MORE,
    THREE + WEB + API.replace("Cluster", "Local").replace("spec:", "spec:\n  allocateLoadBalancerNodePorts: false"),
    THREE + WEB + WEB + API,
    THREE + WEB + WEB.replace(", namespace: shop", "") + API,
    THREE
    + WEB
    + API.replace("80}", "80, nodePort: 30002}")
    + "---"
    + API.replace("name: api", "name: too")
    + MORE,  # a clash
    WEB + API + MORE,
]
INVALID = [
    THREE
    + WEB
    + API
    + MORE
    + '  # expect: 40 node-port-range-full (rejected) "needs a node port, but the 3 of the stated range 30000-30002"',
    THREE + WEB + API + "    - {name: more, port: 81}  # expect: node-port-range-full\n    - {name: most, port: 82}",
    THREE + WEB + API.replace("spec:", "spec:  # expect: node-port-range-full").replace("Cluster", "Local"),
    THREE + WEB + WEB.replace("shop", "bank").replace("{name: https", "{name: https  # expect: node-port-range-full\n"),
]


def check(world: World) -> Iterator[Finding]:
    answer = world.ask(NodePortsSuffice())
    if answer.holds:
        return
    stated, service = world.cluster.node_port_range, answer.beyond.service
    node_ports = f"the {answer.size} of the {'stated' if stated else 'default'} range {world.cluster.node_ports}"
    yield Finding(
        at=service.at(answer.beyond.path),
        answer=answer,
        at_most=Certainty.LIKELY if answer.is_guessed else None,
        message=f"{service} needs a node port, but {node_ports} are all taken",
        related=((stated.place, "the stated range"),) if stated and stated.place else (),
    )
