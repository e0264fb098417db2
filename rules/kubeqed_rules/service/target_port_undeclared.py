"""A Service sends to a port number that its pods do not declare.

Container ports are declared for people only: a program may listen on others.
But where the pods declare some ports and not this one, the number is often
that of another program or of an older version, and connections are refused.
Send to the port on which the program listens, and declare it.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.target_port import TargetPortDeclared, group_alike, target_path
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="target port is not among the declared ports of the pods",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
        "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
    ),
)

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27", ports: [{name: http, containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
"""

VALID = [
    WEB + "    - {port: 8080, targetPort: 80}",
    WEB + "    - {port: 80}",
    WEB + "    - {port: 80, targetPort: '${PORT}'}",
    WEB.replace(", ports: [{name: http, containerPort: 80}]", "") + "    - {port: 80, targetPort: 8080}",
    WEB.replace("containers:", "hostNetwork: true\n      containers:") + "    - {port: 80, targetPort: 8080}",
    WEB.replace("nginx:1.27", "shop")
    + "    - {port: 80, targetPort: 8080}  # expect: target-port-undeclared (possible)",
    WEB.replace("name: web, image", "name: web, env: [{name: PORT, value: '8080'}], image")
    + "    - {port: 80, targetPort: 8080}",
]
INVALID = [
    WEB + '    - {port: 80, targetPort: 8080}  # expect: 30 target-port-undeclared (likely) "declare 80 (http)"',
    WEB + "    - {port: 8080}  # expect: 14 target-port-undeclared",
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        answers = ((entry, world.ask(TargetPortDeclared(service, entry))) for entry in service.ports)
        for entry, answer, others in group_alike(answers):
            yield Finding(
                at=service.at(target_path(service, entry)),
                answer=answer,
                at_most=None if answer.listens_elsewhere and not answer.is_headless else Certainty.POSSIBLE,
                message=f"{service} sends to port {entry.target_port}, "
                f"but the pods of {answer.lacking[0]} declare {answer.declared}",
                related=(
                    *answer.related,
                    *((service.at(target_path(service, other)), "the same target here") for other in others),
                ),
                suggestion=answer.meant,
            )
