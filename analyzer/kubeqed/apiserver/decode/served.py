"""Which API versions of a kind a server serves, and what it says of those that it serves with a warning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.apiserver.decode.nearest import find_nearest_field
from kubeqed.apiserver.decode.removed import find_removal
from kubeqed.apiserver.decode.table import served_since, type_of, versions_of
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation
from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.values.stand_in import is_marked, is_word

# OpenShift 3 served these in v1 without a group.
_OPENSHIFT = frozenset(
    "AppliedClusterResourceQuota Build BuildConfig BuildRequest ClusterNetwork ClusterPolicy ClusterPolicyBinding"
    " ClusterResourceQuota ClusterRole ClusterRoleBinding DeploymentConfig DeploymentConfigRollback EgressNetworkPolicy Group"
    " HostSubnet Identity Image ImageSignature ImageStream ImageStreamImage ImageStreamImport ImageStreamMapping ImageStreamTag"
    " LocalResourceAccessReview LocalSubjectAccessReview NetNamespace OAuthAccessToken OAuthAuthorizeToken OAuthClient"
    " OAuthClientAuthorization PodSecurityPolicyReview PodSecurityPolicySelfSubjectReview PodSecurityPolicySubjectReview Policy"
    " PolicyBinding ProcessedTemplate Project ProjectRequest ResourceAccessReview Role RoleBinding RoleBindingRestriction Route"
    " SecurityContextConstraints SelfSubjectRulesReview SubjectAccessReview SubjectRulesReview Template User"
    " UserIdentityMapping".split()
)
_KUSTOMIZE = "builtin"  # transformers and generators, which only kustomize reads


class Deprecation(NamedTuple):
    """Since which minor version the server warns, and what to use instead."""

    since: int
    instead: str


_FLOW = "FlowSchema PriorityLevelConfiguration"
_POLICY = "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"
_MUTATING = "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"
_CLAIMS = "DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice"

# APILifecycleDeprecated and APILifecycleReplacement of k8s.io/api, for what servers from 1.27 on can serve.
_TABLE = (
    (19, "v1", "ComponentStatus", ""),
    (26, "flowcontrol.apiserver.k8s.io/v1beta2", _FLOW, "flowcontrol.apiserver.k8s.io/v1beta3"),
    (29, "flowcontrol.apiserver.k8s.io/v1beta3", _FLOW, "flowcontrol.apiserver.k8s.io/v1"),
    (29, "admissionregistration.k8s.io/v1alpha1", _POLICY, ""),
    (30, "networking.k8s.io/v1alpha1", "IPAddress ServiceCIDR", ""),
    (31, "admissionregistration.k8s.io/v1beta1", _POLICY, ""),
    (32, "storage.k8s.io/v1alpha1", "VolumeAttributesClass", "storage.k8s.io/v1"),
    (33, "v1", "Endpoints", "discovery.k8s.io/v1 EndpointSlice"),
    (33, "storagemigration.k8s.io/v1alpha1", "StorageVersionMigration", ""),
    (34, "certificates.k8s.io/v1alpha1", "ClusterTrustBundle", ""),
    (34, "networking.k8s.io/v1beta1", "IPAddress ServiceCIDR", ""),
    (34, "storage.k8s.io/v1beta1", "VolumeAttributesClass", "storage.k8s.io/v1"),
    (35, "admissionregistration.k8s.io/v1alpha1", _MUTATING, ""),
    (35, "coordination.k8s.io/v1alpha2", "LeaseCandidate", ""),
    (35, "resource.k8s.io/v1beta1", _CLAIMS, ""),
    (36, "coordination.k8s.io/v1beta1", "LeaseCandidate", ""),
    (36, "resource.k8s.io/v1alpha3", "DeviceTaintRule", ""),
    (36, "resource.k8s.io/v1beta2", _CLAIMS, ""),
)
_DEPRECATED = {
    (api, kind): Deprecation(since, instead) for since, api, kinds, instead in _TABLE for kind in kinds.split()
}


def report_unserved(group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    """What a server says of an API that it does not serve; silent about groups that are not Kubernetes' own."""
    if (
        is_marked(version)
        or is_word(version)
        or not any(known == group for known, _ in BUILTIN)
        or (not group and (kind in _OPENSHIFT or version == _KUSTOMIZE))
    ):
        return
    gone = find_removal(group, version, kind)
    api = f"{group}/{version}" if group else version
    if gone is not None:
        if gone.version <= server.version:  # an older server serves it, though its fields may be in no table
            use = f"; use {gone.instead}" if gone.instead else ""
            yield Violation(
                Reason.API_REMOVED, "apiVersion", f"is of {api}, which Kubernetes {gone.version} removed{use}"
            )
        return
    served = type_of(group, version, kind)
    if served is not None:
        yield Violation(
            Reason.VALUE, "apiVersion", f"is of {api}, which serves {kind} only from Kubernetes 1.{served.since} on"
        )
        return
    others = [name for name, field in versions_of(group, kind).items() if field.is_known_to(server.version)]
    if others:
        yield Violation(
            Reason.VALUE, "apiVersion", f"is of {api}, but {kind} is served as {_list_versions(group, others)}"
        )
        return
    meant = find_nearest_field(kind, (name for known, name in BUILTIN if known == group and name != kind))
    hint = f" (nearest: {meant})" if meant else ""
    yield Violation(Reason.VALUE, "kind", f"is of a kind that {api} does not have{hint}", suggestion=meant)


def warn_of_deprecation(node: Node, group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    """What the server says of a deprecated API."""
    known = _DEPRECATED.get((f"{group}/{version}" if group else version, kind))
    if known is not None and server.version >= (1, max(known.since, served_since())):
        use = f"; use {known.instead}" if known.instead else ""
        what = f"is of a kind that is deprecated since Kubernetes 1.{known.since}{use}"
        yield Violation(Reason.FIELD_DEPRECATED, node["apiVersion"].path, what, Certainty.POSTURE)


def _list_versions(group: str, versions: list[str]) -> str:
    return ", ".join(sorted(f"{group}/{version}" if group else version for version in versions))
