"""What of a pod is deprecated, or no longer has an effect: volumes, annotations, labels of nodes."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.names import label_value
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.annotations import APPARMOR_CONTAINER, SECCOMP_CONTAINER, SECCOMP_POD
from kubeqed.apiserver.pod.walk import all_containers
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, warn
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or

_VOLUMES = {
    "photonPersistentDisk": "deprecated in 1.11, without effect since 1.16",
    "scaleIO": "deprecated in 1.16, without effect since 1.22",
    "flocker": "deprecated in 1.22, without effect since 1.25",
    "storageos": "deprecated in 1.22, without effect since 1.25",
    "quobyte": "deprecated in 1.22, without effect since 1.25",
    "glusterfs": "deprecated in 1.25, without effect since 1.26",
    "cephfs": "deprecated in 1.28, without effect since 1.31",
    "rbd": "deprecated in 1.28, without effect since 1.31",
    "gitRepo": "deprecated in 1.11, disabled by default since 1.33",
}
_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": "without effect since 1.16: priorityClassName does it",
    "security.alpha.kubernetes.io/sysctls": "without effect since 1.11: sysctls does it",
    "security.alpha.kubernetes.io/unsafe-sysctls": "without effect since 1.11: sysctls does it",
}
_NODE_LABELS = {
    "beta.kubernetes.io/arch": "deprecated since 1.14: use kubernetes.io/arch",
    "beta.kubernetes.io/os": "deprecated since 1.14: use kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region": "deprecated since 1.17: use topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone": "deprecated since 1.17: use topology.kubernetes.io/zone",
    "beta.kubernetes.io/instance-type": "deprecated since 1.17: use node.kubernetes.io/instance-type",
    "app.kubernetes.io/created-by": "deprecated since 1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since 1.22: use taints and tolerations",
    "node-role.kubernetes.io/master": "no longer set: use node-role.kubernetes.io/control-plane",
}


def warn_of_deprecated_fields(template: Node, server: Server) -> Iterator[Violation]:
    """Everything deprecated in a Pod or a template."""
    spec, annotations = template["spec"], template["metadata"]["annotations"]
    for key, what in _ANNOTATIONS.items():
        if annotations[key].present:
            yield warn(annotations[key], f"is {what}", Reason.FIELD_DEPRECATED)
    for volume in spec["volumes"].items():
        for key, what in _VOLUMES.items():
            if volume[key].present:
                yield warn(volume[key], f"is {what}", Reason.FIELD_DEPRECATED)
    yield from _node_labels(spec)
    if annotations.filled:
        yield from _warn_of_seccomp(spec, annotations)
        if server.version >= (1, 30):
            yield from _warn_of_apparmor(spec, annotations, is_pod=template.parent is None)


def _node_labels(spec: Node) -> Iterator[Violation]:
    for key, entry in spec["nodeSelector"].entries():
        if key in _NODE_LABELS:
            yield warn(entry, f"is {_NODE_LABELS[key]}", Reason.FIELD_DEPRECATED)
    affinity = spec["affinity"]["nodeAffinity"]
    for term in affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"].items():
        yield from _warn_of_term(term)
    for preferred in affinity["preferredDuringSchedulingIgnoredDuringExecution"].items():
        yield from _warn_of_term(preferred["preference"])
        for expression in preferred["preference"]["matchExpressions"].items():
            for value in expression["values"].items():
                for why in label_value(known_or(value.text, "")):
                    yield warn(value, f"{why}, or it matches no node", Reason.FIELD_IGNORED, Certainty.LIKELY)
    for constraint in spec["topologySpreadConstraints"].items():
        yield from _warn_of_label(constraint["topologyKey"])


def _warn_of_term(term: Node) -> Iterator[Violation]:
    for expression in term["matchExpressions"].items():
        yield from _warn_of_label(expression["key"])


def _warn_of_label(node: Node) -> Iterator[Violation]:
    if is_one_of(node.text, _NODE_LABELS):
        yield warn(node, f"is {_NODE_LABELS[node.text]}", Reason.FIELD_DEPRECATED)


def _warn_of_seccomp(spec: Node, annotations: Node) -> Iterator[Violation]:
    what = "is without effect since 1.27: seccompProfile does it"
    if annotations[SECCOMP_POD].present and spec["securityContext"]["seccompProfile"].absent:
        yield warn(annotations[SECCOMP_POD], what, Reason.FIELD_DEPRECATED)
    for container in all_containers(spec):
        annotation = annotations[SECCOMP_CONTAINER + known_or(container["name"].text, "")]
        if annotation.present and container["securityContext"]["seccompProfile"].absent:
            yield warn(annotation, what, Reason.FIELD_DEPRECATED)


def _warn_of_apparmor(spec: Node, annotations: Node, *, is_pod: bool) -> Iterator[Violation]:
    if is_pod and equals(spec["os"]["name"].text, "windows"):
        return
    of_pod = spec["securityContext"]["appArmorProfile"]
    for container in all_containers(spec):
        annotation = annotations[APPARMOR_CONTAINER + known_or(container["name"].text, "")]
        if not annotation.present or not container["securityContext"]["appArmorProfile"].absent:
            continue
        if is_known(annotation.text) and not _says_the_same(of_pod, annotation.text):
            yield warn(annotation, "is deprecated since 1.30: appArmorProfile does it", Reason.FIELD_DEPRECATED)


def _says_the_same(profile: Node, annotation: str) -> bool:
    """Whether the profile of the pod, if it has one, may be what the annotation says."""
    kind, local = profile["type"].text, profile["localhostProfile"].text
    words = {"runtime/default": "RuntimeDefault", "unconfined": "Unconfined"}
    if annotation in words:
        return not is_known(kind) or kind == words[annotation]
    return (not is_known(kind) or kind == "Localhost") and is_set(local) and annotation == f"localhost/{local}"
