"""The kinds of policies that kubeqed does not model, and where an object of each says whom it governs.

Another kind is another row of `KINDS`. Left out is what decides nothing about the pods' own network: Calico's staged
policies, MultiNetworkPolicies (of second interfaces), policies about users and requests at a gateway.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from kubeqed.model.values.fields import read_field, read_text
from kubeqed.parse import Mapping, Sequence, Unknown, Value


class Scope(Enum):
    """Whose pods a policy can govern: those of its namespace, or any."""

    NAMESPACE = "namespace"
    CLUSTER = "cluster"


class Syntax(Enum):
    """How a selector is written."""

    LABELS = "matchLabels and matchExpressions"
    PLAIN = "a map of labels"
    CILIUM = "as LABELS, a key may begin with the source of the label"
    CALICO = "an expression"


def _accept_any(_: Value) -> bool:
    return True


class PolicyKind(NamedTuple):
    """How the objects of a kind say whom they govern. A path has dots between its steps; `*` is every item of a list.

    A policy has `parts`. A part has `subjects`, or is one itself where that is empty. A subject has a selector of `pods`
    and selectors of `namespaces`. The fields `ingress` and `egress` of a part govern the direction by being there; None:
    it is governed anyway. `types` is a list of directions that counts before them. In the namespaces `roots` a policy
    governs all namespaces. `named` holds the names of those that it governs. `opens`: it may allow what NetworkPolicies
    deny. `outside`: it is about peers outside the cluster alone. `hosts`: where a part has this field, it governs nodes
    and the pods in their network, and no others. `decides`: whether the object can change a verdict at all.
    `engine` is what people call the engine, where the name of the kind does not say it.
    """

    scope: Scope
    engine: str = ""
    opens: bool = False
    pods: str = ""
    namespaces: tuple[str, ...] = ()
    syntax: Syntax = Syntax.LABELS
    parts: tuple[str, ...] = ("spec",)
    subjects: str = ""
    ingress: tuple[str, ...] | None = None
    egress: tuple[str, ...] | None = None
    types: str = ""
    roots: tuple[str, ...] = ()
    named: str = ""
    outside: bool = False
    hosts: str | None = None
    decides: Callable[[Value], bool] = _accept_any


def _has_one_of(*paths: str) -> Callable[[Value], bool]:
    """That one of the fields is there, and neither false nor empty."""

    def found(root: Value) -> bool:
        return any(_says_something(_find_value(root, path)) for path in paths)

    return found


def _says_something(value: Value) -> bool:
    if isinstance(value, Mapping | Sequence):
        return bool(len(value) or value.open)
    return isinstance(value, Unknown) or (value is not None and value is not False and value != "")


def _find_value(root: Value, path: str) -> Value:
    for step in filter(None, path.split(".")):
        root = read_field(root, step)
    return root


def _is_not(path: str, *values: str) -> Callable[[Value], bool]:
    """That a field is none of the values."""
    above, _, key = path.rpartition(".")

    def found(root: Value) -> bool:
        value = read_text(_find_value(root, above), key)
        return isinstance(value, Unknown) or value not in values

    return found


def _refuses_plain_text(root: Value) -> bool:
    """Whether mutual TLS is asked for, of all ports or of one."""
    spec = read_field(root, "spec")
    mode = read_text(read_field(spec, "mtls"), "mode")
    return isinstance(mode, Unknown) or mode == "STRICT" or _has_one_of("spec.portLevelMtls")(root)


def _is_primary(root: Value) -> bool:
    """Whether a network of the user takes the place of the cluster's."""
    spec = read_field(root, "spec")
    networks = [read_field(above, key) for above in (spec, read_field(spec, "network")) for key in ("layer2", "layer3")]
    return any(isinstance(role, Unknown) or role == "Primary" for role in (read_text(one, "role") for one in networks))


_INGRESS: tuple[str, ...] = ("ingress",)
_EGRESS: tuple[str, ...] = ("egress",)
_NEVER: tuple[str, ...] = ()
_OWN, _ALL = Scope.NAMESPACE, Scope.CLUSTER

# https://docs.cilium.io/en/stable/network/kubernetes/policy/
_CILIUM = PolicyKind(
    _OWN,
    opens=True,
    pods="endpointSelector",
    syntax=Syntax.CILIUM,
    parts=("spec", "specs.*"),
    ingress=("ingress", "ingressDeny"),
    egress=("egress", "egressDeny"),
)
_CILIUM_CLUSTERWIDE = _CILIUM._replace(scope=_ALL, hosts="nodeSelector")

