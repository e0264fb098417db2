"""Two containers ask their node for one port.

Within one pod the API server refuses the second. Two DaemonSets that run on
the same nodes are accepted, and one pod of each node stays pending, because
its port is taken: "node(s) didn't have free ports". With `hostNetwork: true`
every declared container port is a port of the node.
Give one of them another port, protocol or `hostIP`, or other nodes.

Where nothing states what is applied together, two DaemonSets of different files
may be alternatives, such as two Ingress controllers: a possible mistake.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.host_ports import HostPortFree, list_host_ports
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="port of the node is taken",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
        "https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins",
    ),
    server=True,
)

POD = """
apiVersion: v1
kind: Pod
metadata: {name: edge}
spec:
  containers:
  - {name: a, image: a, ports: [{containerPort: 80, hostPort: 8080}]}
"""
A = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: a}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec: {containers: [{name: a, image: a, ports: [{containerPort: 80, hostPort: 8080}]}]}
---
"""
B = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: b, namespace: shop}
spec:
  selector: {matchLabels: {app: b}}
  template:
    metadata: {labels: {app: b}}
    spec:
"""
C = B.replace("name: b, namespace: shop", "name: c").replace("app: b", "app: c")

VALID = [
    POD + "  - {name: b, image: b, ports: [{containerPort: 80, hostPort: 8081}]}",
    POD + "  - {name: b, image: b, ports: [{containerPort: 80, hostPort: 8080, protocol: UDP}]}",
    POD + "  - {name: b, image: b, ports: [{containerPort: 80, hostPort: '${PORT}'}]}",
    A + B + "      containers: [{name: b, image: b, ports: [{containerPort: 8080}]}]",
    A
    + B
    + "      hostNetwork: true\n      containers: [{name: b, image: b, ports: [{containerPort: 8080, hostPort: '${PORT}'}]}]",
    A + B + "      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 8080, protocol: UDP}]}]",
    A + B + "      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 0}]}]",
    A + B + "      initContainers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 8080}]}]",
    A.replace("spec: {c", "spec: {nodeSelector: {disk: ssd}, c")
    + B
    + "      nodeSelector: {disk: hdd}\n"
    + "      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 8080}]}]",
    A
    + B
    + "      nodeSelector: '${NODES}'\n      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 8080}]}]",
    A.replace("hostPort: 8080", "hostPort: 8080, hostIP: 192.0.2.1")
    + B
    + "      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 8080, hostIP: 192.0.2.2}]}]",
]
INVALID = [
    POD + "  - {name: b, image: b, ports: [{containerPort: 81, hostPort: 8080}]}  # expect: host-port-clash (rejected)",
    A
    + B
    + "      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 8080}]}]"
    + '  # expect: 78 host-port-clash (likely) "DaemonSet a takes"',
    A
    + B
    + "      hostNetwork: true\n      nodeSelector: {disk: ssd}\n"
    + "      containers: [{name: b, image: b, ports: [{containerPort: 8080}]}]  # expect: host-port-clash (likely)",
    A
    + B
    + "      initContainers: [{name: b, image: b, restartPolicy: Always, ports: [{containerPort: 80, hostPort: 8080}]}]"
    + "  # expect: host-port-clash (likely)",
    B
    + "      nodeSelector: {disk: ssd}\n"
    + "      containers: [{name: b, image: b, ports: [{containerPort: 80, hostPort: 9090, hostIP: 192.0.2.1}]}]\n---"
    + C
    + "      nodeSelector: {disk: ssd}\n"
    + "      containers: [{name: c, image: c, ports: [{containerPort: 80, hostPort: 9090}]}]  # expect: host-port-clash",
]


def check(world: World) -> Iterator[Finding]:
    for port in world.find(list_host_ports):
        answer = world.ask(HostPortFree(port))
        if answer.holds:
            continue
        # Controllers of which one is chosen lie side by side too, so what lies in one directory says nothing here.
        apart = [one for one in answer.holders if not world.unit.stated and one.daemonset.file != port.daemonset.file]
        holder = next((one for one in answer.holders if one not in apart), answer.holders[0])
        condition = ", if both are applied together" if holder in apart else ""
        yield Finding(
            at=port.daemonset.at(port.path),
            answer=answer,
            at_most=Certainty.POSSIBLE if holder in apart else Certainty.LIKELY,
            message=(
                f"{port.daemonset} asks each node for port {port.number}/{port.port.protocol}, "
                f"which {holder.daemonset} takes, so on nodes that run both one pod stays pending{condition}"
            ),
            related=((holder.daemonset.at(holder.path), "the other one"),),
        )
