"""A Service of type LoadBalancer for which nothing hands out an address.

Kubernetes itself has no load balancer: a cloud brings one, elsewhere MetalLB, kube-vip,
Cilium or another has to be installed. Without one the Service stays `<pending>`, and
only its node ports answer.
Install a load balancer, or state the platform in `kubeqed.yaml`.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.load_balancers import AddressHandedOut
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="nothing hands out an address to the LoadBalancer",
    certainty=Certainty.LIKELY,
    when_unseen=WhenUnseen.LIKELY,  # where the platform is stated
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",),
)

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
  type: LoadBalancer"""
POOL = """
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: all, namespace: metallb-system}
spec: {addresses: [192.0.2.0/24]}
"""
OTHER = "\n---" + SERVICE.replace("{name: web}", "{name: api}")

VALID = [
    SERVICE + "  # expect: load-balancer-without-provider (possible)",
    "# config: provider=gke\n" + SERVICE,
    "# config: load_balancer=metallb\n" + SERVICE,
    "# config: provider=on_prem\n" + SERVICE + POOL,
    "# config: provider=on_prem\n" + SERVICE + "\n  loadBalancerClass: example.com/ours",
    "# config: provider=on_prem\n" + SERVICE.replace("LoadBalancer", "'${TYPE}'"),
]
INVALID = [
    "# config: provider=on_prem\n" + SERVICE + "  # expect: 9 load-balancer-without-provider (likely)" + OTHER,
    "# config: load_balancer=none\n" + SERVICE + "  # expect: load-balancer-without-provider (likely)",
]


def check(world: World) -> Iterator[Finding]:
    found = [(one, answer) for one in world.of(Service) if not (answer := world.ask(AddressHandedOut(one))).holds]
    for service, answer in found[:1]:  # one load balancer would settle all of them
        others = tuple((one.at("spec.type"), "this one too") for one, _ in found[1:])
        stated = f": {answer.platform} is stated for the cluster" if answer.platform else ""
        yield Finding(
            at=service.at("spec.type"),
            answer=answer,
            at_most=answer.at_most,
            message=f"{service} waits for an address that nothing hands out{stated}",
            related=others,
        )
