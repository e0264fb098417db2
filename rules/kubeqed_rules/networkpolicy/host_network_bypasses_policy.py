"""A NetworkPolicy is about pods that share the network of their node.

Pods with `hostNetwork: true` have the address of the node: most network plugins do not
apply policies to them, and do not know them by their labels where they are a peer, so
that the policy neither closes nor opens anything for them.
Use the plugin's own policies for hosts, or an `ipBlock` with the addresses of the nodes.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.host_pods import PodsHaveOwnNetwork
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="policy is about pods on the network of their node",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods",
    ),
    exposure=True,
    sources="cni",
)

AGENT = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {hostNetwork: true, containers: [{name: agent, image: agent}]}
---
"""
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: agent}
spec:
  podSelector: {matchLabels: {app: agent}}
"""
EXPECTED = "podSelector: {matchLabels: {app: agent}}  # expect: 3 host-network-bypasses-policy (likely)"
PEER = """  podSelector: {matchLabels: {app: web}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: agent}}"""

VALID = [
    AGENT.replace("hostNetwork: true, ", "") + POLICY,
    AGENT.replace("hostNetwork: true", "hostNetwork: '${HOST}'") + POLICY,
    AGENT + POLICY.replace("{matchLabels: {app: agent}}", "{}"),
    AGENT + POLICY.replace("agent}}", "web}}"),
    AGENT + AGENT.replace("hostNetwork: true, ", "").replace("{name: agent}", "{name: b}", 1) + POLICY,
]
INVALID = [
    AGENT + POLICY.replace("podSelector: {matchLabels: {app: agent}}", EXPECTED),
    AGENT
    + POLICY.replace("  podSelector: {matchLabels: {app: agent}}\n", PEER)
    + '  # expect: 7 host-network-bypasses-policy (likely) "not known by its labels"',
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        answer = world.ask(PodsHaveOwnNetwork(policy))
        for place, pod, is_subject in answer.found:
            what = "most plugins do not apply it" if is_subject else "it is not known by its labels to most plugins"
            yield Finding(
                at=place,
                answer=answer,
                message=f"{policy} speaks of {pod}, which is on the network of its node, where {what}",
                related=((pod.at(f"{pod.template.path}.spec.hostNetwork".lstrip(".")), "the network of the node"),),
            )
