"""A Service takes over traffic to addresses that it states itself, `externalIPs`.

Every node sends what is meant for such an address to the Service, whoever owns it:
whoever may write Services can read other people's traffic (CVE-2020-8554). The field is
deprecated since Kubernetes 1.36.
Use a LoadBalancer or a Gateway, and switch the field off with an admission plug-in.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="Service takes over external addresses",
    certainty=Certainty.POSTURE,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
        "https://github.com/kubernetes/kubernetes/issues/97076",
    ),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""

VALID = [SERVICE, SERVICE + "  externalIPs: []", SERVICE + "  type: LoadBalancer"]
INVALID = [SERVICE + "  externalIPs: [192.0.2.1]  # expect: 17 external-ips-open (posture)"]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        if service.external_ips.items:
            yield Finding(
                at=service.at("spec.externalIPs[0]"),
                message=f"{service} takes over what is sent to {service.external_ips.items[0]}, whoever owns the address",
            )
