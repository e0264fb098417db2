"""A NetworkPolicy that the CNI of the cluster ignores.

The API server accepts a NetworkPolicy whatever the network plugin does with it.
Flannel alone, kubenet or the VPC CNI without its policy agent enforce none, and
others can be told to: every pod stays reachable, and nothing says so.
Install a policy engine beside the CNI, switch enforcement on, or use another CNI.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.policy_enforced import CniNamed, PolicyEnforced
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="NetworkPolicy is ignored by the CNI",
    certainty=Certainty.PROVED,
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites",
        "https://github.com/flannel-io/flannel#readme",
    ),
    when_unseen=WhenUnseen.LIKELY,  # another engine, that no manifest shows, would have to obey the policy
    exposure=True,
    sources="cni",
)

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: only-web}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
"""
IGNORED = POLICY.replace("only-web}", "only-web}  # expect: policy-not-enforced")
MAYBE_IGNORED = POLICY.replace("only-web}", "only-web}  # expect: policy-not-enforced (possible)")
FLANNEL = """---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec: {template: {spec: {containers: [{name: kube-flannel, image: "ghcr.io/flannel-io/flannel:v0.26.1"}]}}}
"""
ENGINE = """---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-network-policies, namespace: kube-system}
spec: {template: {spec: {containers: [{name: a, image: registry.k8s.io/networking/kube-network-policies}]}}}
"""
CILIUM = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {enable-policy: "never"}
"""
VPC = """---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: aws-node, namespace: kube-system}
spec:
  template:
    spec:
      containers:
      - {name: aws-node, image: amazon-k8s-cni:v1.18.0}
      - {name: aws-eks-nodeagent, image: aws-network-policy-agent:v1.1.2, args: [--enable-network-policy=true]}
"""

VALID = [
    POLICY,  # no CNI is named: the summary says on which ones the policy holds
    POLICY + FLANNEL + ENGINE,
    "# config: cni.name=flannel" + POLICY + ENGINE,
    "# config: cni.name=flannel+calico" + POLICY,
    POLICY + CILIUM.replace("never", "default"),
    POLICY + VPC,
    MAYBE_IGNORED + FLANNEL + "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: web}\n",
    MAYBE_IGNORED + CILIUM.replace("never", "${MODE}"),
    "# config: cni.name=kindnet" + MAYBE_IGNORED,  # older than kind 0.24?
    "# config: cni.name=multus" + MAYBE_IGNORED,  # its delegate decides
]
INVALID = [
    IGNORED.replace("enforced", "enforced (likely)") + FLANNEL,
    "# config: world=closed" + IGNORED.replace("enforced", "enforced (proved)") + FLANNEL,
    "# config: cni.name=kubenet" + IGNORED.replace("enforced", "enforced (proved)"),
    "# config: cni.name=none" + IGNORED.replace("enforced", 'enforced (proved) "any CNI"'),
    IGNORED.replace("enforced", 'enforced (likely) "enable-policy is never"') + CILIUM,
    "# config: cni.name=cilium" + IGNORED.replace("enforced", "enforced (proved)") + CILIUM,
    IGNORED + VPC.replace("=true", "=false"),
    IGNORED + VPC.replace("v1.18.0", "v1.13.4"),  # enforcement came with 1.14
    IGNORED.replace("enforced", 'enforced "and 1 more policy are not enforced"')
    + "---"
    + POLICY.replace("only-web", "other")
    + FLANNEL,  # one CNI, one finding
]


def check(world: World) -> Iterator[Finding]:
    if not world.ask(CniNamed()).holds:
        return
    ignored = [(one, answer) for one in world.of(NetworkPolicy) if not (answer := world.ask(PolicyEnforced(one))).holds]
    for networkpolicy, answer in ignored[:1]:  # one CNI decides about all
        others = [(one.at("metadata.name"), "this one too") for one, _ in ignored[1:]]
        more = f" and {len(others)} more {'policies' if len(others) > 1 else 'policy'}" if others else ""
        verb = ("are not" if others else "is not") if answer.at_most is None else "may not be"
        yield Finding(
            at=networkpolicy.at("metadata.name"),
            answer=answer,
            at_most=answer.at_most,
            message=f"{networkpolicy}{more} {verb} enforced by {answer.by}, which leaves every connection open",
            related=(*answer.places, *others),
        )
