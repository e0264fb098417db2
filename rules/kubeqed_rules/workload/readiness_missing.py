"""A container behind a Service has no readiness probe.

Its pod gets requests as soon as the container runs, and goes on getting them while it
starts, hangs or shuts down: each roll-out costs some requests.
Give the container a `readinessProbe`.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.workload import Workload
from kubeqed.prove.questions.entries import ReadinessProbed
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="container behind a Service has no readiness probe",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe",
    ),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
"""
POD = """apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
"""
WEB = "  - {name: web, image: shop, ports: [{containerPort: 80}]"

VALID = [
    SERVICE + POD + WEB + ", readinessProbe: {httpGet: {port: 80}}}",
    POD + WEB + "}",  # nobody sends to it
    SERVICE + POD + WEB + ", readinessProbe: '${PROBE}'}",
    SERVICE + POD + WEB + ", readinessProbe: {httpGet: {port: 80}}}\n  - {name: log, image: log}",
]
INVALID = [
    SERVICE + POD + WEB + "}  # expect: 12 readiness-missing (posture)",
    SERVICE
    + POD
    + "  - {name: log, image: log, readinessProbe: {exec: {command: [a]}}}\n"
    + WEB
    + "}  # expect: readiness-missing (posture)",
]


def check(world: World) -> Iterator[Finding]:
    for workload in world.of(Workload):
        answer = world.ask(ReadinessProbed(workload))
        if not answer.holds:
            yield Finding(
                at=workload.at(f"{answer.container.path}.name"),
                message=f"container {answer.container.name} of {workload} takes requests of {answer.service} "
                "and has no readiness probe",
                related=((answer.service.at("spec.selector"), "selects it"),),
            )
