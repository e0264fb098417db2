"""A load balancer outside the cluster cannot reach the Service behind an Ingress.

The load balancers of Google and Amazon reach pods by a port of the nodes, so that the
Service has to be a NodePort or a LoadBalancer, or by the pods' own addresses, where
they are told to: a NEG on Google Cloud, the target type `ip` on AWS. A plain ClusterIP
is refused, or has no healthy target.
Change the type of the Service, or add the annotation.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.ingress_controller import BackendReached
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="load balancer cannot reach a Service of this type",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://cloud.google.com/kubernetes-engine/docs/concepts/ingress#deprecated_annotation",
        "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#target-type",
    ),
    sources="ingress",
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: web, port: {number: 80}}}
"""
CLASSLESS = INGRESS.replace("  ingressClassName: alb\n", "")
BAD = "{name: web,  # expect: backend-type-unsupported (likely)\n    port"
PERHAPS = BAD.replace("likely", "possible")

GOOGLE = "# config: provider=gke\n# config: network_mode="

VALID = [
    SERVICE + INGRESS.replace("alb", "nginx"),
    SERVICE.replace("spec: {", "spec: {type: NodePort, ") + INGRESS,
    SERVICE
    + INGRESS.replace(
        "{name: web}\nspec", "{name: web, annotations: {alb.ingress.kubernetes.io/target-type: ip}}\nspec"
    ),
    SERVICE + CLASSLESS,
    "# config: provider=gke\n" + SERVICE + CLASSLESS.replace("{name: web, port", PERHAPS),  # may be VPC-native
    GOOGLE + "vpc-native\n" + SERVICE + CLASSLESS,
    "# config: provider=gke\n" + SERVICE + INGRESS.replace("alb", "nginx"),
    "# config: provider=gke\n"
    + SERVICE.replace("{name: web}", "{name: web, annotations: {cloud.google.com/neg: '{\"ingress\": true}'}}")
    + CLASSLESS,
    INGRESS,
]
INVALID = [
    GOOGLE + "routes-based\n" + SERVICE + CLASSLESS.replace("{name: web, port", BAD.replace("likely", "proved")),
    SERVICE + INGRESS.replace("{name: web, port", BAD),
    "# config: provider=gke\n"
    + SERVICE.replace("{name: web}", "{name: web, annotations: {cloud.google.com/neg: '{\"ingress\": false}'}}")
    + CLASSLESS.replace("{name: web, port", BAD.replace("likely", "proved")),
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        seen: set[str] = set()
        for backend in ingress.backends():
            answer = world.ask(BackendReached(ingress, backend))
            if answer.holds or str(backend.name) in seen:
                continue
            seen.add(str(backend.name))
            yield Finding(
                at=ingress.at(backend.name_path),
                answer=answer,
                at_most=answer.at_most,
                message=f"{ingress} is served by {answer.controller}, which does not reach {answer.service}, a {answer.service.type}",
                related=((answer.service.at("spec.type"), "its type"),),
            )
