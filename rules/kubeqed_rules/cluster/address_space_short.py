"""A range has no room for what is planned in it.

Each node takes addresses of its subnet, with Azure CNI one for each pod as well, or a
block of the range of pods; sessions take ports of public addresses. Where they run out,
nodes and pods do not start and connections fail. Room for an upgrade counts, too.
`kubeqed plan` shows what is needed. Choose a larger range, or fewer nodes or pods.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.address_space import list_shortages
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="range of addresses has no room for what is planned",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://learn.microsoft.com/en-us/azure/aks/concepts-network-ip-address-planning",
        "https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr",
    ),
    sources="ipam",
)

POOL = """# file: kubeqed.yaml
cluster:
  provider: aks
  network_mode: node-subnet
  node_pools:
  - name: first
    nodes: 50
    surge: 1
    max_pods: 30
    subnet: 10.240.0.0/21
"""
OVERLAY = """# file: kubeqed.yaml
cluster:
  provider: aks
  network_mode: overlay
  pod_cidr: 10.0.0.0/12
  nodes: 300
"""
GKE = """# file: kubeqed.yaml
cluster:
  provider: gke
  network_mode: vpc-native
  pod_cidr: 10.4.0.0/14
  node_pools: [{name: first, nodes: 1000, max_pods: 110, subnet: 10.0.0.0/20}]
"""
OUTBOUND = """# file: kubeqed.yaml
cluster:
  provider: aks
  outbound: {addresses: 2, sessions: 70000}
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n"
EXPECTED = "  # expect: address-space-short (proved)"

VALID = [
    POD + POOL,
    POOL,
    POOL.replace("10.240.0.0/21", "/21"),
    POOL.replace("nodes: 50", "nodes: 7").replace("/21", "/24"),
    POOL.replace("node-subnet", "overlay").replace("/21", "/25"),
    POOL.replace("    nodes: 50\n", "").replace("/21", "/28"),
    OVERLAY,
    GKE,
    GKE.replace("gke", "eks").replace("  network_mode: vpc-native\n", ""),
    OUTBOUND,
    OUTBOUND.replace("2,", "1, type: managedNATGateway,"),
]
INVALID = [
    POOL.replace("10.240.0.0/21", f'10.240.0.0/22{EXPECTED} "1,581 addresses"'),
    POOL.replace("nodes: 50", "nodes: 8").replace("10.240.0.0/21", f'/24{EXPECTED} "279"'),
    POOL.replace("  network_mode: node-subnet\n", "  cni: azure-cni-npm\n").replace(
        "/21", "/22  # expect: address-space-short (likely)"
    ),
    POOL.replace("/21", f"/21{EXPECTED}") + "  - {name: second, nodes: 20, max_pods: 30, subnet: 10.240.0.0/21}\n",
    POOL.replace("surge: 1", "surge: 50%").replace("/21", f"/21{EXPECTED}"),
    OVERLAY.replace("10.0.0.0/12", f"10.0.0.0/16{EXPECTED}"),
    OVERLAY.replace("/12", "/8").replace("300", f"5001{EXPECTED}"),
    GKE.replace("1000", "1030").replace("10.4.0.0/14", f"10.4.0.0/14{EXPECTED}"),
    OUTBOUND.replace("2,", "1,").replace("}", "}  # expect: address-space-short (likely)"),
]


def check(world: World) -> Iterator[Finding]:
    for fault in world.find(list_shortages):
        yield Finding(at=fault.place, message=fault.message, at_most=fault.at_most)