# https://docs.tigera.io/calico/latest/reference/resources/networkpolicy
_CALICO = PolicyKind(
    _OWN, opens=True, pods="selector", syntax=Syntax.CALICO, ingress=_INGRESS, egress=_EGRESS, types="types"
)
_CALICO_GLOBAL = _CALICO._replace(scope=_ALL, namespaces=("namespaceSelector",))

# https://antrea.io/docs/main/docs/antrea-network-policy/
_ANTREA = PolicyKind(_OWN, opens=True, pods="podSelector", subjects="appliedTo.*", ingress=_INGRESS, egress=_EGRESS)
_ANTREA_CLUSTER = _ANTREA._replace(scope=_ALL, namespaces=("namespaceSelector",))

# https://istio.io/latest/docs/reference/config/security/authorization-policy/
_ISTIO = PolicyKind(_OWN, pods="selector", egress=_NEVER, roots=("istio-system",))

# The shape of https://network-policy-api.sigs.k8s.io/, which EKS has in a group of its own
ADMINISTRATORS = PolicyKind(
    _ALL,
    opens=True,
    subjects="subject",
    pods="pods.podSelector",
    namespaces=("namespaces", "pods.namespaceSelector"),
    ingress=_INGRESS,
    egress=_EGRESS,
)

# https://github.com/vmware-tanzu/nsx-operator, SecurityPolicy
_NSX = PolicyKind(_OWN, opens=True, pods="podSelector", subjects="appliedTo.*")

# https://linkerd.io/2/reference/authorization-policy/
_LINKERD = PolicyKind(_OWN, egress=_NEVER)

# https://kuma.io/docs/latest/policies/meshtrafficpermission/
_KUMA = PolicyKind(_OWN, egress=_NEVER, roots=("kuma-system", "kong-mesh-system"))

_EVERYONE = PolicyKind(_ALL)
WRITER = _EVERYONE._replace(opens=True)  # creates policies outside the input
_EVERYONE_IN = _EVERYONE._replace(egress=_NEVER)
_EGRESS_OUTSIDE = PolicyKind(_OWN, ingress=_NEVER, outside=True)

