"""A path looks like a regular expression, but its type compares it as it is written.

`Exact` and `Prefix` know no patterns: `/api/.*` matches that very text and nothing
else. ingress-nginx refuses such an Ingress since 1.12, unless it is told not to look.
Use `ImplementationSpecific` and what the controller asks for, or write a plain prefix.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.ingress_paths import PathIsLiteral, list_paths
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="pattern in a path that is compared literally",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types",
        "https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/",
    ),
)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: nginx
  rules:
  - http:
      paths:
      - backend: {service: {name: web, port: {number: 80}}}
"""

VALID = [
    INGRESS + "        pathType: Prefix\n        path: /api/v1.0/a_b-c",
    INGRESS + "        pathType: ImplementationSpecific\n        path: /api(/|$)(.*)",
    INGRESS + "        pathType: Prefix\n        path: ${PATH}",
    INGRESS + "        pathType: '${TYPE}'\n        path: /api/.*",
    INGRESS.replace("nginx", "ours")
    + "        pathType: Prefix\n        path: /a/*  # expect: path-pattern-literal (possible)",
]
INVALID = [
    INGRESS + "        pathType: Prefix\n        path: /api(/|$)(.*)  # expect: 15 path-pattern-literal (likely)",
    INGRESS + "        pathType: Exact\n        path: /api/[0-9]+  # expect: path-pattern-literal (likely)",
]


def check(world: World) -> Iterator[Finding]:
    for path in world.find(list_paths):
        answer = world.ask(PathIsLiteral(path))
        if not answer.holds:
            so = "ingress-nginx refuses it" if answer.is_refused else "it matches only that very text"
            yield Finding(
                at=path.place,
                answer=answer,
                at_most=None if answer.is_refused else Certainty.POSSIBLE,
                message=f"{path.ingress} has the pattern {path.entry.value} as a path of type {path.entry.type}, so {so}",
            )
