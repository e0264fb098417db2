"""How the prose of the CNI source is read: each text that a program must understand, and what it means.

The generator stops at a text that is not here, so that a changed source is read by a person once.
"""

from __future__ import annotations

from typing import Any

Setting = dict[str, Any]

_CILIUM_CONFIG = "cilium-config"


def _configmap(name: str, key: str, *values: str) -> Setting:
    return {"in": "configmap", "name": name, "key": key, "values": list(values)}


def _argument(key: str, *values: str) -> Setting:
    return {"in": "argument", "key": key, "values": list(values)}


def _environment(key: str, *values: str) -> Setting:
    return {"in": "environment", "key": key, "values": list(values)}


def _resource(kind: str, key: str, *values: str) -> Setting:
    return {"in": "resource", "name": kind, "key": key, "values": list(values)}


NETWORK = "operator.openshift.io/Network"
INSTALLATION = "operator.tigera.io/Installation"

# Versions: (absent below, present from); None is not known. What is not here must be a plain version, `<=` one or a month.
SINCE: dict[str, tuple[str | None, str | None]] = {
    "2.4/2.5 line": ("2.4", "2.5"),
    "kind v0.24.0": ("0.24.0", "0.24.0"),
    "4.8 (approx.)": (None, None),
    "Cilium 1.16+ on the AKS version": (None, None),
}
# Words that stand where a version should, and name none.
NO_VERSION = {"current source", "stated for 3.2", "field EndPort in PolicyEndpoint"}
# Profiles whose `since` counts the versions of another program, not those that a user of the profile knows.
BORROWED = {
    "azure-cni-calico": "Calico",
    "gke-legacy-calico": "Calico",
    "k3s": "kube-router",
    "kubenet-calico": "Calico",
}

# Partial support: what decides. None: nothing that manifests show. `pod-addresses`: only such blocks fail. `never`: the
# gap is another feature of the profile. `egress-to-all`: only such rules fail. A setting: with it the support is full.
PARTIAL: dict[str, str | Setting | None] = {
    "by default matches only addresses that are neither pods nor nodes; nodes from 1.15 with"
    " policy-cidr-match-mode=nodes; pods mode documented in the 1.20 line": "pod-addresses",
    "cannot select node or pod addresses": "pod-addresses",
    "as cilium: not for pod/node addresses": "pod-addresses",
    "without except": "never",
    "beta, needs sctp.enabled=true; no SCTP port rewriting, so targetPort must equal port; an SCTP policy without it has"
    " no effect": _configmap(_CILIUM_CONFIG, "enable-sctp", "true"),
    "issue 1019 (SCTP policies) is still open, though current rules pass the protocol on; test before relying on it": None,
    "not supported up to at least 4.5; the later text drops the egress limitation": None,
    "an allow-all-egress policy with named ports in to.ports is not supported": "egress-to-all",
    "ignored in 2022 (AKS issue 2857: only the first port is allowed); feature request 2313 is closed, present state not"
    ' confirmed; AKS text says "supports all policy types"': None,
}

OFF: dict[str, list[Setting]] = {
    "ConfigMap cilium-config key enable-policy: never (no enforcement at all)": [
        _configmap(_CILIUM_CONFIG, "enable-policy", "never")
    ],
    'key enable-k8s-networkpolicy: "false" (NetworkPolicy objects ignored)': [
        _configmap(_CILIUM_CONFIG, "enable-k8s-networkpolicy", "false")
    ],
    "--run-firewall=false": [_argument("--run-firewall", "false")],
    "--disable-network-policy": [_argument("--disable-network-policy", "true")],
    "--enable-np=false (ENABLE_NP)": [_argument("--enable-np", "false"), _environment("ENABLE_NP", "false")],
}
# Off switches that the source gives in a note.
MORE_OFF: dict[str, list[Setting]] = {
    "aws-vpc-cni": [_argument("--enable-network-policy", "false")],  # of the agent, whatever the ConfigMap asks for
    "weave-net": [
        _environment("EXPECT_NPC", "0"),
        {"in": "image", "key": "weaveworks/weave-npc", "values": ["absent"]},
    ],
}

ROLES = {"kube-network-policies": "add-on", "multus": "meta"}

# Substrings that occur in the images of too many other programs: they name no CNI.
TOO_BROAD = {"gke-dataplane-v2": {"cilium"}, "k3s": {"rancher/"}}
# Images whose tag is the version of another program.
OTHER_VERSION = {"aws-network-policy-agent", "azure-cns", "tigera/operator"}

# What `other` says about resources: kinds that tell the CNI, with the value of a field where one is needed.
RESOURCES: dict[str, list[Setting]] = {
    "calico": [_resource(INSTALLATION, "kind", "Installation")],
    "ovn-kubernetes": [_resource(NETWORK, "spec.defaultNetwork.type", "OVNKubernetes")],
    "openshift-sdn": [_resource(NETWORK, "spec.defaultNetwork.type", "OpenShiftSDN")],
}
# Settings with which a CNI only enforces policies on top of another one's network.
CHAINED: dict[str, list[Setting]] = {
    "calico": [_resource(INSTALLATION, "spec.cni.type", "AmazonVPC", "AzureVNET", "GKE", "HostLocal")],
    "cilium": [{**_configmap(_CILIUM_CONFIG, "cni-chaining-mode", "none", ""), "unless": True}],
}

_SDN_MODE = "spec.defaultNetwork.openshiftSDNConfig.mode"
_CLUSTER_NETWORK = "network.openshift.io/ClusterNetwork"
# One detection rule, several profiles: the first whose setting is seen. `default` is what holds when the thing that
# was detected is there and no setting is: the program's own default.
CHOICES: dict[str, dict[str, Any]] = {
    "openshift-sdn": {
        "profiles": ["openshift-sdn-networkpolicy", "openshift-sdn-multitenant", "openshift-sdn-subnet"],
        "choose": [
            [f"openshift-sdn-{mode.lower()}", setting]
            for mode in ("NetworkPolicy", "Multitenant", "Subnet")
            for setting in (
                _resource(NETWORK, _SDN_MODE, mode),
                _resource(_CLUSTER_NETWORK, "pluginName", f"redhat/openshift-ovs-{mode.lower()}"),
            )
        ],
    },
    "azure-cni-*": {
        "profiles": ["azure-cni-none", "azure-cni-npm", "azure-cni-calico", "azure-cni-cilium"],
    },
    "aws-vpc-cni": {
        "profiles": ["aws-vpc-cni", "eks-default"],
        "choose": [
            ["aws-vpc-cni", _argument("--enable-network-policy", "true")],
            ["aws-vpc-cni", _configmap("amazon-vpc-cni", "enable-network-policy-controller", "true")],
        ],
        "default": "eks-default",
    },
}
