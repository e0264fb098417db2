"""An ipBlock names clients that arrive with the address of a node.

What enters by a Service of type NodePort or LoadBalancer gets the address of the node
that it came through, unless `externalTrafficPolicy` is Local. An ingress rule for the
addresses of clients then lets none of them in, or, if it holds the nodes, everybody.
The eBPF data plane of Calico, and Cilium with DSR, carry the address to the pod.
Set Local, or filter at the load balancer (`loadBalancerSourceRanges`).
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.client_addresses import ClientsKeepAddresses
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="an ipBlock names clients whose addresses the pods do not see",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/tutorials/services/source-ip/",),
    sources="cni",
)

WEB = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from:
    - ipBlock: {cidr: 172.16.120.0/24}
"""
EXPECTED = WEB.replace("/24}", "/24}  # expect: client-address-hidden (likely)")

FELIX = "---\napiVersion: crd.projectcalico.org/v1\nkind: FelixConfiguration\nmetadata: {name: default}\nspec: {bpfEnabled: "
CILIUM = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\ndata: {bpf-lb-mode: "

VALID = [
    WEB + FELIX + "true}\n",
    WEB + CILIUM + "dsr}\n",
    "# config: cni=flannel" + WEB,  # which enforces none: another rule says that
    WEB.replace("type: NodePort", "type: NodePort, externalTrafficPolicy: Local"),
    WEB.replace("type: NodePort, ", ""),
    WEB.replace("172.16.120.0/24", "0.0.0.0/0"),
    WEB.replace("172.16.120.0/24", "10.42.0.0/16"),  # pods
    WEB.replace("172.16.120.0/24", "'${CLIENTS}'"),
    WEB.replace("type: NodePort", "type: '${TYPE}'"),
    WEB + "  - {}\n",  # everybody comes in
    WEB.replace("ingress", "egress").replace("from", "to"),
    WEB.replace("selector: {app: web}", "selector: {app: api}"),
    WEB.replace("172.16.120.0/24}", "10.0.0.0/8}  # expect: client-address-hidden (possible)"),
]
INVALID = [
    "# config: cni=calico" + EXPECTED + FELIX + "false}\n",
    EXPECTED + CILIUM + "snat}\n",
    EXPECTED,
    EXPECTED.replace("NodePort", "LoadBalancer"),
    EXPECTED.replace("type: NodePort", "externalIPs: [198.51.100.7]"),
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for block in (peer.ip_block for rule in policy.ingress for peer in rule.peers):
            answer = None if block is None else world.ask(ClientsKeepAddresses(policy, block))
            if block is not None and answer is not None and answer.service is not None:
                come = f"what comes from outside by {answer.service} has the address of a node"
                yield Finding(
                    at=policy.at(f"{block.path}.cidr"),
                    answer=answer,
                    at_most=answer.at_most,
                    message=f"{policy} lets in {block.cidr}, but {come}",
                    related=((answer.service.at("spec.externalTrafficPolicy"), "its value is not Local"),),
                )
