"""How a cluster gives its nodes and pods addresses, by what is stated of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kubeqed.model.cluster import Cluster

KUBENET, NODE_SUBNET, OVERLAY, POD_SUBNET = "kubenet", "node-subnet", "overlay", "pod-subnet"
ROUTES_BASED, VPC_NATIVE = "routes-based", "vpc-native"
SECONDARY_IP, PREFIX_DELEGATION, CUSTOM = "secondary-ip", "prefix-delegation", "custom-networking"

MODES = {
    "aks": (KUBENET, NODE_SUBNET, OVERLAY, POD_SUBNET),
    "gke": (ROUTES_BASED, VPC_NATIVE),
    "eks": (SECONDARY_IP, PREFIX_DELEGATION, CUSTOM),
}
"""The network modes of each provider."""
NETWORK_MODES = tuple(mode for modes in MODES.values() for mode in modes)
MODE_ALIASES = {
    "azure-cni": NODE_SUBNET,
    "azure-cni-node-subnet": NODE_SUBNET,
    "azure-cni-overlay": OVERLAY,
    "azure-cni-pod-subnet": POD_SUBNET,
    "alias-ip": VPC_NATIVE,
    "routes": ROUTES_BASED,
    "prefix": PREFIX_DELEGATION,
}
PROVIDER_ALIASES = {
    "aws": "eks",
    "azure": "aks",
    "bare-metal": "on_prem",
    "bare_metal": "on_prem",
    "baremetal": "on_prem",
    "gcp": "gke",
    "google": "gke",
    "ocp": "openshift",
    "okd": "openshift",
    "on-prem": "on_prem",
    "on-premises": "on_prem",
    "onprem": "on_prem",
    "vsphere": "on_prem",
}
"""What people call a provider, and its name here."""

_KUBENET_CNIS = ("kubenet", "kubenet-calico")


class AddressMode(NamedTuple):
    """The provider, the mode, and whether that is stated; empty where nothing says so."""

    provider: str
    name: str
    is_stated: bool

    @property
    def gives_pods_node_addresses(self) -> bool:
        """Whether pods have addresses of the network of the nodes on purpose."""
        return self.name in (NODE_SUBNET, POD_SUBNET, SECONDARY_IP, PREFIX_DELEGATION, CUSTOM)


def find_mode(cluster: Cluster) -> AddressMode:
    """The mode that is stated, or that the CNI stands for; else what the provider does by default."""
    provider = _find_provider(cluster)
    stated = cluster.network.mode
    if stated is not None:
        return AddressMode(provider, stated.value, is_stated=True)
    cni = cluster.cni.value if cluster.cni else ""
    if cni in _KUBENET_CNIS and provider == "aks":
        return AddressMode(provider, KUBENET, is_stated=True)
    if provider == "aks" and cni.startswith("azure-cni"):
        return AddressMode(provider, OVERLAY if cluster.pod_cidr else NODE_SUBNET, is_stated=False)
    if provider == "eks" and cni in ("", "aws-vpc-cni", "eks-default"):
        return AddressMode(provider, SECONDARY_IP, is_stated=False)
    return AddressMode(provider, "", is_stated=False)


def _find_provider(cluster: Cluster) -> str:
    """The provider that is stated, or the only one that has the mode or the CNI that is."""
    if cluster.provider is not None:
        return cluster.provider.value
    stated, cni = cluster.network.mode, cluster.cni.value if cluster.cni else ""
    by_mode = (provider for provider, modes in MODES.items() if stated is not None and stated.value in modes)
    by_cni = "aks" if cni in _KUBENET_CNIS or cni.startswith("azure-cni") else ""
    return next(by_mode, by_cni)
