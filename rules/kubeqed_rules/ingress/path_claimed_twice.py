"""Two paths of a host are the same and lead to different Services.

One of them never gets a request, and which one is up to the controller: some take the
older Ingress, some the first of the list, some refuse the second.
Remove one of them, or tell them apart by host, path or class.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.ingress_paths import PathTakenOnce, list_paths
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="same path leads to two Services",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types",),
)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  ingressClassName: nginx
  rules:
  - host: example.com
    http:
      paths:
      - {path: /red, pathType: Prefix, backend: {service: {name: red, port: {number: 80}}}}
"""
BLUE = "      - {path: /red, pathType: Prefix, backend: {service: {name: blue, port: {number: 80}}}}"
OTHER = "---" + INGRESS.replace("{name: web}", "{name: other}").replace("{name: red", "{name: blue")

TWO_NAMESPACES = (
    INGRESS.replace("{name: web}", "{name: web, namespace: a}")
    + "---"
    + INGRESS.replace("{name: web}", "{name: web, namespace: b}").replace("80}}}}", "80}}}}%s")
)
WEIGHTED = INGRESS.replace(
    "{name: web}", "{name: web, annotations: {traefik.ingress.kubernetes.io/service-weights: 'red: 90%'}}"
)

VALID = [
    WEIGHTED + BLUE,
    INGRESS + BLUE.replace("/red", "/blue"),
    INGRESS + BLUE.replace("Prefix", "Exact"),
    INGRESS + BLUE.replace("/red", "/${PATH}"),
    INGRESS + BLUE.replace("name: blue", "name: red"),
    INGRESS + OTHER.replace("nginx", "internal"),
    INGRESS + OTHER.replace("example.com", "example.org"),
    (INGRESS + OTHER).replace("nginx", "alb"),  # each has a load balancer of its own
    (INGRESS + OTHER).replace("nginx", "tailscale").replace("- host: example.com\n    http", "- http"),
    INGRESS
    + OTHER.replace("{name: other}", '{name: other, annotations: {nginx.ingress.kubernetes.io/canary: "true"}}'),
    INGRESS + OTHER.replace("{name: other}", "{name: other, annotations: {nginx.org/mergeable-ingress-type: minion}}"),
    # two namespaces without a host: perhaps one application for two clusters
    (TWO_NAMESPACES % "").replace("- host: example.com\n    http", "- http"),
]
INVALID = [
    INGRESS + BLUE + '  # expect: 16 path-claimed-twice (proved) "example.com/red"',
    INGRESS + OTHER.replace("80}}}}", "80}}}}  # expect: path-claimed-twice (likely)"),
    (INGRESS + OTHER.replace("80}}}}", "80}}}}  # expect: path-claimed-twice (likely)")).replace("nginx", "ours"),
    TWO_NAMESPACES % '  # expect: path-claimed-twice (likely) "Service a/red"',
]


def check(world: World) -> Iterator[Finding]:
    for path in world.find(list_paths):
        answer = world.ask(PathTakenOnce(path))
        if not answer.holds:
            first = answer.first
            yield Finding(
                at=path.place,
                answer=answer,
                at_most=None if first.ingress is path.ingress else _at_most(world, first.ingress, path.ingress),
                message=f"{path.ingress} leads {path.shown} to {path.target}, and {first.ingress} leads it to {first.target}",
                related=((first.place, "the same path"),),
            )


def _at_most(world: World, one: Ingress, other: Ingress) -> Certainty:
    """Controllers choose between two Ingresses, if both are applied."""
    return world.limit_together(one, other) or Certainty.LIKELY
