"""A Gateway does not admit a route, or a set of listeners, that names it.

A listener admits routes of its own namespace alone, unless `allowedRoutes` says
otherwise, and only kinds that fit its protocol. A route that no listener admits gets
the status `NotAllowedByListeners`, and nobody serves it.
Open `allowedRoutes` of the listener, or move the route.

A Gateway takes no listeners of ListenerSets, unless its `allowedListeners` says from
which namespaces.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.gatewayroute import GatewayRoute
from kubeqed.prove.questions.listener_sets import ADMITTED, ListenerSetAdmitted, list_listener_sets
from kubeqed.prove.questions.route_parents import RouteAdmitted
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="Gateway does not admit the route, or the ListenerSet",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes",
        "https://gateway-api.sigs.k8s.io/reference/spec/#allowedlisteners",
    ),
)

GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: ours
  listeners:
  - {name: web, port: 80, protocol: HTTP}
---
"""
ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: shop}
spec:
  parentRefs: [{name: public, namespace: edge}]
"""
REFUSED = ROUTE.replace("edge}]", "edge}]  # expect: 23 route-not-admitted (proved)")
SHOP = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n"
SELECTED = GATEWAY.replace(
    "HTTP}", "HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: b}}}}}"
)
SET = """
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: shop, namespace: shop}
spec:
  parentRef: {name: public, namespace: edge}
  listeners: [{name: shop, port: 81, protocol: HTTP}]
"""
OPEN = GATEWAY.replace("spec:\n", "spec:\n  allowedListeners: {namespaces: {from: All}}\n")
REFUSED_SET = SET.replace("edge}", "edge}  # expect: 21 route-not-admitted (proved)")

VALID = [
    OPEN + SET,
    OPEN.replace("All", "Same") + SET.replace("namespace: shop", "namespace: edge"),
    OPEN.replace("from: All", "from: Selector, selector: {matchLabels: {team: b}}") + SET,
    OPEN.replace("from: All", "from: Selector, selector: {matchLabels: {team: a}}") + SET + SHOP,
    SET,
    GATEWAY + ROUTE.replace("shop, namespace: shop", "shop, namespace: edge"),
    GATEWAY.replace("HTTP}", "HTTP, allowedRoutes: {namespaces: {from: All}}}") + ROUTE,
    GATEWAY.replace("HTTP}", "HTTP, allowedRoutes: '${ALLOWED}'}")
    + ROUTE.replace("edge}]", "edge}]  # expect: route-not-admitted (possible)"),
    SELECTED + ROUTE,  # the labels of the namespace are not seen
    SELECTED.replace("team: b", "team: a") + ROUTE + SHOP,
    SELECTED.replace("team: b", "kubernetes.io/metadata.name: shop") + ROUTE + SHOP,
    GATEWAY.replace(
        "protocol: HTTP}",
        "protocol: HTTP}\n  - {name: all, port: 81, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}",
    )
    + ROUTE,
    GATEWAY.replace("protocol: HTTP", "protocol: example.com/tunnel") + ROUTE,  # its implementation decides
    ROUTE,
]
INVALID = [
    GATEWAY + REFUSED_SET,
    OPEN.replace("All", "Same") + REFUSED_SET,
    OPEN.replace("from: All", "from: Selector, selector: {matchLabels: {team: b}}") + REFUSED_SET + SHOP,
    GATEWAY + REFUSED,
    SELECTED + REFUSED + SHOP,
    GATEWAY.replace("protocol: HTTP", "protocol: TCP, allowedRoutes: {namespaces: {from: All}}") + REFUSED,
    GATEWAY.replace("HTTP}", "HTTP, allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}}") + REFUSED,
    GATEWAY.replace(
        "protocol: HTTP}",
        "protocol: HTTP}\n  - {name: all, port: 81, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}",
    )
    + REFUSED.replace("name: public,", "name: public, sectionName: web,"),
]


def check(world: World) -> Iterator[Finding]:
    for route in world.of(GatewayRoute):
        for parent in route.parents:
            answer = world.ask(RouteAdmitted(route, parent))
            if not answer.holds:
                yield Finding(
                    at=route.at(f"{parent.path}.name"),
                    answer=answer,
                    message=f"{route} attaches to {answer.gateway}, but no listener there admits {route.kind}s of its namespace",
                    related=answer.related("allowedRoutes.namespaces.from", "what it admits"),
                )
    for item in world.find(list_listener_sets):
        admitted = world.ask(ListenerSetAdmitted(item))
        if not admitted.holds:
            yield Finding(
                at=item.at("spec.parentRef.name"),
                answer=admitted,
                message=f"{item} adds listeners to {admitted.gateway}, which admits none of its namespace",
                related=((admitted.gateway.at(f"{ADMITTED}.namespaces.from"), "what it admits"),),
            )
