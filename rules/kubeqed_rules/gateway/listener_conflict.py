"""A listener of a Gateway cannot be told from another, or cannot work.

Port, protocol and hostname together are what tells the listeners of a Gateway
apart: the API server refuses two that share them. A listener for HTTPS needs
`tls` with a certificate, or it has nothing to answer with; the server accepts
it all the same, because some clouds bring certificates of their own, by an
annotation, by parameters of the class, or by the hostname. Where the class is
not among the manifests, that is only possible.
Give each listener a hostname or a port of its own, and HTTPS its certificate.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.gateway import Gateway, GatewayClass
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="listeners of a Gateway clash or lack a certificate",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=(
        "https://gateway-api.sigs.k8s.io/reference/spec/#listener",
        "https://gateway-api.sigs.k8s.io/guides/tls/",
        "https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway",
    ),
    server=True,
)

# Google's load balancers take certificates by annotation, Amazon's by hostname; Kong answers with one of its own where none is given.
_WITH_CERTIFICATES = ("gke-", "kong")
_CONTROLLERS_WITH_CERTIFICATES = ("networking.gke.io/", "gateway.k8s.aws/", "konghq.com/")

EDGE = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  gatewayClassName: ours
  listeners:
"""
SHOP = "  - {name: shop, port: 80, protocol: HTTP, hostname: shop.example.com}\n"
WEB = "  - {name: web, port: 80, protocol: HTTP}\n"

OURS = """
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: ours}
spec:
  controllerName: example.com/ours"""
EDGE_TO_HTTPS = f"\n---{EDGE}  - {{name: web, port: 443, protocol: HTTPS}}"

VALID = [
    EDGE + SHOP + WEB,
    EDGE + SHOP + "  - {name: bank, port: 80, protocol: HTTP, hostname: bank.example.com}",
    EDGE + SHOP + "  - {name: bank, port: 80, protocol: HTTP, hostname: '${HOST}'}",
    EDGE + "  - {name: dns, port: 53, protocol: TCP}\n  - {name: dns-udp, port: 53, protocol: UDP}",
    EDGE + "  - {name: web, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: web}]}}",
    EDGE + "  - {name: web, port: 443, protocol: HTTPS, tls: '${TLS}'}",
    EDGE.replace("{name: edge}", "{name: edge, annotations: {networking.gke.io/certmap: ours}}")
    + "  - {name: web, port: 443, protocol: HTTPS}",
    EDGE.replace("gatewayClassName: ours", "gatewayClassName: gke-l7-global-external-managed")
    + "  - {name: web, port: 443, protocol: HTTPS}",
    EDGE.replace("gatewayClassName: ours", "gatewayClassName: kong") + "  - {name: web, port: 443, protocol: HTTPS}",
    EDGE.replace(
        "  listeners", "  infrastructure: {parametersRef: {group: example.com, kind: Balancer, name: b}}\n  listeners"
    )
    + "  - {name: web, port: 443, protocol: HTTPS}",
    OURS + "\n  parametersRef: {group: '', kind: Secret, name: ours}" + EDGE_TO_HTTPS,
    OURS.replace("example.com/ours", "gateway.k8s.aws/alb") + EDGE_TO_HTTPS,
]
INVALID = [
    EDGE + WEB + "  - {name: again, port: 80, protocol: HTTP}  # expect: 25 listener-conflict (rejected)",
    EDGE + SHOP + SHOP.replace("{name: shop", "{name: again").replace("}", "}  # expect: listener-conflict"),
    EDGE + "  - {name: web, port: 443, protocol: HTTPS}  # expect: 38 listener-conflict (possible)",
    OURS + EDGE_TO_HTTPS.replace("HTTPS}", "HTTPS}  # expect: 38 listener-conflict (likely)"),
    OURS
    + f"\n---{EDGE}{WEB}  - {{name: secure, port: 443, protocol: HTTPS, hostname: a.example.com}}  # expect: listener-conflict",
]


def check(world: World) -> Iterator[Finding]:
    classes = {one.name: one for one in world.of(GatewayClass) if isinstance(one.name, str)}
    for gateway in world.of(Gateway):
        its_class = classes.get(gateway.class_name) if isinstance(gateway.class_name, str) else None
        for listener in gateway.listeners if not _may_have_others(gateway, its_class) else ():
            if isinstance(listener.protocol, str) and listener.protocol == "HTTPS" and listener.tls is False:
                yield Finding(
                    at=gateway.at(f"{listener.path}.protocol"),
                    at_most=Certainty.LIKELY if its_class is not None else Certainty.POSSIBLE,
                    message=f"{gateway} listens for HTTPS without tls, so it has no certificate to answer with"
                    + ("" if its_class is not None else ", unless what serves its class brings one"),
                )


def _may_have_others(gateway: Gateway, its_class: GatewayClass | None) -> bool:
    """Whether certificates may come from elsewhere than the listeners: a cloud's class, parameters, annotations."""
    name, annotations = gateway.class_name, gateway.annotations
    by_class = not isinstance(name, str) or name.startswith(_WITH_CERTIFICATES)
    if its_class is not None:
        controller = its_class.controller
        brings = not isinstance(controller, str) or controller.startswith(_CONTROLLERS_WITH_CERTIFICATES)
        by_class |= brings or its_class.parameters is not False
    by_annotation = annotations.more is not None or any("cert" in key for key in annotations.entries)
    return by_class or by_annotation or gateway.parameters is not False
