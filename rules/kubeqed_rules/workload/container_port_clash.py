"""Two ports of a Pod are one port, or two ports of a container have one name.

The containers of a Pod share one network: where two of them listen on the
same port and protocol, the second cannot bind it and ends in a crash loop.
The server only warns. Within one container the second declaration adds
nothing, but names that point at it may be meant for another port. Names that
are equal within a container are refused. An init container that ends before
the others start is in no other's way.
Give one of the containers another port.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="container ports clash",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking",),
    server=True,
)

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
"""

WEB = "{name: web, image: nginx, ports: [{containerPort: 80}]}"
DNS = "{name: dns, image: dns, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}"

VALID = [
    POD + f"  containers: [{WEB}, {DNS}]",
    POD + f"  containers: [{WEB}, {{name: sync, image: sync, ports: [{{containerPort: 81, name: sync}}]}}]",
]
INVALID = [
    POD + f"  containers: [{WEB}, {{name: b, image: b, ports: [{{containerPort: 80}}]}}]"
    "  # expect: container-port-clash (likely)",
    POD + "  containers: [{name: web, image: nginx, ports: [{containerPort: 80}, {containerPort: 80, name: http}]}]"
    "  # expect: container-port-clash (posture)",
    POD + "  containers: [{name: b, image: b, ports: [{containerPort: 80, name: a}, {containerPort: 81, name: a}]}]"
    "  # expect: container-port-clash (rejected)",
    POD + "  initContainers: [{name: b, image: b, restartPolicy: Always, ports: [{containerPort: 80}]}]\n"
    f"  containers: [{WEB}]  # expect: container-port-clash (likely)",
    POD + "  initContainers: [{name: wait, image: wait, ports: [{containerPort: 80}]}]\n"
    f"  containers: [{WEB}]  # expect: container-port-clash (posture)",
]
