"""A route names a listener that its Gateway does not have.

`sectionName` is the name of a listener, and `port` its port. Without a match the
Gateway refuses the route with `NoMatchingParent`: nobody serves it.
Name a listener of the Gateway, or leave the field out to attach to all of them.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.gatewayroute import GatewayRoute
from kubeqed.prove.questions.route_parents import RouteListenerExists
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="Gateway does not have the listener",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://gateway-api.sigs.k8s.io/reference/spec/#parentreference",),
)

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: ours, listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules: [{backendRefs: [{name: shop, port: 80}]}]
  parentRefs:
"""
SET = "apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: more}\n---"

VALID = [
    ROUTE + "  - {name: public, sectionName: https}",
    ROUTE + "  - {name: public, port: 443}",
    ROUTE + "  - {name: public, sectionName: '${LISTENER}'}  # expect: route-listener-missing (possible)",
    ROUTE.replace("[{name: https, ", "[{name: '${NAME}', ")
    + "  - {name: public, sectionName: web}  # expect: route-listener-missing (possible)",
    ROUTE + "  - {name: internal, sectionName: web}",
    SET + ROUTE + "  - {name: public, sectionName: web}",
]
INVALID = [
    ROUTE + "  - {name: public, sectionName: http}  # expect: 33 route-listener-missing (proved)",
    ROUTE + '  - {name: public, port: 80}  # expect: 26 route-listener-missing (proved) "only https (443)"',
    ROUTE + "  - {name: public, sectionName: https, port: 80}  # expect: route-listener-missing (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for route in world.of(GatewayRoute):
        for parent in route.parents:
            answer = world.ask(RouteListenerExists(route, parent))
            if answer.holds:
                continue
            wrong = [f"listener {parent.section}"] if parent.section is not None else []
            wrong += [f"port {parent.port}"] if parent.port is not None else []
            place = route.at(f"{parent.path}.{'port' if parent.section is None else 'sectionName'}")
            yield Finding(
                at=place,
                answer=answer,
                message=f"{route} attaches to {' and '.join(wrong)} of {answer.gateway}, which has only {answer.offered}",
                related=((answer.gateway.at("spec.listeners"), "the listeners it has"),),
                edit=(place, answer.meant) if answer.meant and parent.port is None else None,
            )
