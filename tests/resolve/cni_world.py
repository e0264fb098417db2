"""Clusters as manifests show them, for tests about CNIs; the worked examples of the data's source among them."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.app.load import read_manifest
from kubeqed.model.cluster import Cluster, Stated
from kubeqed.model.units.division import divide
from kubeqed.parse import parse
from kubeqed.resolve import Resolver
from kubeqed.sources import Paths, Root, SourceFile


class Example(NamedTuple):
    """A worked example; `found` are the profiles detected by more than weak evidence, with their versions.

    `enforced` says whether policies are, in a closed world; None is unknown. `lacking` are the paths of the fields that
    are not supported, each with a part of what is said of it. `stated` is needed where an operator's resource, which may
    create anything, keeps the world open.
    """

    bundle: str
    found: tuple[tuple[str, tuple[int, ...] | None], ...]
    enforced: bool | None
    lacking: tuple[tuple[str, str], ...] = ()
    stated: str | None = None


def graph_of(text: str, *, closed: bool = False, **stated: str | None) -> Resolver:
    """The graph of one file; `stated` are fields of Cluster."""
    manifest = read_manifest(parse(SourceFile("m.yaml", text.encode())))
    whole = divide([manifest], Paths(roots=[Root("m.yaml", False)]), closed=closed)
    cluster = Cluster(**{key: Stated(value) for key, value in stated.items() if value})  # type: ignore[arg-type]  # all are texts
    return Resolver(whole.units[0], whole, cluster)


def daemonset(namespace: str | None, name: str, *containers: str) -> str:
    """A DaemonSet; each container is an image, or the inside of a flow mapping."""
    listed = ", ".join(
        f"{{{item}}}" if ":" in item and "image" in item else f'{{image: "{item}"}}' for item in containers
    )
    where = f", namespace: {namespace}" if namespace else ""
    return f"""---
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: {name}{where}}}
spec: {{template: {{spec: {{containers: [{listed}]}}}}}}
"""


def configmap(name: str, data: str, namespace: str = "kube-system") -> str:
    """A ConfigMap with the inside of a flow mapping as data."""
    return f"""---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: {namespace}}}
data: {{{data}}}
"""


def resource(api_version: str, kind: str, spec: str = "{}") -> str:
    """A custom resource."""
    return f"---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: default}}\nspec: {spec}\n"


def policy(spec: str = "{podSelector: {}}") -> str:
    """A NetworkPolicy."""
    return f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: web}}\nspec: {spec}\n"


RANGE = "{podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8100}]}]}"
HOLE = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}"
NAMED = "{podSelector: {}, ingress: [{ports: [{port: http}]}]}"
LABELS = "{podSelector: {matchLabels: {a: x, b: x, c: x, d: x, e: x}}}"
FLANNEL = daemonset("kube-flannel", "kube-flannel-ds", "ghcr.io/flannel-io/flannel:v0.26.1")
ENGINE = daemonset("kube-system", "kube-network-policies", "registry.k8s.io/networking/kube-network-policies:v1.0.0")
NODE_AGENT = 'image: "aws-network-policy-agent:v1.1.2", args: [--enable-network-policy={}]'
SDN = daemonset("openshift-sdn", "sdn", "openshift/ose-sdn")
SDN_MODE = "{{defaultNetwork: {{type: OpenShiftSDN, openshiftSDNConfig: {{mode: {}}}}}}}"

# det-12 (Windows nodes) and det-13 (a configuration that contradicts itself) are no matter of detection: the model knows
# no operating system of a node, and `kubenet-limit-exceeded` judges the configuration. det-15 is about a kind of its own
# group; what belongs here is that its group does not turn a Cilium cluster into another one.
EXAMPLES = {
    "det-1": Example(FLANNEL + policy(), (("flannel", (0, 26, 1)),), enforced=False),
    "det-2": Example(
        FLANNEL + ENGINE + policy(), (("flannel", (0, 26, 1)), ("kube-network-policies", (1, 0, 0))), enforced=True
    ),
    "det-3": Example(
        daemonset("kube-system", "canal", "docker.io/calico/node:v3.27.0", "docker.io/flannel-io/flannel:v0.24.0")
        + policy(),
        (("canal", (3, 27, 0)),),
        enforced=True,
    ),
    "det-4": Example(
        configmap("cilium-config", 'enable-policy: "never"') + policy(), (("cilium", None),), enforced=False
    ),
    "det-5": Example(
        daemonset("kube-system", "cilium", "quay.io/cilium/cilium:v1.15.3@sha256:0f0f") + policy(RANGE),
        (("cilium", (1, 15, 3)),),
        enforced=True,
        lacking=(("spec.ingress[0].ports[0].endPort", "only the first port was allowed"),),
    ),
    "det-6": Example(
        daemonset("kube-system", "aws-node", "amazon-k8s-cni:v1.13.4") + policy(),
        (("eks-default", (1, 13, 4)),),
        enforced=False,
    ),
    "det-7": Example(
        daemonset("kube-system", "aws-node", "amazon-k8s-cni:v1.18.0", NODE_AGENT.format("false")) + policy(),
        (("eks-default", (1, 18, 0)),),
        enforced=False,
    ),
    "det-8": Example(
        SDN + resource("operator.openshift.io/v1", "Network", SDN_MODE.format("NetworkPolicy")) + policy(HOLE),
        (("openshift-sdn-networkpolicy", None),),
        enforced=True,
        lacking=(("spec.ingress[0].from[0].ipBlock.except", "ignored as a whole"),),
        stated="openshift-sdn-networkpolicy",
    ),
    "det-9": Example(
        SDN + resource("operator.openshift.io/v1", "Network", SDN_MODE.format("Multitenant")) + policy(),
        (("openshift-sdn-multitenant", None),),
        enforced=False,
        stated="openshift-sdn-multitenant",
    ),
    "det-10": Example(
        daemonset("ovn-kubernetes", "ovnkube-node", "ghcr.io/ovn-kubernetes/ovn-kubernetes/ovn-kube-ubuntu:master")
        + policy(NAMED),
        (("ovn-kubernetes", None),),
        enforced=True,
        lacking=(("spec.ingress[0].ports[0].port", "EVERY port"),),
    ),
    "det-11": Example(policy(), (), enforced=None),
    "det-14": Example(
        daemonset("nsx-system", "nsx-node-agent", "nsx-ncp-ubuntu:4.1.0") + policy(LABELS),
        (("nsx-ncp", (4, 1, 0)),),
        enforced=True,
        lacking=(("spec.podSelector.matchLabels.e", "at most 4"),),
    ),
    "det-15": Example(
        daemonset("kube-system", "cilium", "quay.io/cilium/cilium:v1.17.0")
        + resource("networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy")
        + policy(),
        (("cilium", (1, 17, 0)),),
        enforced=True,
    ),
}
