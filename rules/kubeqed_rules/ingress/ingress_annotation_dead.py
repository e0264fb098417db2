"""An annotation of an Ingress is not read by the controller that serves it.

Each controller reads annotations with a prefix of its own and passes over all others:
the rewrite, the limit or the protection that the annotation asks for does not happen.
`ingress.kubernetes.io/` was the prefix of ingress-nginx before 0.9.
An annotation that is misspelt is passed over, too.
Write it as the controller of the class reads it, or correct the class.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.ingress_controller import AnnotationRead, AnnotationSpelt
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="controller does not read the annotation",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/",),
    sources="ingress",
)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    KEY: "/"
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: web, port: {number: 80}}}
"""
EXPECTED = '"/"  # expect: 5 ingress-annotation-dead (likely)'
OURS = """---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
"""

VALID = [
    INGRESS.replace("KEY", "nginx.ingress.kubernetes.io/auth-tls-secret"),
    INGRESS.replace("KEY", "nginx.ingress.kubernetes.io/something-new"),
    INGRESS.replace("KEY", "nginx.org/rewrite-targt"),
    INGRESS.replace("KEY", "nginx.ingress.kubernetes.io/rewrite-target"),
    INGRESS.replace("KEY", "nginx.org/rewrites"),  # the class may be that of the other one
    INGRESS.replace("KEY", "example.com/owner"),
    INGRESS.replace("KEY", "ingress.kubernetes.io/rewrite-target").replace("nginx", "haproxy"),
    INGRESS.replace("KEY", "ingress.kubernetes.io/rewrite-target").replace("nginx", "ours"),
    INGRESS.replace('KEY: "/"', 'nginx.org/rewrites: "/"\n    nginx.ingress.kubernetes.io/rewrite-target: "/"') + OURS,
]
INVALID = [
    INGRESS.replace(
        'KEY: "/"', 'nginx.ingress.kubernetes.io/rewrite-targt: "/"  # expect: 5 ingress-annotation-dead (likely)'
    ),
    INGRESS.replace(
        'KEY: "/"', 'nginx.ingress.kubernetes.io/ssl_redirect: "true"  # expect: ingress-annotation-dead (likely)'
    ),
    INGRESS.replace("KEY", "ingress.kubernetes.io/rewrite-target").replace('"/"', EXPECTED),
    INGRESS.replace("KEY", "nginx.org/rewrites").replace('"/"', EXPECTED) + OURS,
    INGRESS.replace("KEY", "alb.ingress.kubernetes.io/scheme").replace('"/"', EXPECTED),
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        dead = [
            (key, answer)
            for key in ingress.annotations.entries
            if not (answer := world.ask(AnnotationRead(ingress, key))).holds
        ]
        for key, answer in dead[:1]:  # one class would settle all of them
            yield Finding(
                at=ingress.key_at(ingress.annotations.path_of(key)),
                answer=answer,
                at_most=Certainty.POSSIBLE if answer.is_left_over else None,
                message=f"{ingress} is served by {answer.serving}, which does not read {key}",
                related=tuple(
                    (ingress.key_at(ingress.annotations.path_of(one)), "nor this one") for one, _ in dead[1:]
                ),
            )
        for key in ingress.annotations.entries:
            spelt = world.ask(AnnotationSpelt(key))
            if not spelt.holds:
                yield Finding(
                    at=ingress.key_at(ingress.annotations.path_of(key)),
                    answer=spelt,
                    message=f"{ingress} has the annotation {key}, which {spelt.controller} does not read; it reads {spelt.meant}",
                )
