"""API versions that servers stopped to serve, with what replaces them.

Removals up to 1.27 stand here, later ones in the tables that were generated from the OpenAPI of each minor version.
https://kubernetes.io/docs/reference/using-api/deprecation-guide/
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.apiserver.decode.table import FOREVER, type_of, versions_of
from kubeqed.model.cluster import KubernetesVersion

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
    (
        22,
        "authorization.k8s.io/v1beta1",
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
        "authorization.k8s.io/v1",
    ),
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
)


class Removal(NamedTuple):
    """The version whose server no longer knows an API, and the `apiVersion` that replaces it, empty when none does."""

    version: KubernetesVersion
    instead: str


_REMOVALS = {
    (api, kind): Removal(KubernetesVersion(1, minor), instead)
    for minor, api, kinds, instead in _TABLE
    for kind in kinds.split()
}


def find_removal(group: str, version: str, kind: str) -> Removal | None:
    """When servers stopped to serve the kind in that API version; None where they still do, or never did."""
    field = type_of(group, version, kind)
    if field is None:
        return _REMOVALS.get((f"{group}/{version}", kind))
    return (
        Removal(KubernetesVersion(1, field.until + 1), _find_replacement(group, kind))
        if field.until < FOREVER
        else None
    )


def _find_replacement(group: str, kind: str) -> str:
    """The API version that serves the kind today, "" when none does."""
    newest = [version for version, field in versions_of(group, kind).items() if field.until == FOREVER]
    best = next((name for name in ("v2", "v1") if name in newest), max(newest, default=""))
    return f"{group}/{best}" if group and best else best
