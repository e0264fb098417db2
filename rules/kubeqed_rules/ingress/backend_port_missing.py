"""An Ingress names a port that the backend Service does not have.

A backend names a port of the Service itself, `spec.ports[].port` or its name,
never the port of the pods (`targetPort`) nor that of the nodes (`nodePort`).
Without a match the controller has no endpoint and answers 503 for the path.
Name the Service's port.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress, ServiceBackend
from kubeqed.prove.questions.backend import BackendPortAnswer, BackendPortResolves
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="backend Service does not have the port",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressBackend",
        "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
    ),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 8888, targetPort: 80, nodePort: 30080}]}
---
"""
V1 = (
    SERVICE
    + """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
"""
)
LEGACY = (
    SERVICE
    + """
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata: {name: web}
spec:
  backend:
    serviceName: web
"""
)

VALID = [
    V1 + "                  number: 8888",
    V1 + "                  name: http",
    V1 + "                  number: ${PORT}",
    V1.replace("spec: {type: NodePort", "spec: {type: ExternalName") + "                  number: 80",
    V1.replace(", ports: [{name: http, port: 8888, targetPort: 80, nodePort: 30080}]", "")
    + "                  number: 80",
    V1.replace("{name: web}\nspec: {", "{name: web, namespace: shop}\nspec: {") + "                  number: 80",
    LEGACY + "    servicePort: http",
    LEGACY + '    servicePort: "8888"',
    LEGACY + "    servicePort: use-annotation",
]
INVALID = [
    V1 + '                  number: 80  # expect: 27 backend-port-missing (proved) "80 is the targetPort of 8888"',
    V1 + '                  number: 30080  # expect: backend-port-missing "30080 is the nodePort of 8888"',
    V1 + "                  name: https  # expect: backend-port-missing (proved)",
    LEGACY + '    servicePort: 80  # expect: backend-port-missing (proved) "80 is the targetPort of 8888"',
    V1
    + "                  number: 80  # expect: backend-port-missing\n"
    + "          - {path: /api, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n"
    + "          - {path: /v2, pathType: Prefix, backend: {service: {name: web, port: {number: 81}}}}"
    + "  # expect: backend-port-missing",
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        found: dict[object, list[tuple[ServiceBackend, BackendPortAnswer]]] = {}
        for backend in ingress.backends():
            answer = world.ask(BackendPortResolves(ingress, backend))
            if not answer.holds:
                found.setdefault((answer.service, answer.port), []).append((backend, answer))
        yield from (_make_finding(ingress, *same) for same in found.values())


def _make_finding(
    ingress: Ingress, first: tuple[ServiceBackend, BackendPortAnswer], *others: tuple[ServiceBackend, BackendPortAnswer]
) -> Finding:
    """One finding of all paths that lead to the same port: one port more of the Service would settle them."""
    backend, answer = first
    place = ingress.at(backend.port_path)
    return Finding(
        at=place,
        answer=answer,
        message=f"{ingress} sends to port {answer.port} of {answer.service}, which has only {answer.offered}"
        f"{answer.confusion}",
        related=(
            (answer.service.at("spec.ports"), "the ports it has"),
            *((ingress.at(other.port_path), "the same port here") for other, _ in others),
        ),
        suggestion=answer.meant,
        edit=(place, answer.instead) if answer.instead is not None and not others else None,
    )
