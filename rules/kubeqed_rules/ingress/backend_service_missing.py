"""An Ingress sends requests to a Service that does not exist in its namespace.

The controller accepts the Ingress and answers 503 for the path: a backend is
always looked for in the Ingress's own namespace, under exactly this name.
Correct the name, or put the Service and the Ingress into one namespace.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress, ServiceBackend
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.questions.backend import BackendServiceExists
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="backend Service does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource",),
)

WEB = """
apiVersion: v1
kind: Service
metadata: {name: cinnamon}
spec: {selector: {app: shop}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  defaultBackend:
    service:
      port: {number: 80}
"""
LEGACY = """
apiVersion: v1
kind: Service
metadata: {name: cinnamon}
spec: {ports: [{port: 80}]}
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: web}
spec:
  backend:
    servicePort: 80
"""

VALID = [
    WEB + "      name: cinnamon",
    WEB + "      name: ${BACKEND}",
    "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: x}\n---\n" + WEB + "      name: tea",
    "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: cin}\n---\n"  # an operator names its Services after it
    + WEB.replace("{name: cinnamon}", "{name: cin-gpu}")
    + "      name: cin-cpu  # expect: backend-service-missing (possible)",
    WEB.replace("number: 80", "name: use-annotation") + "      name: cinnamom",
    WEB.replace("{name: web}", "{name: web, annotations: {nginx.org/mergeable-ingress-type: master}}")
    + "      name: cinnamom",
    WEB.replace("service:\n      port: {number: 80}", "resource: {apiGroup: x.example.com, kind: Bucket, name: b}"),
]
INVALID = [
    WEB + "      name: cinamon  # expect: 13 backend-service-missing (likely)",
    WEB + "      name: tea  # expect: backend-service-missing (likely)",
    LEGACY + "    serviceName: cinamon  # expect: backend-service-missing (likely)",
    WEB
    + "      name: cinamon  # expect: backend-service-missing\n"
    + "  rules: [{http: {paths: [{pathType: Exact, path: /a, backend: {service: {name: cinamon, port: {number: 80}}}}]}}]",
    "# config: world=closed\n" + WEB + "      name: tea  # expect: backend-service-missing (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        found: dict[str, list[tuple[ServiceBackend, MissingAnswer]]] = {}
        for backend in ingress.backends():
            answer = world.ask(BackendServiceExists(ingress, backend))
            if not answer.holds:
                found.setdefault(str(backend.name), []).append((backend, answer))
        for (backend, answer), *others in found.values():
            place = ingress.at(backend.name_path)
            yield Finding(
                at=place,
                answer=answer,
                message=f"{ingress} sends to Service {backend.name}, which does not exist, so requests are answered with 503{answer.candidate}",
                related=(
                    *answer.related,
                    *((ingress.at(other.name_path), "the same Service here") for other, _ in others),
                ),
                edit=(place, answer.meant) if answer.meant and not others else None,
            )