_KINDS: dict[tuple[str, str], dict[str, PolicyKind]] = {
    ("", "cilium.io"): {"CiliumNetworkPolicy": _CILIUM, "CiliumClusterwideNetworkPolicy": _CILIUM_CLUSTERWIDE},
    ("", "isovalent.com"): {
        "IsovalentNetworkPolicy": _CILIUM,
        "IsovalentClusterwideNetworkPolicy": _CILIUM_CLUSTERWIDE,
    },
    ("Calico", "projectcalico.org crd.projectcalico.org"): {
        "NetworkPolicy": _CALICO,
        "GlobalNetworkPolicy": _CALICO_GLOBAL,
        "HostEndpoint": _EVERYONE._replace(hosts=""),
    },
    ("Antrea", "crd.antrea.io security.antrea.tanzu.vmware.com"): {
        "NetworkPolicy": _ANTREA,
        "ClusterNetworkPolicy": _ANTREA_CLUSTER,
    },
    ("Istio", "security.istio.io"): {
        "AuthorizationPolicy": _ISTIO._replace(decides=_is_not("spec.action", "AUDIT")),
        "PeerAuthentication": _ISTIO._replace(decides=_refuses_plain_text),
    },
    ("Istio", "networking.istio.io"): {
        # https://istio.io/latest/docs/reference/config/networking/sidecar/
        "Sidecar": _ISTIO._replace(pods="workloadSelector.labels", syntax=Syntax.PLAIN, ingress=_INGRESS, egress=None),
    },
    ("EKS", "networking.k8s.aws"): {
        "ApplicationNetworkPolicy": PolicyKind(
            _OWN, opens=True, pods="podSelector", egress=_EGRESS, types="policyTypes"
        ),
        "ClusterNetworkPolicy": ADMINISTRATORS,
    },
    ("EKS", "vpcresources.k8s.aws"): {"SecurityGroupPolicy": PolicyKind(_OWN, opens=True, pods="podSelector")},
    # https://ovn-kubernetes.io/, EgressFirewall and the networks that replace the cluster's for whole namespaces
    ("OVN-Kubernetes", "k8s.ovn.org"): {
        "EgressFirewall": _EGRESS_OUTSIDE,
        "UserDefinedNetwork": PolicyKind(_OWN, decides=_is_primary),
        "ClusterUserDefinedNetwork": PolicyKind(_ALL, namespaces=("namespaceSelector",), decides=_is_primary),
    },
    # https://docs.redhat.com/en/documentation/openshift_container_platform/4.6/html/networking
    ("OpenShift", "network.openshift.io"): {
        "EgressNetworkPolicy": _EGRESS_OUTSIDE,
        "NetNamespace": PolicyKind(_ALL, opens=True, parts=("",), named="netname"),
    },
    # https://kubeovn.github.io/docs/stable/en/
    ("Kube-OVN", "kubeovn.io"): {
        "Subnet": PolicyKind(_ALL, named="namespaces.*", decides=_has_one_of("spec.private", "spec.acls")),
        "Vpc": PolicyKind(_ALL, named="namespaces.*"),
        "SecurityGroup": _EVERYONE,
    },
    ("Linkerd", "policy.linkerd.io"): {
        "Server": _LINKERD._replace(pods="podSelector"),
        "ServerAuthorization": _LINKERD,
        "AuthorizationPolicy": _LINKERD,
        "EgressNetwork": _EGRESS_OUTSIDE._replace(roots=("linkerd-egress",)),
    },
    ("Kuma", "kuma.io"): {
        "MeshTrafficPermission": _KUMA,
        "TrafficPermission": _EVERYONE_IN,
        "Mesh": _EVERYONE_IN._replace(parts=("",), decides=_has_one_of("spec.mtls", "mtls")),
    },
    # https://developer.hashicorp.com/consul/docs/connect/config-entries/service-intentions
    ("Consul", "consul.hashicorp.com"): {"ServiceIntentions": _EVERYONE_IN},
    ("Consul", "auth.consul.hashicorp.com"): {"TrafficPermissions": _EVERYONE_IN},
    # https://github.com/servicemeshinterface/smi-spec, https://release-v1-2.docs.openservicemesh.io/
    ("SMI", "access.smi-spec.io"): {"TrafficTarget": _LINKERD},
    ("Open Service Mesh", "policy.openservicemesh.io"): {"Egress": _EGRESS_OUTSIDE, "IngressBackend": _LINKERD},
    ("Gloo", "security.policy.gloo.solo.io"): {"AccessPolicy": _EVERYONE_IN},
    ("NSX", "nsx.vmware.com crd.nsx.vmware.com"): {"SecurityPolicy": _NSX},
    # https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
    ("GKE", "networking.gke.io"): {
        "FQDNNetworkPolicy": PolicyKind(_OWN, opens=True, pods="podSelector", ingress=_INGRESS, types="policyTypes")
    },
    # https://github.com/noironetworks/aci-containers
    ("Cisco ACI", "aci.netpol"): {"NetworkPolicy": _ANTREA},
    ("Yangtse", "crd.yangtse.cni"): {"SecurityGroup": PolicyKind(_OWN, opens=True, pods="podSelector")},
    ("Terway", "network.alibabacloud.com"): {
        "PodNetworking": _EVERYONE._replace(decides=_has_one_of("spec.securityGroupIDs"))
    },
    # https://open-docs.neuvector.com/policy/usingcrd/
    ("NeuVector", "neuvector.com"): {"NvSecurityRule": PolicyKind(_OWN), "NvClusterSecurityRule": _EVERYONE},
    # https://docs.kubearmor.io/kubearmor/specs/specifications/security_policy_specification
    ("", "security.kubearmor.com"): {
        "KubeArmorPolicy": PolicyKind(_OWN, pods="selector", decides=_has_one_of("spec.network")),
        "KubeArmorClusterPolicy": _EVERYONE._replace(decides=_has_one_of("spec.network")),
    },
    # It writes NetworkPolicies for whom it names: https://docs.otterize.com/reference/configuration/intents-operator
    ("Otterize", "k8s.otterize.com"): {
        "ClientIntents": _EVERYONE._replace(opens=True),
        "ProtectedService": _EVERYONE_IN,
    },
}

# What policies of these engines refer to: alone it decides nothing, and another one makes a policy mean something else.
_REFERRED_TO = {
    "cilium.io": "CiliumCIDRGroup",
    "projectcalico.org crd.projectcalico.org": "Tier NetworkSet GlobalNetworkSet",
    "crd.antrea.io security.antrea.tanzu.vmware.com core.antrea.tanzu.vmware.com": "Tier Group ClusterGroup",
    "policy.linkerd.io": "MeshTLSAuthentication NetworkAuthentication",
}

KINDS = {
    (group, kind): row._replace(engine=engine)
    for (engine, groups), rows in _KINDS.items()
    for group in groups.split()
    for kind, row in rows.items()
}
REFERRED_TO = {
    (group, kind) for groups, kinds in _REFERRED_TO.items() for group in groups.split() for kind in kinds.split()
}


def is_foreign_policy(group: str, kind: str) -> bool:
    """Whether objects of the kind are policies of an engine that is not modelled, or what these refer to."""
    return (group, kind) in KINDS or (group, kind) in REFERRED_TO
