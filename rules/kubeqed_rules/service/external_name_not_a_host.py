"""An ExternalName is no host name.

The Service becomes a CNAME record, and a CNAME names a host: a URL is refused
by the API server, and an IP address is taken for a name that no resolver
finds, so every lookup fails.
Write the bare host name; for an address use a Service without selector and an
EndpointSlice.

An ingress controller may dial the address itself, as Traefik and ingress-nginx
do. So an address that an Ingress, a route or a custom resource names is only a
possibility: pods of the cluster still do not find it. So is an address that
external-dns publishes under the host name of an annotation.
"""

import re
from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.routers import find_router
from kubeqed.rule import Certainty, Finding, Meta, World

# https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
_PUBLISHES = re.compile(r"external-dns\.[a-z0-9.-]+/(?:internal-)?hostname")

META = Meta(
    summary="ExternalName is no host name",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#externalname",),
    server=True,
)

PARTNER = """
apiVersion: v1
kind: Service
metadata: {name: partner}
"""

PUBLISHED = PARTNER.replace(
    "partner}", "partner, annotations: {external-dns.alpha.kubernetes.io/hostname: a.example.com}}"
)

ROUTE = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web}
spec: {routes: [{match: Host(`web.example`), services: [{name: partner, port: 443}]}]}
---"""

VALID = [
    PARTNER + "spec: {type: ExternalName, externalName: external.example.com}",
    PARTNER + "spec: {type: ExternalName, externalName: external.example.com.}",
    PARTNER + "spec: {type: ExternalName, externalName: '${HOST}'}",
]
INVALID = [
    PARTNER + "spec: {type: ExternalName, externalName: 203.0.113.7}  # expect: external-name-not-a-host",
    PARTNER + "spec: {type: ExternalName, externalName: 'https://example.com'}  # expect: external-name-not-a-host",
    ROUTE
    + PARTNER
    + "spec: {type: ExternalName, externalName: 203.0.113.7}  # expect: external-name-not-a-host (possible)",
    PUBLISHED + "spec: {type: ExternalName, externalName: 203.0.113.7}  # expect: external-name-not-a-host (possible)",
    ROUTE.replace("name: partner", "name: other")
    + PARTNER
    + "spec: {type: ExternalName, externalName: 203.0.113.7}  # expect: external-name-not-a-host (proved)",
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        name = service.external_name
        if (
            isinstance(service.type, str)
            and service.type == "ExternalName"
            and isinstance(name, str)
            and _is_ipv4(name)
        ):
            yield _make_finding(world, service, name)


def _make_finding(world: World, service: Service, name: str) -> Finding:
    unless = _find_use(world, service)
    return Finding(
        at=service.at("spec.externalName"),
        at_most=Certainty.POSSIBLE if unless else Certainty.PROVED,
        message=f"{service} names the address {name} as a host, which no resolver finds{unless}",
    )


def _find_use(world: World, service: Service) -> str:
    """Who may use the address without asking the DNS of the cluster, as the end of a message; empty for nobody."""
    if any(_PUBLISHES.fullmatch(key) for key in service.annotations.entries):
        return ", unless only external-dns reads it, which publishes the address"
    router = world.find(lambda graph: find_router(graph, service))
    return f", unless what follows {router} dials the address itself" if router else ""


def _is_ipv4(name: str) -> bool:
    import ipaddress  # few manifests hold an ExternalName

    try:
        ipaddress.IPv4Address(name.removesuffix("."))
    except ValueError:
        return False
    return True
