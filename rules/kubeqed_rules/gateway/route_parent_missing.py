"""A route names a Gateway that does not exist.

The route is accepted and no controller takes it up: its status stays empty, and the
hosts and paths that it states are served by nobody.
Correct the name or the namespace of the parent, or add the Gateway.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.gatewayroute import GatewayRoute
from kubeqed.prove.questions.route_parents import RouteParentExists
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="parent Gateway does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://gateway-api.sigs.k8s.io/reference/spec/#parentreference",),
)

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec: {gatewayClassName: ours, listeners: [{name: web, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  rules: [{backendRefs: [{name: shop, port: 80}]}]
  parentRefs:
"""

VALID = [
    ROUTE + "  - {name: public, namespace: edge}",
    ROUTE + "  - {name: '${GATEWAY}', namespace: edge}",
    ROUTE + "  - {name: publc, kind: Service, group: ''}",  # the mesh
    ROUTE + "  - {name: publc, kind: ListenerSet}",
    ROUTE + "  - {name: internal, namespace: edge}  # expect: route-parent-missing (possible)",
    ROUTE.replace(", namespace: edge}\nspec", "}\nspec")
    + "  - {name: public, namespace: edge}  # expect: route-parent-missing (possible)",
]
INVALID = [
    ROUTE + "  - {name: publc, namespace: edge}  # expect: 12 route-parent-missing (likely)",
    ROUTE + '  - {name: public}  # expect: route-parent-missing (likely) "in another namespace"',
    "# config: world=closed\n"
    + ROUTE
    + "  - {name: internal, namespace: edge}  # expect: route-parent-missing (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for route in world.of(GatewayRoute):
        for parent in route.parents:
            answer = world.ask(RouteParentExists(route, parent))
            if answer.holds:
                continue
            place = route.at(f"{parent.path}.name")
            yield Finding(
                at=place,
                answer=answer,
                message=f"{route} attaches to Gateway {parent.name}, which does not exist, so no Gateway serves it{answer.candidate}",
                related=answer.related,
                edit=(place, answer.meant) if answer.meant else None,
            )
