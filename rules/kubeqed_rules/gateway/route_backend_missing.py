"""A route leads to a Service, or to a port of one, that does not exist.

The route is accepted with `ResolvedRefs: False`. Requests for an HTTPRoute are answered
with 500, those for a GRPCRoute with UNAVAILABLE; connections for the others are refused.
Where a filter mirrors to it, nobody gets the copies. A backend names a port of the
Service itself, never that of its pods. A Route of OpenShift answers with 503; the name
of its `targetPort` is that of a port of the Service.
Correct the name, the namespace or the port.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.gatewayroute import BackendReference, GatewayRoute
from kubeqed.model.kinds.route import Route, RouteBackend
from kubeqed.prove.questions.openshift_routes import RoutePortNamed, RouteServiceExists
from kubeqed.prove.questions.route_backends import RouteBackendExists, RoutePortExists
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="backend of a route does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://gateway-api.sigs.k8s.io/reference/spec/#backendref",),
)

ROUTE = """
apiVersion: v1
kind: Service
metadata: {name: storefront}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
  - backendRefs:
"""
OPENSHIFT = """---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: shop}
spec:
  to: {kind: Service, name: storefront}
  port: {targetPort: http}
"""
NAMED = ROUTE.replace("{port: 80,", "{name: http, port: 80,").partition("---")[0] + OPENSHIFT
OPERATOR = "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: x}\n---"

VALID = [
    NAMED,
    NAMED.replace("targetPort: http", "targetPort: 8080"),
    NAMED.replace("targetPort: http", "targetPort: 9090"),  # pods need not declare it
    NAMED.replace("targetPort: http", "targetPort: '${PORT}'"),
    NAMED.replace("name: storefront}\n  port", "name: storefrnt, weight: 0}\n  port"),
    ROUTE + "    - {name: storefront, port: 80}",
    ROUTE + "    - {name: '${BACKEND}', port: 80}",
    ROUTE + "    - {name: storefrnt, kind: ServiceImport, group: multicluster.x-k8s.io, port: 80}",
    ROUTE + "    - {name: storefrnt, port: 80, weight: 0}",
    ROUTE + "    - {name: orders, port: 80}  # expect: route-backend-missing (possible)",
    ROUTE + "    - {name: storefront, port: '${PORT}'}  # expect: route-backend-missing (possible)",
    ROUTE.replace("spec: {selector", "spec: {type: ExternalName, externalName: a.example.com, selector")
    + "    - {name: storefront, port: 443}",
    OPERATOR + ROUTE + "    - {name: orders, port: 80}  # expect: route-backend-missing (possible)",
]
INVALID = [
    NAMED.replace("name: storefront}\n  port", "name: storefrnt}  # expect: 29 route-backend-missing (likely)\n  port"),
    NAMED.replace("http}", "web}  # expect: 22 route-backend-missing (likely)"),
    NAMED.replace("{name: http, port", "{port").replace("http}", "http}  # expect: route-backend-missing (likely)"),
    ROUTE + "    - {name: storefrnt, port: 80}  # expect: 14 route-backend-missing (likely)",
    ROUTE
    + '    - {name: storefront, port: 8080}  # expect: 32 route-backend-missing (proved) "8080 is the targetPort of 80"',
    ROUTE.replace("kind: HTTPRoute", "kind: TCPRoute")
    + "    - {name: storefront, port: 81}  # expect: route-backend-missing (proved)",
    ROUTE.replace("kind: HTTPRoute", "kind: TCPRoute")
    + '    - {name: storefrnt, port: 80}  # expect: route-backend-missing (likely) "so connections are refused"',
    ROUTE.replace("kind: HTTPRoute", "kind: GRPCRoute")
    + '    - {name: storefrnt, port: 80}  # expect: route-backend-missing (likely) "UNAVAILABLE"',
    ROUTE.replace("{name: storefront}", "{name: storefront, namespace: a}").replace(
        "{name: shop}", "{name: shop, namespace: b}"
    )
    + "    - {name: storefront, port: 80}  # expect: route-backend-missing (likely)",
    ROUTE
    + """    - {name: storefront, port: 80}
    filters:
    - requestMirror:
        backendRef: {name: storefront, port: 8080}  # expect: route-backend-missing (proved)
""",
    ROUTE
    + """    - name: abroad
      group: multicluster.x-k8s.io
      kind: ServiceImport
      filters:
      - requestMirror:
          backendRef: {name: storefrnt, port: 80}  # expect: route-backend-missing (likely) "gets the copies"
""",
    "# config: world=closed\n" + ROUTE + "    - {name: orders, port: 80}  # expect: route-backend-missing (proved)",
]


# What the Gateway API asks of an implementation where no backend of a rule is there.
_LOSSES = {
    "HTTPRoute": "requests are answered with 500",
    "GRPCRoute": "requests are answered with UNAVAILABLE",
    "UDPRoute": "packets are dropped",
}
_REFUSED = "connections are refused"


def check(world: World) -> Iterator[Finding]:
    for route in world.of(GatewayRoute):
        seen: set[object] = set()
        for backend in route.backends():
            key = str(backend.name), str(backend.namespace), str(backend.port)
            if key not in seen:  # one Service, or one port of it, would settle all of them
                yield from _judge_backend(world, route, backend)
            seen.add(key)

    for item in world.of(Route):
        for one in item.backends():
            yield from _judge_openshift(world, item, one)


def _judge_openshift(world: World, route: Route, backend: RouteBackend) -> Iterator[Finding]:
    exists, named = world.ask(RouteServiceExists(route, backend)), world.ask(RoutePortNamed(route, backend))
    if not exists.holds:
        place = route.at(f"{backend.path}.name")
        yield Finding(
            at=place,
            answer=exists,
            message=f"{route} leads to Service {backend.name}, which does not exist, so requests are answered with 503{exists.candidate}",
            related=exists.related,
            edit=(place, exists.meant) if exists.meant else None,
        )
    elif not named.holds:
        called = f"are called {named.names}" if named.names else "have no names"
        yield Finding(
            at=route.at("spec.port.targetPort"),
            answer=named,
            at_most=Certainty.LIKELY,  # of the router that OpenShift brings
            message=f"{route} leads to the port {route.target_port} of {named.service}, whose ports {called}",
            related=((named.service.at("spec.ports"), "the ports it has"),),
        )


def _judge_backend(world: World, route: GatewayRoute, backend: BackendReference) -> Iterator[Finding]:
    exists, has_port = world.ask(RouteBackendExists(route, backend)), world.ask(RoutePortExists(route, backend))
    if not exists.holds:
        place = route.at(f"{backend.path}.name")
        lost = "nobody gets the copies" if backend.is_mirror else _LOSSES.get(route.kind, _REFUSED)
        yield Finding(
            at=place,
            answer=exists,
            message=f"{route} leads to Service {backend.name}, which does not exist, so {lost}{exists.candidate}",
            related=exists.related,
            edit=(place, exists.meant) if exists.meant else None,
        )
    elif not has_port.holds:
        place = route.at(f"{backend.path}.port")
        yield Finding(
            at=place,
            answer=has_port,
            message=f"{route} leads to port {backend.port} of {has_port.service}, which has only {has_port.offered}",
            related=((has_port.service.at("spec.ports"), "the ports it has"),),
            edit=(place, has_port.meant) if has_port.meant else None,
        )
