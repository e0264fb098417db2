"""ReplicaSet, as pkg/apis/apps/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import always_restarting, is_selector, not_negative, selecting, template
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation


def replicaset(root: Node, server: Server) -> Iterator[Violation]:
    """A ReplicaSet."""
    spec = root["spec"]
    yield from metadata(root, dns_subdomain)
    yield from pod_name(root)
    yield from not_negative(spec, "replicas", "minReadySeconds")
    yield from selecting(spec, kind="ReplicaSet")
    if is_selector(spec["selector"]):
        yield from template(spec["template"], server)
        yield from always_restarting(spec["template"])


KINDS = {("apps", "v1", "ReplicaSet"): replicaset}
