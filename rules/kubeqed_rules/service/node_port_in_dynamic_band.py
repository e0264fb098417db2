"""A Service asks for a node port of the band from which others are given out.

Since Kubernetes 1.27 the server gives ports that nobody asks for out of the upper band
of its range first, and leaves the lower one, 30000 to 30085 by default, to those who
ask. A port asked for in the upper band may be taken by then.
Choose a port of the lower band.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.rule import Certainty, Finding, Meta, World, surely

META = Meta(
    summary="fixed node port in the band of automatic ones",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://kubernetes.io/blog/2023/05/11/nodeport-dynamic-and-static-allocation/",),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports:
"""

VALID = [
    SERVICE + "  - {port: 80, nodePort: 30085}",
    SERVICE + "  - {port: 80}",
    SERVICE + "  - {port: 80, nodePort: '${PORT}'}",
    "# config: node_port_range=30000-30015\n" + SERVICE + "  - {port: 80, nodePort: 30015}",  # too small for two bands
    "# config: node_port_range=30000-34095\n" + SERVICE + "  - {port: 80, nodePort: 30127}",
    SERVICE + "  - {port: 80, nodePort: 33000}",  # out of the range, which is worse
]
INVALID = [
    SERVICE + "  - {port: 80, nodePort: 30086}  # expect: 26 node-port-in-dynamic-band (posture)",
    "# config: node_port_range=30000-30127\n"
    + SERVICE
    + "  - {port: 80, nodePort: 30016}  # expect: node-port-in-dynamic-band (posture)",
]


def check(world: World) -> Iterator[Finding]:
    ports = world.cluster.node_ports
    size = ports.high - ports.low + 1
    last = ports.low + (min(max(16, size // 32), 128) if size > 16 else size) - 1
    for service in world.of(Service):
        for entry in service.ports:
            inside = surely(entry.node_port, last) and not surely(entry.node_port, ports.high)
            if inside:
                yield Finding(
                    at=service.at(f"{entry.path}.nodePort"),
                    message=f"{service} asks for node port {entry.node_port}, which the server may have given out; "
                    f"it keeps {ports.low} to {last} for those who ask",
                )
