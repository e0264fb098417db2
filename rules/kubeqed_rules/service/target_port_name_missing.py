"""A Service sends to a port by a name that its pods do not declare.

A named `targetPort` is looked up among the container ports of each selected
pod, by name and protocol. A pod that does not declare it gets no endpoint, so
connections are refused although the pods run.
Name a declared port, or declare the name on the container.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.target_port import TargetPortNamed, group_alike, target_path
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="target port is named as no pod names it",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",),
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
      containers: [{name: web, image: shop, ports: [{name: http, containerPort: 8080}]}]
---
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
    - port: 80
"""
JOB = """
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: m, image: shop}], restartPolicy: Never}}}
---
"""
SIDECAR = WEB.replace(
    "containers:",
    "initContainers: [{name: p, image: p, restartPolicy: Always, ports: [{name: admin, containerPort: 9}]}]\n      containers:",
)
INJECTED = WEB.replace(
    "labels: {app: web}}\n    spec", 'labels: {app: web}, annotations: {sidecar.istio.io/inject: "true"}}\n    spec'
)
SIDECAR_SET = "apiVersion: apps.kruise.io/v1alpha1\nkind: SidecarSet\nmetadata: {name: proxy}\n---\n"

VALID = [
    WEB + SERVICE + "      targetPort: http",
    WEB + SERVICE + "      targetPort: 9090",
    WEB + SERVICE + "      targetPort: HTTP_PORT",
    WEB + SERVICE + "      targetPort: ${PORT_NAME}",
    JOB + WEB + SERVICE + "      targetPort: http",
    SIDECAR + SERVICE + "      targetPort: admin",
    INJECTED + SERVICE + "      targetPort: http-envoy-prom",
    SIDECAR_SET + WEB + SERVICE + "      targetPort: proxy",
    SERVICE + "      targetPort: web",
    WEB + SERVICE + "      targetPort: web\n  type: ExternalName\n  externalName: web.example.com",
]
INVALID = [
    WEB + SERVICE + '      targetPort: web  # expect: 19 target-port-name-missing (proved) "declare 8080 (http)"',
    WEB
    + SERVICE
    + '      targetPort: http  # expect: target-port-name-missing "sends to UDP port http"\n      protocol: UDP',
    WEB.replace("{name: http, ", "{") + SERVICE + "      targetPort: http  # expect: target-port-name-missing",
    WEB
    + WEB.replace("{name: web}", "{name: worker}").replace("name: http", "name: metrics")
    + SERVICE
    + "      targetPort: http  # expect: target-port-name-missing (likely)",
    WEB + SERVICE + "      targetPort: web  # expect: target-port-name-missing (likely)\n  clusterIP: None",
    WEB
    + SERVICE
    + "      targetPort: web  # expect: target-port-name-missing\n    - {name: b, port: 81, targetPort: web}",
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        answers = ((entry, world.ask(TargetPortNamed(service, entry))) for entry in service.ports)
        for entry, answer, others in group_alike(answers):
            place = service.at(target_path(service, entry))
            yield Finding(
                at=place,
                answer=answer,
                at_most=None if answer.every and not answer.is_headless else Certainty.LIKELY,
                message=f"{service} sends to {answer.target}, "
                f"but the pods of {answer.lacking[0]} declare {answer.declared}",
                related=(
                    *answer.related,
                    *((service.at(target_path(service, other)), "the same target here") for other in others),
                ),
                suggestion=answer.meant,
                edit=(place, answer.instead) if answer.instead is not None and not others else None,
            )
