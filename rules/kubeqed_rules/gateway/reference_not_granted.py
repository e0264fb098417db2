"""A route or a Gateway names an object of another namespace that is not granted to it.

A Service behind a route, and a Secret of a listener, may stand in another namespace
only where a ReferenceGrant *there* says so. Without one the reference is refused with
`RefNotPermitted`: that traffic is refused, or the listener has no certificate.
Add a ReferenceGrant to the other namespace. A Gateway as a parent needs none.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.route_backends import ReferenceGranted, list_cross_references
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="reference to another namespace is not granted",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # the grant stands beside what it grants, and that is seen
    since="0.1",
    references=("https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant",),
)

ROUTE = """
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front, namespace: edge}
spec:
  parentRefs: [{name: public, namespace: infra}]
  rules:
  - backendRefs:
"""
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: infra}
spec:
  gatewayClassName: ours
  listeners:
  - {name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: tls, namespace: shop}]}}"""
GRANT = """
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: front, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}]
  to: [{group: "", kind: Service}]
"""
REFUSED = "    - {name: orders, namespace: shop, port: 80}  # expect: 33 reference-not-granted (likely)"

VALID = [
    ROUTE + "    - {name: orders, namespace: shop, port: 80}" + GRANT,
    ROUTE + "    - {name: orders, namespace: shop, port: 80}" + GRANT.replace("Service}", "Service, name: orders}"),
    ROUTE + "    - {name: orders, namespace: edge, port: 80}",
    ROUTE.replace("front, namespace: edge", "front") + "    - {name: orders, namespace: shop, port: 80}",
    ROUTE + "    - {name: orders, namespace: '${NAMESPACE}', port: 80}",
    ROUTE
    + "    - {name: orders, namespace: shop, port: 80}  # expect: reference-not-granted (possible)"
    + GRANT.replace("namespace: edge", "namespace: '${NAMESPACE}'"),
    ROUTE + "    - {name: x, namespace: elsewhere, port: 80}  # expect: reference-not-granted (possible)",
    GATEWAY + "  # expect: reference-not-granted (possible)",  # nothing of the namespace is seen
]
INVALID = [
    ROUTE + REFUSED,
    ROUTE
    + REFUSED
    + GRANT.replace("metadata: {name: front, namespace: shop}", "metadata: {name: front, namespace: edge}"),
    ROUTE + REFUSED + GRANT.replace("HTTPRoute", "GRPCRoute"),
    ROUTE + REFUSED + GRANT.replace("Service}", "Service, name: payments}"),
    ROUTE + "    - {name: orders, port: 80}\n---" + GATEWAY + "  # expect: reference-not-granted (likely)" + GRANT,
    "# config: world=closed\n" + ROUTE + REFUSED.replace("likely", "proved"),
]


def check(world: World) -> Iterator[Finding]:
    for reference in world.find(list_cross_references):
        answer = world.ask(ReferenceGranted(reference))
        if not answer.holds:
            yield Finding(
                at=reference.place,
                answer=answer,
                at_most=None if answer.is_seen or answer.fails else Certainty.POSSIBLE,
                message=f"{reference.source} names {reference.target[1]} {reference.namespace}/{reference.name}, "
                "which no ReferenceGrant there lets it name, so the reference is refused",
            )
