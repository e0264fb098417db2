"""A cluster of AKS on kubenet is asked for what kubenet cannot do.

Each node has a route in one route table, which holds 400. Azure's network policies,
Windows nodes and virtual nodes do not work with it, and a subnet serves one cluster.
AKS refuses the cluster, the node pool or the add-on.
Use Azure CNI, which kubenet's end in 2028 asks for anyway, or leave the option out.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.kubenet_limits import list_kubenet_limits
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="kubenet cannot do what is stated",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://learn.microsoft.com/en-us/azure/aks/configure-kubenet",),
    sources="ipam",
)

STATED = """# file: kubeqed.yaml
cluster:
  provider: aks
  network_mode: kubenet
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n"
EXPECTED = "  # expect: kubenet-limit-exceeded (proved)"

VALID = [
    POD + STATED,
    STATED + "  nodes: 400\n",
    STATED.replace("kubenet", "overlay") + "  nodes: 401\n",
    STATED.replace("network_mode", "cni") + "  nodes: 400\n",
    STATED.replace("aks", "kubeadm").replace("network_mode", "cni") + "  nodes: 401\n",
    STATED + "  network_policy: calico\n  virtual_nodes: false\n",
    STATED + "  node_pools:\n  - {name: a, nodes: 200, os: linux}\n  - {name: b, nodes: 200}\n",
]
INVALID = [
    STATED + f"  nodes: 401{EXPECTED}\n",
    STATED.replace("network_mode", "cni") + f"  nodes: 401{EXPECTED}\n",
    STATED + f"  node_pools:\n  - {{name: a, nodes: 200}}\n  - {{name: b, nodes: 201}}{EXPECTED}\n",
    STATED + f"  network_policy: azure{EXPECTED}\n",
    STATED + f"  node_pools:\n  - name: win\n    os: windows{EXPECTED}\n",
    STATED + f"  virtual_nodes: true{EXPECTED}\n",
    STATED + f"  shared_subnet: true{EXPECTED}\n",
]


def check(world: World) -> Iterator[Finding]:
    for fault in world.find(list_kubenet_limits):
        yield Finding(at=fault.place, message=fault.message, at_most=fault.at_most)
