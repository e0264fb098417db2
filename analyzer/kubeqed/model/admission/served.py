"""Which API versions of a kind a server serves, and what it says of those that it serves with a warning.

Removals up to 1.26 are from https://kubernetes.io/docs/reference/using-api/deprecation-guide/ and the lifecycle markers
of k8s.io/api; later ones are in the tables that were generated from the OpenAPI of each minor version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.admission.nearest import nearest
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.table import served_since, type_of, versions_of
from kubeqed.model.admission.violation import VALUE, Violation
from kubeqed.model.builtin import BUILTIN
from kubeqed.model.cluster import Version
from kubeqed.parse import Mapping, Value

REMOVED = "api-removed"
DEPRECATED = "field-deprecated"

_GONE = {
    "1.16": "apps/v1beta1 apps/v1beta2 extensions/v1beta1/DaemonSet extensions/v1beta1/Deployment"
    " extensions/v1beta1/NetworkPolicy extensions/v1beta1/PodSecurityPolicy extensions/v1beta1/ReplicaSet",
    "1.21": "batch/v2alpha1",
    "1.22": "extensions/v1beta1/Ingress networking.k8s.io/v1beta1/Ingress networking.k8s.io/v1beta1/IngressClass"
    " admissionregistration.k8s.io/v1beta1/MutatingWebhookConfiguration"
    " admissionregistration.k8s.io/v1beta1/ValidatingWebhookConfiguration"
    " apiextensions.k8s.io/v1beta1 apiregistration.k8s.io/v1beta1"
    " authentication.k8s.io/v1beta1/TokenReview authorization.k8s.io/v1beta1"
    " certificates.k8s.io/v1beta1/CertificateSigningRequest coordination.k8s.io/v1beta1/Lease"
    " rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 scheduling.k8s.io/v1beta1"
    " storage.k8s.io/v1beta1/CSIDriver storage.k8s.io/v1beta1/CSINode storage.k8s.io/v1beta1/StorageClass"
    " storage.k8s.io/v1beta1/VolumeAttachment",
    "1.25": "batch/v1beta1/CronJob discovery.k8s.io/v1beta1/EndpointSlice events.k8s.io/v1beta1/Event"
    " autoscaling/v2beta1 policy/v1beta1/PodDisruptionBudget policy/v1beta1/PodSecurityPolicy node.k8s.io/v1beta1",
    "1.26": "autoscaling/v2beta2 flowcontrol.apiserver.k8s.io/v1beta1",
    "1.27": "storage.k8s.io/v1beta1/CSIStorageCapacity",
}
_MOVED = {
    ("extensions", "Ingress"): "networking.k8s.io/v1",
    ("extensions", "NetworkPolicy"): "networking.k8s.io/v1",
    **{("extensions", kind): "apps/v1" for kind in ("DaemonSet", "Deployment", "ReplicaSet")},
    ("policy", "PodSecurityPolicy"): "Pod Security Admission",
    ("extensions", "PodSecurityPolicy"): "Pod Security Admission",
}


_API_VERSIONS = frozenset(
    "v1 apps/v1 batch/v1 autoscaling/v1 autoscaling/v2 networking.k8s.io/v1 discovery.k8s.io/v1 policy/v1"
    " rbac.authorization.k8s.io/v1".split()
)


class Deprecation(NamedTuple):
    """Since which minor version the server warns, and what to use instead."""

    since: int
    instead: str


_DEPRECATED = {
    ("", "v1", "Endpoints"): Deprecation(33, "discovery.k8s.io/v1 EndpointSlice"),
    ("", "v1", "ComponentStatus"): Deprecation(19, ""),
    ("flowcontrol.apiserver.k8s.io", "v1beta2", "FlowSchema"): Deprecation(26, "flowcontrol.apiserver.k8s.io/v1"),
    ("flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema"): Deprecation(29, "flowcontrol.apiserver.k8s.io/v1"),
}


class Removal(NamedTuple):
    """When an API version of a kind stopped to be served, and what replaces it ("" when nothing does)."""

    version: Version
    instead: str


def removal(group: str, version: str, kind: str) -> Removal | None:
    """When servers stopped to serve the kind in that API version; None where they still do, or never did."""
    instead = replacement(group, kind)
    field = type_of(group, version, kind)
    if field is not None:
        return Removal(Version(1, field.until + 1), instead) if field.until < 999 else None
    for minor, names in _GONE.items():
        if {f"{group}/{version}", f"{group}/{version}/{kind}"} & set(names.split()):
            return Removal(Version(1, int(minor.removeprefix("1."))), instead)
    return None


def replacement(group: str, kind: str) -> str:
    """The API version that serves the kind today, "" when none does."""
    if (group, kind) in _MOVED:
        return _MOVED[group, kind]
    newest = {version: field for version, field in versions_of(group, kind).items() if field.until == 999}
    best = next((name for name in ("v2", "v1") if name in newest), max(newest, default=""))
    return f"{group}/{best}" if group and best else best


def not_served(group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    """What a server says of an API that it does not serve; silent about groups that are not Kubernetes' own."""
    if not any(known == group for known, _ in BUILTIN):
        return
    gone = removal(group, version, kind)
    api = f"{group}/{version}" if group else version
    if gone is not None and gone.version <= server.version:
        use = f"; use {gone.instead}" if gone.instead else ""
        yield Violation(REMOVED, "apiVersion", f"is of {api}, which Kubernetes {gone.version} removed{use}")
        return
    served = type_of(group, version, kind)
    if served is not None:
        yield Violation(
            VALUE, "apiVersion", f"is of {api}, which serves {kind} only from Kubernetes 1.{served.since} on"
        )
        return
    others = [name for name, field in versions_of(group, kind).items() if field.is_known_to(server.version)]
    if others:
        yield Violation(VALUE, "apiVersion", f"is of {api}, but {kind} is served as {_listed(group, others)}")
        return
    meant = nearest(kind, (name for known, name in BUILTIN if known == group))
    hint = f" (nearest: {meant})" if meant else ""
    yield Violation(VALUE, "kind", f"is of a kind that {api} does not have{hint}", suggestion=meant)


def served_with_warning(node: Node, group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    """What the server says of a deprecated API."""
    known = _DEPRECATED.get((group, version, kind))
    if known is not None and server.version >= (1, max(known.since, served_since())):
        use = f"; use {known.instead}" if known.instead else ""
        what = f"is of a kind that is deprecated since Kubernetes 1.{known.since}{use}"
        yield Violation(DEPRECATED, node["apiVersion"].path, what, Certainty.POSTURE)


def _listed(group: str, versions: list[str]) -> str:
    return ", ".join(sorted(f"{group}/{version}" if group else version for version in versions))


def untyped(root: Value) -> str | None:
    """What the server says of a document that has the kind of an object and no API version, or the reverse.

    None for any other document: most YAML is no manifest. Only names that Kubernetes itself uses are recognised.
    """
    if not isinstance(root, Mapping) or root.open or not isinstance(root.get("metadata"), Mapping):
        return None
    kind, version = root.get("kind"), root.get("apiVersion")
    if isinstance(kind, str) and version is None and any(kind == known for _, known in BUILTIN):
        return f"a {kind} without apiVersion, which the server cannot read"
    if isinstance(version, str) and kind is None and version in _API_VERSIONS:
        return f"an object of {version} without kind, which the server cannot read"
    return None
