"""ReplicationController, as pkg/apis/core/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import (
    refuse_negative,
    require_always_restart,
    require_plain_match,
    validate_template,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import warn_of_pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, required
from kubeqed.model.values.known import equals


def validate_replicationcontroller(root: Node, server: Server) -> Iterator[Violation]:
    """A ReplicationController; without a selector it takes the labels of its template."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    yield from warn_of_pod_name(root)
    yield from refuse_negative(spec, "replicas", "minReadySeconds")
    if spec["template"].absent:
        yield required(spec["template"])
        return
    if equals(spec["selector"].length, 0) and equals(spec["template"]["metadata"]["labels"].length, 0):
        yield required(spec["selector"])
    yield from require_plain_match(spec)
    yield from validate_template(spec["template"], server)
    yield from require_always_restart(spec["template"])


KINDS = {("", "v1", "ReplicationController"): validate_replicationcontroller}
