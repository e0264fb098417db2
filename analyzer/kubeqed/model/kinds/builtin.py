"""The kinds that Kubernetes itself serves, so that every other one counts as a custom resource.

https://kubernetes.io/docs/reference/kubernetes-api/ (v1.36, with the kinds removed since 1.16)
"""

from __future__ import annotations

_KINDS = {
    "": "Binding ComponentStatus ConfigMap Endpoints Event LimitRange List Namespace Node PersistentVolume"
    " PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
    " MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"
    " ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling": "HorizontalPodAutoscaler Scale",
    "batch": "CronJob Job",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle PodCertificateRequest",
    "coordination.k8s.io": "Lease LeaseCandidate",
    "discovery.k8s.io": "EndpointSlice",
    "events.k8s.io": "Event",
    "extensions": "DaemonSet Deployment Ingress NetworkPolicy PodSecurityPolicy ReplicaSet",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "internal.apiserver.k8s.io": "StorageVersion",
    "networking.k8s.io": "IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR",
    "node.k8s.io": "RuntimeClass",
    "policy": "Eviction PodDisruptionBudget PodSecurityPolicy",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "resource.k8s.io": "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice DeviceTaintRule",
    "scheduling.k8s.io": "PriorityClass Workload PodGroup",
    "storage.k8s.io": "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
    "storagemigration.k8s.io": "StorageVersionMigration",
}
BUILTIN = frozenset((group, kind) for group, kinds in _KINDS.items() for kind in kinds.split())
# Kubernetes' own, OpenShift 3's and some that are told apart here; another group's Node, such as Longhorn's, has a namespace.
_CLUSTER_WIDE = frozenset(
    (group, kind)
    for group, kinds in {
        "": "ClusterRole ClusterRoleBinding ComponentStatus Namespace Node PersistentVolume",
        "admissionregistration.k8s.io": _KINDS["admissionregistration.k8s.io"],
        "apiextensions.k8s.io": "CustomResourceDefinition",
        "apiregistration.k8s.io": "APIService",
        "authorization.openshift.io": "ClusterRole ClusterRoleBinding",
        "cert-manager.io": "ClusterIssuer",
        "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
        "extensions": "PodSecurityPolicy",
        "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
        "gateway.networking.k8s.io": "GatewayClass",
        "internal.apiserver.k8s.io": "StorageVersion",
        "networking.k8s.io": "IPAddress IngressClass ServiceCIDR",
        "node.k8s.io": "RuntimeClass",
        "policy": "PodSecurityPolicy",
        "policy.networking.k8s.io": "AdminNetworkPolicy BaselineAdminNetworkPolicy ClusterNetworkPolicy",
        "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
        "resource.k8s.io": "DeviceClass DeviceTaintRule ResourceSlice",
        "scheduling.k8s.io": "PriorityClass",
        "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
        "storagemigration.k8s.io": "StorageVersionMigration",
    }.items()
    for kind in kinds.split()
)


def is_cluster_wide(group: str, kind: str) -> bool:
    """Whether objects of the kind have no namespace, as far as is known; an unknown kind counts as namespaced."""
    return (group, kind) in _CLUSTER_WIDE


BUILTIN_GROUPS = frozenset(group for group, _ in BUILTIN)
