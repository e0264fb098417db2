"""Routes of Gateways: who attaches, what may be named, and who is the source."""

from __future__ import annotations

import pytest
from tests.reach.samples import ingress, pod, service
from tests.reach.world import unit_of

from kubeqed.reach.policy.assumptions import SPECIFICATION
from kubeqed.reach.query.answer import EVERYTHING, ReachResult
from kubeqed.reach.query.pairs import list_pairs
from kubeqed.report.reach.formats.text import pair_lines

GATEWAY = """---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec:
  gatewayClassName: any
  listeners:
  - {name: http, port: 80, protocol: HTTP, hostname: "*.example.com", allowedRoutes: {namespaces: {from: All}}}
"""
ROUTE = """---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: gw, namespace: infra}]
  hostnames: [www.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"""
GRANT = """---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: app}]
  to: [{group: "", kind: Service, name: web}]
"""
BACKEND = pod("web") + service("web", 80, 8080)
ENTERS = "{ingress-controller} => shop/web[Pod] : TCP 8080"
ELSEWHERE = ROUTE.replace("namespace: shop", "namespace: app").replace(
    "{name: web, port: 80}", "{name: web, namespace: shop, port: 80}"
)


def _lines(text: str) -> list[str]:
    return pair_lines(list_pairs(ReachResult(unit_of(text)), EVERYTHING)).splitlines()


@pytest.mark.parametrize(
    ("text", "enters"),
    [
        (GATEWAY + ROUTE, True),
        (ROUTE, True),
        (GATEWAY.replace("{from: All}", "{from: Same}") + ROUTE, False),
        (GATEWAY.replace("{from: All}", "{from: None}") + ROUTE, False),
        (
            GATEWAY.replace("from: All", "from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: shop}}")
            + ROUTE,
            True,
        ),
        (GATEWAY + ROUTE.replace("www.example.com", "example.com"), False),
        (GATEWAY + ROUTE.replace("www.example.com", "'*.example.com'"), True),
        (GATEWAY.replace("protocol: HTTP", "protocol: TCP") + ROUTE, False),
        (GATEWAY + ROUTE.replace("namespace: infra}]", "namespace: infra, sectionName: https}]"), False),
        (GATEWAY + ROUTE.replace("port: 80}]}]", "port: 80, weight: 0}]}]"), False),
        (GATEWAY + ROUTE.replace("port: 80}]}]", "port: 8080}]}]"), False),
        (GATEWAY + ELSEWHERE, False),
        (GATEWAY + ELSEWHERE + GRANT, True),
        (GATEWAY + ELSEWHERE + GRANT.replace("name: web}]", "name: other}]"), False),
    ],
)
def test_a_route_enters_where_a_listener_admits_it_and_its_backend_is_granted(text: str, enters: bool) -> None:
    assert (ENTERS in _lines(BACKEND + text)) is enters


def test_the_pods_of_a_gateway_are_the_source_themselves() -> None:
    made = pod("gw", "infra").replace('"app": "gw"', '"gateway.networking.k8s.io/gateway-name": "gw"')
    assert ENTERS not in _lines(BACKEND + GATEWAY + ROUTE + made)


def test_a_udp_route_leads_to_udp_ports_only() -> None:
    route = ROUTE.replace("HTTPRoute", "UDPRoute").replace("  hostnames: [www.example.com]\n", "")
    gateway = GATEWAY.replace("protocol: HTTP", "protocol: UDP")
    assert not [line for line in _lines(BACKEND + gateway + route) if "ingress-controller" in line]
    udp = service("web", 80, 8080, ports=[{"port": 80, "protocol": "UDP", "targetPort": 8080}])
    assert "{ingress-controller} => shop/web[Pod] : UDP 8080" in _lines(pod("web") + udp + gateway + route)


@pytest.mark.parametrize(
    ("kind", "protocol"), [("GRPCRoute", "HTTPS"), ("TLSRoute", "TLS"), ("TCPRoute", "TCP"), ("TCPRoute", "TLS")]
)
def test_each_kind_of_route_attaches_to_listeners_of_its_protocol(kind: str, protocol: str) -> None:
    gateway = GATEWAY.replace("protocol: HTTP", f"protocol: {protocol}")
    assert ENTERS in _lines(BACKEND + gateway + ROUTE.replace("HTTPRoute", kind))
    assert ENTERS not in _lines(BACKEND + gateway.replace(protocol, "UDP") + ROUTE.replace("HTTPRoute", kind))


def _caveats(text: str) -> list[str]:
    return [caveat.text for caveat in ReachResult(unit_of(text)).caveats]


def test_a_route_of_the_mesh_lets_nobody_in_and_is_no_mistake() -> None:
    mesh = ROUTE.replace("{name: gw, namespace: infra}", "{group: '', kind: Service, name: web}")
    assert ENTERS not in _lines(GATEWAY + mesh + BACKEND)
    assert _caveats(GATEWAY + mesh + BACKEND) == []
    assert _caveats(GATEWAY.replace("All", "Same") + ROUTE + BACKEND) == [
        "no listener of a Gateway admits it: it is left out"
    ]


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("port: 80", []),
        ("port: 8080", ["Service shop/web has no TCP port 8080: the backend is left out"]),
        ("weight: 1", ["no port of Service shop/web is named: the backend is left out"]),
    ],
)
def test_a_backend_whose_port_is_not_there_is_said(port: str, said: list[str]) -> None:
    assert _caveats(GATEWAY + ROUTE.replace("port: 80}]}", f"{port}}}]}}") + BACKEND) == said


@pytest.mark.parametrize(
    ("port", "said"),
    [
        (80, []),
        (8080, ["Service shop/web has no port 8080: that is where its port 80 leads, which is taken instead"]),
        (81, ["Service shop/web has no port 81: the backend is left out"]),
    ],
)
def test_an_ingress_that_names_another_port_is_told_which_is_taken(port: int, said: list[str]) -> None:
    text = BACKEND + ingress("in", "web", port)
    assert _caveats(text) == said
    assert (ENTERS in _lines(text)) is (port != 81)


def test_a_gateway_leads_nowhere_where_no_controller_is_unless_its_pods_are_here() -> None:
    none = SPECIFICATION._replace(controllers=())
    assert ENTERS not in pair_lines(list_pairs(ReachResult(unit_of(BACKEND + GATEWAY + ROUTE), none), EVERYTHING))
    made = pod("made", "infra").replace('"app": "made"', '"gateway.networking.k8s.io/gateway-name": "gw"')
    answer = ReachResult(unit_of(BACKEND + GATEWAY + ROUTE + made), none)
    assert [str(entry.sources[0].workload) for entry in answer.entries.all] == ["Pod infra/made"]


def test_a_backend_that_is_a_host_elsewhere_is_said_once() -> None:
    """An ExternalName needs no ports: that it has none is no second fault."""
    spec = "{type: ExternalName, externalName: a.example.com}"
    service = f"---\n{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: shop}}, spec: {spec}}}\n"
    said = ["Service shop/web names a host and no pods: the backend is left out"]
    assert _caveats(service + ingress("in", "web", 443)) == said
    assert _caveats(GATEWAY + ROUTE + service) == said
