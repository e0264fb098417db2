"""API versions that servers stopped to serve, with what replaces them.

https://kubernetes.io/docs/reference/using-api/deprecation-guide/
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.cluster import Version
from kubeqed.model.object import Object

_INGRESSES = "networking.k8s.io/v1"
_ADMISSION = "admissionregistration.k8s.io/v1"

# (minor version that removed it, API version, kinds, what replaces it)
_TABLE = (
    (16, "extensions/v1beta1", "DaemonSet Deployment ReplicaSet", "apps/v1"),
    (16, "extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1"),
    (16, "extensions/v1beta1", "PodSecurityPolicy", ""),
    (16, "apps/v1beta1", "ControllerRevision Deployment StatefulSet", "apps/v1"),
    (16, "apps/v1beta2", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", "apps/v1"),
    (21, "batch/v2alpha1", "CronJob", "batch/v1"),
    (22, "extensions/v1beta1", "Ingress", _INGRESSES),
    (22, "networking.k8s.io/v1beta1", "Ingress IngressClass", _INGRESSES),
    (22, "admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", _ADMISSION),
    (22, "admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", _ADMISSION),
    (22, "apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "apiextensions.k8s.io/v1"),
    (22, "apiregistration.k8s.io/v1beta1", "APIService", "apiregistration.k8s.io/v1"),
    (22, "authentication.k8s.io/v1beta1", "TokenReview", "authentication.k8s.io/v1"),
    (22, "certificates.k8s.io/v1beta1", "CertificateSigningRequest", "certificates.k8s.io/v1"),
    (22, "coordination.k8s.io/v1beta1", "Lease", "coordination.k8s.io/v1"),
    (22, "rbac.authorization.k8s.io/v1alpha1", "ClusterRole ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
    (22, "rbac.authorization.k8s.io/v1alpha1", "Role RoleBinding", "rbac.authorization.k8s.io/v1"),
    (22, "rbac.authorization.k8s.io/v1beta1", "ClusterRole ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
    (22, "rbac.authorization.k8s.io/v1beta1", "Role RoleBinding", "rbac.authorization.k8s.io/v1"),
    (22, "scheduling.k8s.io/v1beta1", "PriorityClass", "scheduling.k8s.io/v1"),
    (22, "storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", "storage.k8s.io/v1"),
    (25, "batch/v1beta1", "CronJob", "batch/v1"),
    (25, "discovery.k8s.io/v1beta1", "EndpointSlice", "discovery.k8s.io/v1"),
    (25, "events.k8s.io/v1beta1", "Event", "events.k8s.io/v1"),
    (25, "autoscaling/v2beta1", "HorizontalPodAutoscaler", "autoscaling/v2"),
    (25, "policy/v1beta1", "PodDisruptionBudget", "policy/v1"),
    (25, "policy/v1beta1", "PodSecurityPolicy", ""),
    (25, "node.k8s.io/v1beta1", "RuntimeClass", "node.k8s.io/v1"),
    (26, "autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"),
    (
        26,
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "FlowSchema PriorityLevelConfiguration",
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    (27, "storage.k8s.io/v1beta1", "CSIStorageCapacity", "storage.k8s.io/v1"),
    (
        29,
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "FlowSchema PriorityLevelConfiguration",
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    (
        32,
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "FlowSchema PriorityLevelConfiguration",
        "flowcontrol.apiserver.k8s.io/v1",
    ),
)


class Removal(NamedTuple):
    """The version whose server no longer knows an API, and the `apiVersion` that replaces it, empty when none does."""

    version: Version
    instead: str


_REMOVALS = {
    (api, kind): Removal(Version(1, minor), instead) for minor, api, kinds, instead in _TABLE for kind in kinds.split()
}


def removal(item: Object) -> Removal | None:
    """When the API of an object was removed; None when it is still served, or was never Kubernetes' own."""
    return _REMOVALS.get((item.identity.api_version, item.kind))
