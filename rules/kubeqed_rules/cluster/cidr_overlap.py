"""Two ranges of addresses meet that must be apart.

The ranges of nodes, pods and Services, of load balancers' pools and of networks that the
cluster reaches each mean something else. An address of two of them is routed to one:
what has it in the other range cannot be reached, and nothing reports an error.
Choose another range for one of them, before the cluster is made.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.cidr_overlaps import list_overlaps
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="ranges of addresses overlap",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://learn.microsoft.com/en-us/azure/aks/concepts-network-ip-address-planning",
        "https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/",
    ),
    sources="ipam",
)

STATED = """# file: kubeqed.yaml
cluster:
  provider: on_prem
  service_cidr: 10.96.0.0/12
  pod_cidr: 10.244.0.0/16
  node_cidr: 10.0.0.0/16
"""
EXPECTED = "10.100.0.0/16  # expect: 13 cidr-overlap (proved)"
POOL = """apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: first, namespace: metallb-system}
spec: {addresses: [192.0.2.0/28]}
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: second, namespace: metallb-system}
spec:
  addresses:
  - 192.0.2.16-192.0.2.20
"""
KUBEADM = """apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
networking:
  serviceSubnet: 10.96.0.0/12
  podSubnet: 10.244.0.0/16
"""

VALID = [
    STATED,
    STATED.replace("on_prem", "eks").replace("10.244", "10.0"),  # pods have addresses of the VPC
    STATED.replace("10.244.0.0/16", "fd00:10:244::/56"),
    STATED.replace("pod_cidr: 10.244.0.0/16", "peered_cidrs: [10.1.0.0/16, 10.1.0.0/24]"),  # two ways to one network
    STATED.replace("provider: on_prem", "provider: aks\n  network_mode: node-subnet").replace("10.244", "10.0"),
    STATED + "  node_pools: [{name: a, subnet: 10.0.1.0/24}, {name: b, subnet: 10.0.1.0/24}]\n",
    POOL,
    POOL.replace("namespace: metallb-system}\nspec:\n", "namespace: other}\nspec:\n").replace(
        ".16-192.0.2.20", ".8/30"
    ),
    POOL + STATED.replace("10.0.0.0/16", "192.0.2.0/24"),  # on purpose
    KUBEADM,
    KUBEADM.replace("10.244.0.0/16", "${PODS}"),
]
INVALID = [
    STATED.replace("10.244.0.0/16", EXPECTED),
    STATED.replace("node_cidr: 10.0.0.0/16", "peered_cidrs: [10.200.0.0/16, 10.240.0.0/12]").replace(
        "10.244.0.0/16", "10.244.0.0/16  # expect: cidr-overlap (proved)"
    ),
    STATED.replace("10.0.0.0/16", "10.0.0.0/8")
    .replace("10.96.0.0/12", '10.96.0.0/12  # expect: cidr-overlap (proved) "range of nodes"')
    .replace("10.244.0.0/16", "10.244.0.0/16  # expect: cidr-overlap (proved)"),
    STATED.replace("  provider: on_prem\n", "").replace(
        "10.244.0.0/16", "10.0.9.0/24  # expect: cidr-overlap (likely)"
    ),
    POOL.replace("192.0.2.16-192.0.2.20", "192.0.2.8-192.0.2.20  # expect: cidr-overlap (proved)"),
    POOL.replace("192.0.2.16-192.0.2.20", "10.96.4.0/30  # expect: cidr-overlap (likely)") + STATED,
    KUBEADM.replace("podSubnet: 10.244.0.0/16", "podSubnet: 10.110.0.0/16  # expect: 14 cidr-overlap (proved)"),
]


def check(world: World) -> Iterator[Finding]:
    for fault in world.find(list_overlaps):
        yield Finding(at=fault.place, message=fault.message, at_most=fault.at_most, related=fault.related)
