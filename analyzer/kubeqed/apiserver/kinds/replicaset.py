"""ReplicaSet, as pkg/apis/apps/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import (
    is_selector,
    refuse_negative,
    require_always_restart,
    validate_selector_of_template,
    validate_template,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import warn_of_pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation


def validate_replicaset(root: Node, server: Server) -> Iterator[Violation]:
    """A ReplicaSet."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    yield from warn_of_pod_name(root)
    yield from refuse_negative(spec, "replicas", "minReadySeconds")
    yield from validate_selector_of_template(spec, kind="ReplicaSet")
    if is_selector(spec["selector"]):
        yield from validate_template(spec["template"], server)
        yield from require_always_restart(spec["template"])


KINDS = {("apps", "v1", "ReplicaSet"): validate_replicaset}
