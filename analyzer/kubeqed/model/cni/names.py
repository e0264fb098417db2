"""The names that a configuration may state: CNIs, providers, load balancers, ingress controllers.

Taken from the reference data that the package data comes from: `CNIS` are the ids of cni.yaml with their variants,
`INGRESS_CONTROLLERS` those of ingress_controllers.yaml, `PROVIDERS` the platforms of ipam.yaml and the clouds of
service_semantics.yaml, `LOAD_BALANCERS` what service_semantics.yaml says can hand out an address. They stand here so
that a configuration is checked without loading the data; a test compares them.
"""

from __future__ import annotations

CNIS = (
    "antrea",
    "aws-vpc-cni",
    "azure-cni-calico",
    "azure-cni-cilium",
    "azure-cni-none",
    "azure-cni-npm",
    "calico",
    "canal",
    "cilium",
    "cisco-aci-cni",
    "contiv",
    "eks-default",
    "flannel",
    "flannel+calico",
    "flannel+cilium-chaining",
    "flannel+kube-network-policies",
    "gke-dataplane-v2",
    "gke-legacy-calico",
    "gke-legacy-none",
    "k3s",
    "kindnet",
    "kube-network-policies",
    "kube-ovn",
    "kube-router",
    "kubenet",
    "kubenet-calico",
    "multus",
    "nsx-ncp",
    "openshift-sdn-multitenant",
    "openshift-sdn-networkpolicy",
    "openshift-sdn-subnet",
    "ovn-kubernetes",
    "romana",
    "terway",
    "weave-net",
)

PROVIDERS = ("aks", "eks", "gke", "ibm", "k3s", "kind", "kubeadm", "on_prem", "openshift", "openstack")

# `cloud` is the provider's own controller, `servicelb` that of k3s.
LOAD_BALANCERS = ("cilium", "cloud", "kube-router", "kube-vip", "metallb", "openelb", "purelb", "servicelb")

INGRESS_CONTROLLERS = (
    "agic",
    "apisix",
    "aws-alb",
    "cilium-ingress",
    "contour",
    "envoy-gateway",
    "gce",
    "haproxy-ingress",
    "haproxytech",
    "ingress-nginx",
    "istio",
    "kong",
    "nghttpx",
    "nginx-inc",
    "openshift-router",
    "skipper",
    "traefik",
)

INGRESS_CONTROLLER_ALIASES = {
    "alb": "aws-alb",
    "application-gateway": "agic",
    "aws-load-balancer-controller": "aws-alb",
    "cilium": "cilium-ingress",
    "gke": "gce",
    "glbc": "gce",
}
"""What people call them. Plain `nginx` and `haproxy` are two each."""
