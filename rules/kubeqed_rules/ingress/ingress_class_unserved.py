"""An Ingress names a class that no controller serves, or none where one is needed.

Every controller leaves it to the others: the Ingress is accepted, gets no address, and
its hosts answer with 404. The class is an IngressClass by name, or what a controller
takes for its own (`nginx`, `traefik`) or was told to take by its arguments.
Name a class that is there, or make one the default.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.ingress_class import IngressServed
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="no controller serves the class of the Ingress",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class",),
    sources="ingress",
)

CLASS = """
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: internal}
spec: {controller: k8s.io/ingress-nginx}
---
"""
INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
"""
CONTROLLER = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: system-a}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: c, image: registry.k8s.io/ingress-nginx/controller:v1.12.0, args: [--ingress-class=system_a]}
---
"""
ANNOTATED = INGRESS.replace(
    "{name: web}\nspec", "{name: web, annotations: {kubernetes.io/ingress.class: CLASS}}\nspec", 1
)

VALID = [
    CLASS + INGRESS + "  ingressClassName: internal",
    CLASS + INGRESS + "  ingressClassName: '${CLASS}'",
    INGRESS + "  ingressClassName: nginx",
    INGRESS,
    INGRESS + "  ingressClassName: ours  # expect: ingress-class-unserved (possible)",
    CONTROLLER + ANNOTATED.replace("CLASS", "system_a"),
    ANNOTATED.replace("CLASS", "azure/application-gateway"),
    CLASS.replace("internal}", "internal, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}")
    + INGRESS,
    CLASS + INGRESS.replace("spec:", "spec:  # expect: ingress-class-unserved (possible)"),
    "# config: provider=gke\n" + CLASS + INGRESS,
]
INVALID = [
    CLASS + INGRESS + "  ingressClassName: interal  # expect: 21 ingress-class-unserved (likely)",
    INGRESS + '  ingressClassName: ngnix  # expect: ingress-class-unserved (likely) "well-known"',
    CONTROLLER
    + ANNOTATED.replace("CLASS}}", 'system-a}}  # expect: ingress-class-unserved (likely) "takes the class system_a"'),
    "# config: world=closed\n"
    + CLASS
    + INGRESS
    + "  ingressClassName: ours  # expect: ingress-class-unserved (proved)",
    "# config: world=closed\n" + CLASS + INGRESS.replace("spec:", "spec:  # expect: ingress-class-unserved (proved)"),
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        answer = world.ask(IngressServed(ingress))
        if answer.holds:
            continue
        named = ingress.named_class
        place = ingress.at("spec" if named is None else named.path)
        what = (
            "names no class, and none is the default"
            if named is None
            else f"has the class {named.name}, which no controller serves"
        )
        yield Finding(
            at=place,
            answer=answer,
            message=f"{ingress} {what}{answer.candidate}",
            related=answer.related,
            edit=(place, answer.meant) if answer.meant else None,
        )
