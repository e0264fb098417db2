"""An Ingress has a certificate for a host to which none of its rules leads.

The certificate is loaded, and requests for the host still go to no rule of this
Ingress: mostly the host is written in two ways, and the other one has no certificate.
Write the host of the rule under `tls`, or take it out.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.prove.questions.ingress_paths import TlsHostRouted
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="host has a certificate and no rule",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",),
)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
  - host: a.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  tls:
"""

VALID = [
    INGRESS + "  - hosts: [a.example.com]",
    INGRESS + "  - hosts: ['*.example.com']",
    INGRESS.replace("host: a.", "host: '*.").replace(".com\n", ".com'\n") + "  - hosts: [b.example.com]",
    INGRESS + "  - hosts: ['${HOST}']",
    INGRESS.replace("host: a.example.com\n    ", "") + "  - hosts: [b.example.com]",
    INGRESS.replace("host: a.example.com", "host: '${HOST}'") + "  - hosts: [b.example.com]",
    INGRESS.replace("spec:", "spec:\n  defaultBackend: {service: {name: b, port: {number: 80}}}")
    + "  - hosts: [b.example.com]",
]
INVALID = [
    INGRESS.replace("a.example", "a.b.example") + "  - hosts: ['*.example.com']  # expect: tls-host-unrouted (posture)",
    INGRESS + "  - hosts: [b.example.com]  # expect: 13 tls-host-unrouted (posture)",
    INGRESS + "  - hosts: [a.example.com, example.com]  # expect: 28 tls-host-unrouted (posture)",
]


def check(world: World) -> Iterator[Finding]:
    for ingress in world.of(Ingress):
        for tls in ingress.tls:
            for index, host in enumerate(tls.hosts):
                if not world.ask(TlsHostRouted(ingress, host)).holds:
                    yield Finding(
                        at=ingress.at(f"{tls.path}.hosts[{index}]"),
                        message=f"{ingress} has a certificate for {host}, to which none of its rules leads",
                    )
