"""A range or an address that the platform, or Kubernetes itself, does not take.

AKS keeps some ranges for itself, the API server refuses large ranges of Services, the
first address of that range belongs to the Service `default/kubernetes`, and the block of
a node may differ from the range of pods by 16 bits at most. Most of it cannot be changed
once the cluster is there.
Choose another range or address.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.forbidden_addresses import list_forbidden
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="range or address that the platform does not take",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://learn.microsoft.com/en-us/azure/aks/concepts-network-ip-address-planning",
        "https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/",
    ),
    sources="ipam",
)

AKS = """# file: kubeqed.yaml
cluster:
  provider: aks
  service_cidr: 172.29.0.0/16
"""
DNS = AKS + "  dns_service_ip: 172.29.0.10\n"
PODS = """# file: kubeqed.yaml
cluster:
  pod_cidr: 10.0.0.0/8
  node_cidr_mask_size: 24
"""
KUBEADM = """apiVersion: kubeadm.k8s.io/v1beta3
kind: ClusterConfiguration
networking: {podSubnet: 10.0.0.0/8, serviceSubnet: 172.20.0.0/16}
controllerManager:
  extraArgs:
    node-cidr-mask-size: "24"
"""
EXPECTED = "  # expect: cluster-address-forbidden (proved)"

VALID = [
    AKS,
    AKS.replace("aks", "kubeadm").replace("29", "30"),
    AKS.replace("172.29.0.0/16", "10.0.0.0/13"),
    DNS,
    DNS.replace("172.29.0.10", "172.29.0.0  # expect: cluster-address-forbidden (possible)"),
    DNS.replace("172.29.0.10", "172.29.255.254"),
    AKS.replace("aks", "eks").replace("172.29.0.0/16", "100.64.0.0/16  # expect: cluster-address-forbidden (possible)"),
    AKS + "  outbound: {ports_per_node: 1000}\n",
    PODS,
    PODS.replace("24", "25").replace("10.0.0.0/8", "fd00::/8"),
    KUBEADM,
]
INVALID = [
    AKS.replace("172.29.0.0/16", f"172.30.0.0/16{EXPECTED}"),
    AKS.replace("service_cidr: 172.29.0.0/16", f'pod_cidr: 172.16.0.0/12{EXPECTED} "172.30.0.0/16 and 172.31.0.0/16"'),
    AKS.replace("service_cidr: 172.29.0.0/16", f"node_cidr: 192.0.2.128/25{EXPECTED}"),
    AKS.replace("172.29.0.0/16", "10.0.0.0/12  # expect: cluster-address-forbidden (likely)"),
    AKS.replace("aks", "kubeadm").replace("172.29.0.0/16", f"10.0.0.0/11{EXPECTED}"),
    DNS.replace("172.29.0.10", f'172.29.0.1{EXPECTED} "the first"'),
    DNS.replace("172.29.0.10", f'172.28.0.10{EXPECTED} "outside"'),
    PODS.replace("24", f"25{EXPECTED}"),
    PODS.replace("24", f"7{EXPECTED}"),
    KUBEADM.replace('"24"', f'"25"{EXPECTED}'),
    KUBEADM.replace('node-cidr-mask-size: "24"', f'- name: node-cidr-mask-size\n      value: "26"{EXPECTED}'),
    AKS + f"  outbound: {{ports_per_node: 1001}}{EXPECTED}\n",
]


def check(world: World) -> Iterator[Finding]:
    for fault in world.find(list_forbidden):
        yield Finding(at=fault.place, message=fault.message, at_most=fault.at_most, related=fault.related)
