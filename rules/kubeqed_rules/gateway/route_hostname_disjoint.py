"""The hostnames of a route and those of the listeners that it names never meet.

A listener with a hostname takes only routes that share a host with it, where
`*.example.com` stands for any host below `example.com`, not for that one. A route with
none gets the status `NoMatchingListenerHostname`, and nobody serves it.
Correct the hostname, or attach the route to another listener.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.gatewayroute import GatewayRoute
from kubeqed.prove.questions.route_parents import RouteHostnamesMeet
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="no listener serves a hostname of the route",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://gateway-api.sigs.k8s.io/reference/spec/#listener",),
)

ROUTE = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: ours, listeners: [{name: web, port: 80, protocol: HTTP, hostname: "*.example.com"}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
"""
ALL = ROUTE.replace(
    "protocol: HTTP, hostname",
    "protocol: HTTP}, {name: all, port: 81, protocol: HTTP}, {name: c, port: 82, protocol: HTTP, hostname",
)

VALID = [
    ROUTE + "  hostnames: [shop.example.com]",
    ROUTE + "  hostnames: [a.b.example.com, shop.example.org]",
    ROUTE + "  hostnames: ['*.shop.example.com']",
    ROUTE + "  hostnames: []",
    ROUTE + "  hostnames: ['${HOST}']  # expect: route-hostname-disjoint (possible)",
    ROUTE.replace('"*.example.com"', "'${HOST}'")
    + "  hostnames: [a.example.org]  # expect: route-hostname-disjoint (possible)",
    ALL + "  hostnames: [a.example.org]",
    ROUTE.replace("protocol: HTTP", "protocol: TCP") + "  hostnames: [a.example.org]",  # not admitted
]
INVALID = [
    ROUTE + '  hostnames: [a.example.org]  # expect: 15 route-hostname-disjoint (proved) "only *.example.com"',
    ROUTE + "  hostnames: [example.com]  # expect: route-hostname-disjoint (proved)",
    ROUTE + "  hostnames: [example.com, '*.example.org']  # expect: route-hostname-disjoint (proved)",
    ALL.replace("{name: public}]", "{name: public, sectionName: c}]")
    + "  hostnames: [a.example.org]  # expect: route-hostname-disjoint (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for route in world.of(GatewayRoute):
        for parent in route.parents:
            answer = world.ask(RouteHostnamesMeet(route, parent))
            if not answer.holds:
                yield Finding(
                    at=route.at("spec.hostnames[0]"),
                    answer=answer,
                    message=f"no hostname of {route} is one that {answer.gateway} serves there, which is only {answer.hostnames}",
                    related=answer.related("hostname", "what the listener serves"),
                )
