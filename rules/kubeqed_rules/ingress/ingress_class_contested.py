"""Two controllers take an Ingress, or two classes are the default.

Some controllers take every Ingress that names no class, nghttpx and Traefik among
them; two of them fight over its address and answer differently. With two default
classes the server chooses one of them, or refuses every Ingress without a class.
Name a class in the Ingress, and make one class the default.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.ingressclass import IngressClass
from kubeqed.prove.questions.ingress_class import OneDefaultClass, OneTakesUnclassed
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="two controllers take the Ingress",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class",),
    sources="ingress",
)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:  # expect: ingress-class-contested (likely) "nghttpx"
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
"""
CLEAN = INGRESS.replace('  # expect: ingress-class-contested (likely) "nghttpx"', "")
NGINX = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - name: c
        image: registry.k8s.io/ingress-nginx/controller:v1.12.0
        args: [--watch-ingress-without-class]
---
"""
OTHER = (
    NGINX.replace("registry.k8s.io/ingress-nginx/controller:v1.12.0", "zlabjp/nghttpx-ingress-controller:v0.60")
    .replace("--watch-ingress-without-class", "--a")
    .replace("{name: nginx}", "{name: nghttpx}")
)
CLASS = """
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: a, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
spec: {controller: k8s.io/ingress-nginx}
---
"""

VALID = [
    CLEAN + NGINX,
    CLEAN + NGINX.replace("--watch-ingress-without-class", "--a") + OTHER,
    CLEAN + NGINX + OTHER.replace("--a", "--require-ingress-class"),
    CLEAN.replace("spec:\n", "spec:\n  ingressClassName: nginx\n") + NGINX + OTHER,
    CLEAN + CLASS + NGINX + OTHER,
    CLEAN.replace("name: web}\nspec", "name: web, namespace: a}\nspec")
    + NGINX.replace("--watch", "--watch-namespace=b, --watch")
    + OTHER,
    CLASS + CLASS.replace("name: a", "name: b").replace('"true"', '"false"'),
]
INVALID = [
    INGRESS + NGINX + OTHER,
    CLASS
    + CLASS.replace("{name: a", "{name: b").replace('"true"}}', '"true"}}  # expect: ingress-class-contested (likely)'),
    CLEAN
    + CLASS
    + CLASS.replace("{name: a", "{name: b").replace('"true"}}', '"true"}}  # expect: ingress-class-contested (likely)'),
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        answer = world.ask(OneTakesUnclassed(ingress))
        if not answer.holds:
            takers = " and ".join(str(one.workload) for one in answer.takers[:2])
            yield Finding(
                at=ingress.at("spec"),
                answer=answer,
                message=f"{ingress} names no class, and both {takers} take it",
                related=answer.related,
            )
    for ingress_class in world.of(IngressClass):
        default = world.ask(OneDefaultClass(ingress_class))
        if not default.holds:
            key = 'metadata.annotations["ingressclass.kubernetes.io/is-default-class"]'
            yield Finding(
                at=ingress_class.at(key),
                answer=default,
                message=f"{ingress_class} is the default class, and so is {default.first}",
                related=((default.first.at(key), "the other one"),),
            )
