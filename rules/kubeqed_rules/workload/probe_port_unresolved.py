"""A probe calls a port that its container does not have.

The kubelet looks a named port up among the ports of the probed container itself;
those of a sidecar or of the Service do not count. Without the name every probe
fails: the pod never becomes ready, or is killed again and again. A number needs no
declaration, but one that no container declares is often that of another version.
Name a port that the container declares.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.unmodelled import UnmodelledWorkload
from kubeqed.prove.questions.probe_port import (
    ProbedContainer,
    ProbePortAnswer,
    ProbePortDeclared,
    ProbePortNamed,
    list_probed,
)
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="probe calls a port that its container lacks",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port",
    ),
)

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: shop
      ports: [{name: web, containerPort: 8080}]
      readinessProbe:
"""
SIDECAR = POD.replace(
    "containers:\n", "containers:\n    - {name: proxy, image: proxy, ports: [{name: admin, containerPort: 9}]}\n"
)
NUMBER = "        httpGet: {port: 9090}"
ROLLOUT = """
apiVersion: example.com/v1
kind: Rollout
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: shop, livenessProbe: {httpGet: {port: http}}}]"""

VALID = [
    POD + "        httpGet: {port: web}",
    POD + "        httpGet: {port: 8080}",
    POD + "        tcpSocket: {port: '${PORT}'}",
    POD + "        tcpSocket: {port: HTTP_PORT}",
    POD + "        exec: {command: [http]}",
    POD + "        httpGet: {host: example.com, port: 443}",
    POD.replace("      ports: [{name: web, containerPort: 8080}]\n", "") + NUMBER,
    POD.replace("[{name: web, containerPort: 8080}]", "${PORTS}")
    + "        httpGet: {port: http}  # expect: probe-port-unresolved (possible)",
    SIDECAR + "        httpGet: {port: 9}",
    POD.replace("containers", "initContainers") + "        httpGet: {port: http}",  # the server refuses it by itself
    POD + NUMBER + "  # expect: probe-port-unresolved (possible)",
    POD.replace("image: shop", "image: shop\n      args: ['--health=:9090']") + NUMBER,
    ROLLOUT + "  # expect: probe-port-unresolved (possible)",
]
INVALID = [
    POD + "        httpGet: {port: http}  # expect: 25 probe-port-unresolved (proved)",
    POD + "        tcpSocket: {port: webs}  # expect: probe-port-unresolved (proved)",
    POD.replace("8080}]", "8080}]\n      livenessProbe: {httpGet: {port: http}}  # expect: probe-port-unresolved")
    + "        httpGet: {port: http}",
    POD.replace("      ports: [{name: web, containerPort: 8080}]\n", "")
    + '        httpGet: {port: http}  # expect: probe-port-unresolved (proved) "declares no port"',
    SIDECAR + '        httpGet: {port: admin}  # expect: probe-port-unresolved (proved) "container proxy has it"',
    POD + "        exec: {command: [a]}\n"
    "      lifecycle: {preStop: {httpGet: {port: stop}}}  # expect: probe-port-unresolved (proved)",
]


def check(world: World) -> Iterator[Finding]:
    found: dict[object, list[tuple[ProbedContainer, ProbePortAnswer]]] = {}
    for probed in world.find(list_probed):
        named, declared = world.ask(ProbePortNamed(probed)), world.ask(ProbePortDeclared(probed))
        answer = declared if named.holds else named
        if not answer.holds:
            key = probed.workload, probed.container.path, str(probed.called.port)
            found.setdefault(key, []).append((probed, answer))
    yield from (_make_finding(*alike) for alike in found.values())


def _make_finding(
    first: tuple[ProbedContainer, ProbePortAnswer], *others: tuple[ProbedContainer, ProbePortAnswer]
) -> Finding:
    """One finding of all probes of a container that call the same port: one port more would settle them all."""
    probed, answer = first
    workload, container, called = probed
    is_name = isinstance(called.port, str) and not isinstance(workload, UnmodelledWorkload)
    return Finding(
        at=probed.place,
        answer=answer,
        at_most=None if is_name else Certainty.POSSIBLE,
        message=f"the {called.what} of container {container.name} of {workload} calls port {called.port}, "
        f"but the container {answer.declared}",
        related=(*answer.related, *((other.place, "the same port here") for other, _ in others)),
        edit=(probed.place, answer.meant) if answer.meant is not None and not others else None,
    )
